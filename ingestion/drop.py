"""Which files are offered, and whether any of them is new. Standard library only: this decides "nothing new" in a second.

What is remembered between runs, one small JSON per table in `<profile>/input/`, can be deleted at any time: it only saves
work. It holds the files of the last input with what became of them, so that a file that was refused is not read again,
and so that a source stays blocked exactly as long as the last input has a rejected file of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ingestion import atomic, lake, landing
from ingestion.errors import TerminalError
from ingestion.settings import Home

SAMPLE_MARKER = "ACPGVC-SAMPLE.txt"
UNKNOWN = "unknown"  # name of the record of files that no source claims
NO_ROWS = {
    "atomic.py", "budget.py", "comtrade_calls.py", "drop.py", "errors.py", "fetch.py", "http.py", "journal.py", "landing.py",
    "landing_tables.py", "observe.py", "paged.py", "planner.py", "prune.py", "revisions.py", "row_changes.py", "settings.py",
    "spool.py",
}  # fmt: skip
PACKAGE = Path(__file__).parent


@dataclass(frozen=True)
class Offer:
    """Bytes offered to the landing zone, by a folder or by a download. Equal bytes are one offer with several names."""

    path: Path
    names: tuple[str, ...]
    sha256: str
    size_bytes: int
    request: Mapping[str, Any] = field(default_factory=dict)  # set by a download; a dropped file is described by its names
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.names[0]

    def described(self) -> dict[str, Any]:
        """The `request` of the receipt."""
        if self.request:
            return dict(self.request)
        return {"kind": "drop", "name": self.name} | ({"also": list(self.names[1:])} if len(self.names) > 1 else {})


def walk(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """(file, name to show) of all regular files, folders read to the bottom, in a fixed order; hidden ones are skipped.

    Raises:
        TerminalError: a path does not exist.
    """
    found: dict[Path, str] = {}
    for given in paths:
        path = Path(given)
        if path.is_file():
            found.setdefault(path.resolve(), path.name)
        elif path.is_dir():
            for file in sorted(path.rglob("*")):
                inner = file.relative_to(path)
                if file.is_file() and not any(part.startswith(".") for part in inner.parts) and file.name != SAMPLE_MARKER:
                    found.setdefault(file.resolve(), inner.as_posix())
        else:
            raise TerminalError(f"{path}: expected a file or folder, found nothing there. Remedy: check the path given to --drop")
    return list(found.items())


def check_marker(home: Home, paths: Iterable[Path]) -> None:
    """Refuse a folder that is marked as sample in a profile that is not.

    Raises:
        TerminalError: with the way out.
    """
    if home.profile == "sample":
        return
    for path in map(Path, paths):
        folder = path if path.is_dir() else path.parent
        marker = next(iter(sorted(folder.rglob(SAMPLE_MARKER))), None) if path.is_dir() else folder / SAMPLE_MARKER
        if marker and marker.is_file():
            raise TerminalError(
                f"{path}: expected real data for the {home.profile} profile, found {SAMPLE_MARKER} in it (invented data). "
                "Remedy: drop another folder, or run the sample with `acpgvc run`"
            )


def offers(home: Home, paths: Iterable[Path]) -> list[Offer]:
    """All distinct files of a drop, sorted by sha256: the order of names must not decide anything.

    Raises:
        TerminalError: a path is missing, or its files are of the other profile's origin.
    """
    paths = list(paths)
    check_marker(home, paths)
    names: dict[str, list[str]] = {}
    first: dict[str, Path] = {}
    for path, name in walk(paths):
        sha256 = atomic.sha256_of(path)
        names.setdefault(sha256, []).append(name)
        first.setdefault(sha256, path)
    landing.check_not_elsewhere(home, [(s, n[0]) for s, n in names.items()])
    return [Offer(first[s], tuple(sorted(names[s])), s, first[s].stat().st_size) for s in sorted(names)]


@cache
def parser_version(source: str) -> str:
    """Version of the code that turns this source's bytes into rows: when it changes, landed files are parsed again."""
    own = {PACKAGE / "sources" / f"{source}.py", PACKAGE / "schemas" / f"{source}.py"}
    shared = {
        p
        for p in PACKAGE.rglob("*.py")
        if p.relative_to(PACKAGE).parts[0] not in ("sources", "schemas", "sample") and p.name not in NO_ROWS
    }
    return _hash_files(shared | {p for p in own if p.is_file()})


@cache
def recogniser_version() -> str:
    """Version of all code that could claim a file that nobody claimed."""
    return _hash_files({p for p in PACKAGE.rglob("*.py") if p.relative_to(PACKAGE).parts[0] != "sample" and p.name not in NO_ROWS})


def _hash_files(paths: set[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(PACKAGE).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@dataclass
class InputRecord:
    """What became of the files of one table's last input (`current`), and of earlier ones that were not accepted."""

    digest: str = ""  # over the sha256 of the files of the last input
    started_at: str = ""  # UTC; an input that was killed and is run again keeps it
    finished: bool = False
    version: str = ""  # of the code that judged
    files: dict[str, dict[str, Any]] = field(default_factory=dict)  # sha256 -> {names, status, problem, current}

    @classmethod
    def read(cls, home: Home, name: str) -> InputRecord:
        """The record, or an empty one when it is absent or damaged."""
        try:
            return cls(**json.loads((home.folder / "input" / f"{name}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return cls()

    def write(self, home: Home, name: str) -> None:
        content = json.dumps(self.__dict__, ensure_ascii=False, indent=1, sort_keys=True)
        atomic.write_bytes(home.folder / "input" / f"{name}.json", (content + "\n").encode())

    def rejected(self) -> dict[str, str]:
        """sha256 -> problem of the rejected files of the last input."""
        return {s: f["problem"] for s, f in sorted(self.files.items()) if f["current"] and f["status"] == "rejected"}

    def judged(self, version: str) -> set[str]:
        """Files that this version of the code has refused, rejected or not known."""
        return set(self.files) if self.finished and self.version == version else set()


@dataclass(frozen=True)
class KnownState:
    """Why there is something to do. `nothing_new` is true when all lists are empty."""

    files: int
    new: list[str]  # names of files that are not landed and were not judged by this code
    gone: list[str]  # rejected files of the last input that this input no longer has
    stale: list[str]  # landed files that an older parser read, as 'table sha12'
    missing: list[str]  # landed files whose lake parts are gone, as 'table sha12'

    @property
    def nothing_new(self) -> bool:
        return not (self.new or self.gone or self.stale or self.missing)


def known_state(home: Home, paths: Iterable[Path] | None) -> KnownState:
    """Say, without parsing anything, whether an input would change the landing zone or the lake.

    `paths` None: no input, only the landing zone and the lake are looked at.

    Raises:
        TerminalError: as `offers` and `landing.check_origin`.
    """
    receipts = landing.receipts(home)
    landing.check_origin(home, receipts)
    stale = [r for r in receipts if r.parser != parser_version(r.source)]
    missing = lake.missing_parts(home, receipts)
    names = [p.stem for p in sorted((home.folder / "input").glob("*.json"))]
    records = {name: InputRecord.read(home, name) for name in names}
    known = {r.sha256 for r in receipts}
    for name, record in records.items():
        known |= record.judged(recogniser_version() if name == UNKNOWN else parser_version(source_of(name)))
    offered = [] if paths is None else offers(home, paths)
    have = {o.sha256 for o in offered}
    gone = [] if paths is None else [f"{n} {s[:12]}" for n, r in records.items() for s in r.rejected() if s not in have]
    return KnownState(
        files=len(offered),
        new=[o.name for o in offered if o.sha256 not in known],
        gone=gone,
        stale=[f"{r.table} {r.sha256[:12]}" for r in stale],
        missing=[f"{r.table} {r.sha256[:12]}" for r in missing],
    )


def source_of(table: str) -> str:
    """'raw_comtrade__data' -> 'comtrade'."""
    return table.removeprefix("raw_").split("__")[0]
