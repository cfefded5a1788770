"""Put a candidate in its place and switch LATEST. After a kill at any point readers see the old release or the new one."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from ingestion.settings import Home
from orchestration.release import CANDIDATE_PREFIX, LATEST, LATEST_JSON, RELEASE_JSON, ReleaseError
from orchestration.release.verify import verify_release


def publish(home: Home, candidate: Path) -> Path:
    """Rename `candidate` to `<release>/<release_id>/`, then switch LATEST; returns the release folder.

    A release that exists already under this id is verified and kept: the id is derived from everything that went in, so the
    candidate says the same. A damaged one is replaced.

    Raises:
        ReleaseError: `candidate` does not verify against its own description.
    """
    release_id = candidate.name.removeprefix(CANDIDATE_PREFIX)
    verdict = verify_release(candidate)
    if verdict.faults:
        raise ReleaseError(f"the candidate changed after it was written: {'; '.join(verdict.faults)}. Remedy: run `acpgvc run` again")
    target = home.release / release_id
    if target.exists() and _is_sound(target):
        shutil.rmtree(candidate)
    else:
        for path in candidate.iterdir():
            _fsync(path)
        _fsync(candidate)
        if target.exists():  # damaged: out of the readers' sight first, under a name that the next run clears
            os.rename(target, home.release / f"{CANDIDATE_PREFIX}damaged-{release_id}")
        os.rename(candidate, target)
        _fsync(home.release)
    switch_latest(home, release_id)
    return target


def switch_latest(home: Home, release_id: str) -> None:
    """Point LATEST, then latest.json, at `release_id`. Each is replaced as a whole."""
    facts = json.loads((home.release / release_id / RELEASE_JSON).read_text(encoding="utf-8"))
    keys = ("release_id", "profile", "data_origin", "data_date", "created_at", "inputs_sha256", "code_version", "schema_version")
    _replace(home.release / LATEST, release_id + "\n")
    _replace(home.release / LATEST_JSON, json.dumps({k: facts[k] for k in keys}, indent=2) + "\n")


def _is_sound(folder: Path) -> bool:
    try:
        return not verify_release(folder).faults
    except ReleaseError:
        return False


def _replace(path: Path, text: str) -> None:
    tmp = path.with_name(f".{path.name}.tmp")
    with tmp.open("w", encoding="utf-8") as f:
        f.write(text)
        f.flush()
        os.fsync(f.fileno())
    os.replace(tmp, path)
    _fsync(path.parent)


def _fsync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
