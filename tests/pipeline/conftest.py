"""The pipeline, run once on the sample and once on real files: every test here reads what these two runs left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.finished_run import FinishedRun, finished_run


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FinishedRun]:
    """`acpgvc run` in an empty home. One worker runs all tests that use it (tests/conftest.py)."""
    with finished_run(tmp_path_factory.mktemp("sample") / "home", "sample") as run:
        yield run


@pytest.fixture(scope="session")
def real_run(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FinishedRun]:
    """`acpgvc run --drop` over the folder of official downloads."""
    with finished_run(tmp_path_factory.mktemp("real") / "home", "main", "--drop", str(shared / "data")) as run:
        yield run
