"""One writer a home: a lock file with the pid of its holder. The system drops it with the process, so none goes stale."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ingestion.errors import TerminalError

LOCK_FILE = ".run.lock"
_held: set[Path] = set()


class HomeBusy(TerminalError):
    """Another process writes to this home."""


@contextmanager
def run_lock(root: Path) -> Generator[None]:
    """Hold the home `root` for writing. Nested use within one process is one lock.

    Raises:
        HomeBusy: another process holds it; names its pid.
    """
    root.mkdir(parents=True, exist_ok=True)
    path = (root / LOCK_FILE).resolve()
    if path in _held:
        yield
        return
    with path.open("a+") as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as e:
            f.seek(0)
            raise HomeBusy(f"{root}: process {f.read().strip() or '?'} is writing here. Remedy: wait until it ends, or stop it") from e
        f.seek(0)
        f.truncate()
        f.write(f"{os.getpid()}\n")
        f.flush()
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)
