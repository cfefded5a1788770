"""Give disk space back: old releases, then what neither a kept release nor the current state needs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion import landing
from ingestion.settings import Home
from orchestration.disk import folder_bytes
from orchestration.readers import latest_id
from orchestration.release import CANDIDATE_PREFIX
from orchestration.release.verify import release_folders


@dataclass(frozen=True)
class Removal:
    path: Path
    size_bytes: int
    reason: str


def prune_home(home: Home, keep: int, dry_run: bool) -> Iterator[Removal]:
    """Remove (with `dry_run` only name) what is not needed. Kept: LATEST, the `keep` newest releases, and every landed file
    that they cite or that the next run would read."""
    from ingestion.prune import prune

    newest = release_folders(home)
    kept = [f for i, f in enumerate(newest) if i < keep or f.name == latest_id(home)]
    for folder in newest:
        if folder not in kept:
            yield Removal(folder, folder_bytes(folder), "old release")
            if not dry_run:
                hidden = folder.with_name(f"{CANDIDATE_PREFIX}{folder.name}")  # out of the readers' sight in one step
                os.rename(folder, hidden)
                shutil.rmtree(hidden)
    for p in prune(home, cited(kept), dry_run=dry_run):
        yield Removal(landing.object_path(home, p.table.removeprefix("raw_").split("__")[0], p.sha256, landing.BLOB), p.size_bytes, p.why)


def cited(releases: Iterable[Path]) -> set[str]:
    """sha256 of all files that these releases name in mart_provenance."""
    found = [f / "mart_provenance.parquet" for f in releases]
    return _distinct_sha256([p for p in found if p.is_file()])


def _distinct_sha256(files: Sequence[Path]) -> set[str]:
    if not files:
        return set()
    import duckdb

    with duckdb.connect() as con:
        return {
            r[0] for r in con.execute("SELECT DISTINCT sha256 FROM read_parquet($files)", {"files": [str(f) for f in files]}).fetchall()
        }
