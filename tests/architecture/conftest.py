"""The graph of this checkout, built once for all tests of its shape."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ingestion.settings import Home
from orchestration.build import build_defs
from orchestration.settings import dbt_target


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(Path(tmp_path_factory.mktemp("home")), "sample")


@pytest.fixture(scope="session")
def repository(empty_home: Home) -> Iterator[dg.RepositoryDefinition]:
    """All definitions, over an empty home. dbt reads its project once."""
    with pytest.MonkeyPatch.context() as m:
        m.setenv("ACPGVC_HOME", str(empty_home.root))
        yield build_defs(home=empty_home).get_repository_def()


@pytest.fixture(scope="session")
def manifest(repository: dg.RepositoryDefinition, empty_home: Home) -> dict[str, Any]:
    """dbt's manifest of this checkout."""
    return json.loads((dbt_target(empty_home) / "manifest.json").read_text(encoding="utf-8"))
