"""Are the bytes of a release still those that were published?"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from ingestion.settings import Home
from orchestration.release import DATAPACKAGE, RELEASE_JSON, ReleaseError


@dataclass(frozen=True)
class Verdict:
    """Outcome for one release. `faults` holds one line per fault; none means every byte is as published."""

    release_id: str
    files_checked: int
    bytes_checked: int
    faults: tuple[str, ...]


def verify_release(folder: Path) -> Verdict:
    """Rehash every file of the release at `folder` against `datapackage.json`, and the tables against `release.json` as well.

    Raises:
        ReleaseError: there is no readable `datapackage.json`.
    """
    try:
        resources = json.loads((folder / DATAPACKAGE).read_text(encoding="utf-8"))["resources"]
    except (OSError, ValueError, KeyError) as e:
        raise ReleaseError(
            f"{folder / DATAPACKAGE}: expected the description of a release, found none ({e}). Remedy: run `acpgvc run --force`"
        ) from e
    faults: list[str] = []
    size = 0
    found: dict[str, str] = {}
    for r in resources:
        path = folder / r["path"]
        if not path.is_file():
            faults.append(f"{r['path']}: missing")
            continue
        size += path.stat().st_size
        with path.open("rb") as f:
            found[r["path"]] = hashlib.file_digest(f, "sha256").hexdigest()
        if f"sha256:{found[r['path']]}" != r["hash"]:
            faults.append(
                f"{r['path']}: expected {r['hash'][:19]}…, {r['bytes']} bytes, "
                f"found sha256:{found[r['path']][:12]}…, {path.stat().st_size} bytes"
            )
    known = {r["path"] for r in resources} | {DATAPACKAGE}
    faults += [f"{p.name}: not in {DATAPACKAGE}" for p in sorted(folder.iterdir()) if p.name not in known]
    if not faults:
        tables = json.loads((folder / RELEASE_JSON).read_text(encoding="utf-8"))["tables"]
        faults += [
            f"{t['name']}.parquet: {RELEASE_JSON} names another hash" for t in tables if found.get(f"{t['name']}.parquet") != t["sha256"]
        ]
    return Verdict(folder.name, len(found), size, tuple(faults))


def release_folders(home: Home) -> list[Path]:
    """Published releases of a profile, newest first (by the time in their release.json)."""
    if not home.release.is_dir():
        return []
    folders = [p for p in home.release.iterdir() if p.is_dir() and not p.name.startswith(".")]
    return sorted(folders, key=lambda p: (_created(p), p.name), reverse=True)


def _created(folder: Path) -> str:
    try:
        return str(json.loads((folder / RELEASE_JSON).read_text(encoding="utf-8"))["created_at"])
    except (OSError, ValueError, KeyError):
        return ""
