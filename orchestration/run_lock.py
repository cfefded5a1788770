"""Who works in a home: one process that builds, or any number that download. A lock file with the pids of its holders.

A build reads everything that is landed, so nothing may land beside it. Downloads only add files, each to the tables of its own
source, under locks of their own (`ingestion/ingest.py`, `ingestion/journal.py`); how often and how many at a time call a host is
held by `ingestion/budget.py`. The system drops a lock with its process, so none goes stale.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from ingestion.atomic import is_running
from ingestion.errors import TerminalError

LOCK_FILE = ".run.lock"
DOWNLOAD_JOB = "fetch_"  # how the names of jobs begin that only download
PID_TAG = "acpgvc/pid"  # of a run in Dagster: the process that it runs in
_held: set[Path] = set()


class HomeBusy(TerminalError):
    """Another process writes to this home."""


def is_download(job: str) -> bool:
    """The job adds files of one source and does nothing else, so that it may run beside its like."""
    return job.startswith(DOWNLOAD_JOB)


@contextmanager
def run_lock(root: Path, *, is_shared: bool = False, on_wait: Callable[[str], None] | None = None) -> Generator[None]:
    """Hold the home `root` for writing, alone or with others that share it. Nested use within one process is one lock.

    With `on_wait` a busy home is waited for, and told who is in it.

    Raises:
        HomeBusy: another process holds it, and `on_wait` was not given; names its pid.
    """
    root.mkdir(parents=True, exist_ok=True)
    path = (root / LOCK_FILE).resolve()
    if path in _held:
        yield
        return
    with path.open("a+") as f:
        mode = fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX
        try:
            fcntl.flock(f, mode | fcntl.LOCK_NB)
        except OSError as e:
            f.seek(0)
            pids = [pid for pid in dict.fromkeys(f.read().split()) if int(pid) != os.getpid() and is_running(int(pid))]
            busy = f"{root}: expected no other writer, found process {', '.join(pids) or '?'}"
            if on_wait is None:
                raise HomeBusy(f"{busy}. Remedy: wait until it ends, or stop it") from e
            on_wait(f"{busy}; this run waits until it ends")
            fcntl.flock(f, mode)
        if not is_shared:
            f.truncate(0)
        f.write(f"{os.getpid()}\n")
        f.flush()
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)
