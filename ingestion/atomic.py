"""Files that are either whole or absent: written beside their place, flushed to disk, then renamed."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
import uuid
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

TEMP_PREFIX = ".tmp-"
CHUNK_BYTES = 1 << 20


def temp_beside(target: Path) -> Path:
    """A fresh name in the folder of `target` (a rename across file systems would not be atomic). Readers ignore it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.parent / f"{TEMP_PREFIX}{os.getpid()}-{uuid.uuid4().hex}"


def sync_folder(folder: Path) -> None:
    """Flush the folder's own entry, so that a rename outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def replacing(target: Path) -> Generator[Path]:
    """Yield a temporary path; when the body ends well it becomes `target`, else it is removed."""
    temp = temp_beside(target)
    try:
        yield temp
        with temp.open("rb") as f:
            os.fsync(f.fileno())
        os.replace(temp, target)
        sync_folder(target.parent)
    finally:
        temp.unlink(missing_ok=True)


def write_bytes(target: Path, content: bytes) -> None:
    """Write a small file as a whole."""
    with replacing(target) as temp:
        temp.write_bytes(content)


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file's bytes, read as a stream."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def copy_hashing(source: BinaryIO, target: BinaryIO) -> tuple[str, int]:
    """Copy a stream; return (hex sha256, bytes)."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True) -> Generator[bool]:
    """Hold a lock file. The kernel frees it when the process ends, also by a kill. False: another has it, and `wait` was not asked for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def remove_orphans(folder: Path, older_than_s: float = 3600.0) -> list[Path]:
    """Remove temporary files that a killed writer left below `folder`.

    Only old ones: a younger file may belong to a writer that is alive.
    """
    removed = []
    for path in sorted(folder.rglob(f"{TEMP_PREFIX}*")) if folder.is_dir() else []:
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and time.time() - path.stat().st_mtime >= older_than_s:
                path.unlink()
                removed.append(path)
    return removed
