"""What all tests share: no socket leaves loopback, an empty home, the shared data when it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from ingestion.settings import REPO_ROOT, Home

TESTS = Path(__file__).parent


# Longest first: while one worker runs the pipeline on the sample and the other on real files, nothing short is left for the end.
SLOW_FIRST = ("pipeline", "architecture", "dbt", "unit/orchestration")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests stay with their file (those of `architecture` together: they share dbt's manifest), and the slow ones begin first."""

    def folder(item: pytest.Item) -> str:
        return item.path.parent.relative_to(TESTS).as_posix()

    items.sort(key=lambda i: SLOW_FIRST.index(folder(i)) if folder(i) in SLOW_FIRST else len(SLOW_FIRST))
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group("architecture" if folder(item) == "architecture" else item.path.stem))


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
