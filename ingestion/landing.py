"""The landing zone: bytes as the publishers sent them, content-addressed, each with its receipt beside it.

    landing/<source>/<first two of sha256>/<sha256>.blob | .receipt.json | .rejected.json

There is no central list that could be damaged: the manifest is the set of receipts. The blob comes first, the receipt
last, both by rename, so that a killed or a second writer leaves nothing half done. Knows no rows: those are the lake's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

from ingestion import atomic
from ingestion.errors import TerminalError
from ingestion.receipt import Receipt, Rejection
from ingestion.settings import PROFILES, Home

Record = TypeVar("Record", Receipt, Rejection)
BLOB, RECEIPT, REJECTED = ".blob", ".receipt.json", ".rejected.json"


def object_path(home: Home, source: str, sha256: str, suffix: str) -> Path:
    """Where a blob, receipt or rejection lies."""
    return home.landing / source / sha256[:2] / f"{sha256}{suffix}"


def store_blob(home: Home, source: str, path: Path) -> tuple[str, int]:
    """Copy a file into the landing zone under its own hash; return (sha256, bytes).

    The hash is taken from the bytes that were copied, so a file that changes while it is read lands as what was read.
    """
    folder = home.landing / source
    temp = atomic.temp_beside(folder / "blob")
    try:
        with path.open("rb") as source_file, temp.open("xb") as target:
            sha256, size = atomic.copy_hashing(source_file, target)
        final = object_path(home, source, sha256, BLOB)
        if not (final.is_file() and final.stat().st_size == size):
            with atomic.replacing(final) as beside:
                temp.replace(beside)
    finally:
        temp.unlink(missing_ok=True)
    return sha256, size


def write_receipt(home: Home, receipt: Receipt) -> None:
    """Make a landed file exist to readers; a rejection of the same bytes by older code goes."""
    atomic.write_bytes(object_path(home, receipt.source, receipt.sha256, RECEIPT), receipt.to_json().encode())
    object_path(home, receipt.source, receipt.sha256, REJECTED).unlink(missing_ok=True)


def write_rejection(home: Home, rejection: Rejection) -> None:
    """Record why a landed file is not used; a receipt of the same bytes by older code goes."""
    atomic.write_bytes(object_path(home, rejection.source, rejection.sha256, REJECTED), rejection.to_json().encode())
    object_path(home, rejection.source, rejection.sha256, RECEIPT).unlink(missing_ok=True)


def _objects(home: Home, suffix: str, source: str = "*") -> list[Path]:
    return sorted(home.landing.glob(f"{source}/??/*{suffix}"), key=lambda p: p.name)


def read_receipt(home: Home, source: str, sha256: str) -> Receipt | None:
    path = object_path(home, source, sha256, RECEIPT)
    return _parse(path, Receipt) if path.is_file() else None


def read_rejection(home: Home, source: str, sha256: str) -> Rejection | None:
    path = object_path(home, source, sha256, REJECTED)
    return _parse(path, Rejection) if path.is_file() else None


def _parse(path: Path, kind: type[Record]) -> Record:
    now = path.stat()
    return _parsed(path, kind, (now.st_ino, now.st_mtime_ns, now.st_size))


@lru_cache(maxsize=1 << 15)
def _parsed(path: Path, kind: type[Record], stamp: tuple[int, int, int]) -> Record:
    """A record as it stood at `stamp`: landing a file looks at all records, and they hardly ever change."""
    try:
        return kind.from_json(path.read_text(encoding="utf-8"))
    except (ValueError, TypeError) as e:
        raise TerminalError(f"{path.name}: expected a {kind.__name__.lower()}, found {e}. Remedy: acpgvc doctor") from e


def receipts(home: Home, source: str = "*", table: str | None = None) -> list[Receipt]:
    """All receipts of complete batches, sorted by sha256. A batch that a kill left half written does not exist.

    Raises:
        TerminalError: a receipt cannot be read.
    """
    found = [r for p in _objects(home, RECEIPT, source) if (r := _parse(p, Receipt)) and table in (None, r.table)]
    members: dict[tuple[str, str], int] = {}
    for r in found:
        members[r.table, r.batch] = members.get((r.table, r.batch), 0) + 1
    return [r for r in found if members[r.table, r.batch] >= r.batch_size]


def rejections(home: Home, source: str = "*", table: str | None = None) -> list[Rejection]:
    """All rejections, sorted by sha256."""
    return [r for p in _objects(home, REJECTED, source) if (r := _parse(p, Rejection)) and table in (None, r.table)]


def check_origin(home: Home, found: Iterable[Receipt] | None = None) -> None:
    """Refuse a landing zone that holds sample and real data.

    Raises:
        TerminalError: a receipt is of another origin than the profile.
    """
    for r in receipts(home) if found is None else found:
        if (r.data_origin == "sample") != (home.profile == "sample"):
            raise TerminalError(
                f"{r.table} {r.sha256[:12]}: expected data_origin {home.data_origin!r} in profile {home.profile}, found {r.data_origin!r}. "
                f"Remedy: remove {home.landing} of this profile and run again; sample and real data never share a landing zone"
            )


def check_not_elsewhere(home: Home, sha256s: Iterable[tuple[str, str]]) -> None:
    """Refuse files, as (sha256, name), that the other profile has landed: they are of the other origin.

    Raises:
        TerminalError: with the name of the first such file.
    """
    for profile in (p for p in PROFILES if p != home.profile):
        other = Home(home.root, profile).landing
        folders = [f for f in sorted(other.glob("*")) if f.is_dir()]
        for sha256, name in sha256s:
            if any((f / sha256[:2] / f"{sha256}{RECEIPT}").is_file() for f in folders):
                raise TerminalError(
                    f"{name}: expected a file for the {home.profile} profile, found one that is landed in the {profile} profile. "
                    f"Remedy: run with --profile {profile}, or drop another folder; sample and real data never mix"
                )


@dataclass(frozen=True)
class Rehash:
    """One finding of `rehash`. 'ok', 'damaged' (other bytes than its name says), 'missing' (receipt without blob),
    'no_receipt' (blob that no reader sees), 'rejected' (bytes intact, not in use), 'unreadable' (receipt is no JSON),
    'orphan' (left by a killed writer)."""

    path: Path
    status: Literal["ok", "damaged", "missing", "no_receipt", "rejected", "unreadable", "orphan"]
    found: str = ""


def rehash(home: Home) -> Iterator[Rehash]:
    """Read every blob again and compare its sha256 with its name; list what has no partner."""
    for path in _objects(home, BLOB):
        name = path.name.removesuffix(BLOB)
        has_receipt, has_rejection = (path.with_name(name + s).is_file() for s in (RECEIPT, REJECTED))
        actual = atomic.sha256_of(path)
        if actual != name:
            yield Rehash(path, "damaged", actual)
        else:
            yield Rehash(path, "ok" if has_receipt else "rejected" if has_rejection else "no_receipt")
    for suffix in (RECEIPT, REJECTED):
        for path in _objects(home, suffix):
            if not path.with_name(path.name.removesuffix(suffix) + BLOB).is_file():
                yield Rehash(path, "missing")
            try:
                _parse(path, Receipt) if suffix == RECEIPT else _parse(path, Rejection)
            except TerminalError as e:
                yield Rehash(path, "unreadable", str(e))
    for path in sorted(home.landing.rglob(f"{atomic.TEMP_PREFIX}*")) if home.landing.is_dir() else []:
        yield Rehash(path, "orphan")
