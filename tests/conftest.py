"""What all tests share: no socket leaves loopback, an empty home, the shared data when it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_socket import socket_allow_hosts
from xdist.scheduler import LoadScopeScheduling

from ingestion.settings import REPO_ROOT, Home

TESTS = Path(__file__).parent


# Longest first: while one worker runs the pipeline on the sample the other runs it on real files; what is short fills the end.
SLOW_FIRST = ("pipeline", "architecture", "dbt", "unit/orchestration")
SHARED_FIXTURES = {"pipeline/test_planted_truths.py": "sample", "pipeline/test_sample_run.py": "sample", "architecture": "architecture"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow folders begin first."""
    folders = [item.path.parent.relative_to(TESTS).as_posix() for item in items]
    rank = {item: SLOW_FIRST.index(f) if f in SLOW_FIRST else len(SLOW_FIRST) for item, f in zip(items, folders, strict=True)}
    items.sort(key=rank.__getitem__)


class ByFile(LoadScopeScheduling):
    """A worker runs a whole file, or all files that share a costly fixture, so that it is built once.

    `--dist loadgroup` is meant for this, but xdist 3.8 writes the group where pytest 9.2 no longer reads it.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0].removeprefix("tests/")
        return SHARED_FIXTURES.get(file) or SHARED_FIXTURES.get(file.rsplit("/", 1)[0]) or file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


@pytest.fixture(autouse=True)
def _loopback_only() -> None:
    """A socket that leaves loopback fails the test that opened it."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The `main` profile of an empty `ACPGVC_HOME`."""
    monkeypatch.setenv("ACPGVC_HOME", str(tmp_path / "home"))
    return Home.of("main")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real downloads and facts beside the repository; tests that need it skip when it is absent."""
    folder = REPO_ROOT.parent / "shared"
    if not (folder / "README.md").is_file():
        pytest.skip("needs the folder ../shared with official downloads beside the repository; it is not part of it")
    return folder
