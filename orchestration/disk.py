"""Is there room? Asked before work starts, not found out in the middle of it."""

from __future__ import annotations

import shutil
from pathlib import Path

GB = 1_000_000_000


class NoRoom(Exception):
    """The disk is too full for the work ahead."""


def free_bytes(path: Path) -> int:
    """Free bytes on the disk of `path`, which need not exist yet."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


def require_free(path: Path, needed_bytes: int, work: str) -> int:
    """Free bytes on the disk of `path`.

    Raises:
        NoRoom: fewer than `needed_bytes` are free; `work` says what they are for.
    """
    free = free_bytes(path)
    if free < needed_bytes:
        raise NoRoom(
            f"not enough disk space to {work}: expected {human_bytes(needed_bytes)} free at {path}, found {human_bytes(free)}. "
            "Remedy: free some (`acpgvc prune --dry-run` shows what old releases hold) or set ACPGVC_HOME to a larger disk"
        )
    return free


def human_bytes(n: int) -> str:
    """'512 B', '3.4 MB', '1.2 GB' (powers of 1000)."""
    size = float(n)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below `folder`; 0 when it does not exist."""
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) if folder.exists() else 0
