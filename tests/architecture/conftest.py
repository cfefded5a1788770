"""The graph of this checkout, built once for all tests of its shape."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from ingestion.settings import Home
from orchestration.build import build_defs


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.RepositoryDefinition]:
    """All definitions, over an empty home. dbt reads its project once."""
    home = Path(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as m:
        m.setenv("ACPGVC_HOME", str(home))
        yield build_defs(home=Home(home, "sample")).get_repository_def()
