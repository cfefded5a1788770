"""First contact with a source: keep what comes as it is, say how it differs from what is declared, publish nothing.

<profile>/observed/<source>/<sha256>.body | .json     every answer, and what was asked
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingestion import atomic, content
from ingestion.errors import IngestionError, TerminalError, TransientError
from ingestion.fetch import check_can_fetch, described, tasks_of
from ingestion.http import Answer, Client
from ingestion.ingest import Progress
from ingestion.settings import Home
from ingestion.sniff import Sniff
from ingestion.spec import Request, SourceSpec
from ingestion.spool import Spool

SHOWN = 5  # examples of rows that do not fit
ROWS_LOOKED_AT = 1000  # of a JSON answer, for its names
HEADER_BYTES = 1 << 16


@dataclass(frozen=True)
class Observation:
    """One answer against the declaration. `differences` is empty when it is what was declared."""

    note: str
    path: Path
    layout: str
    rows: int | None
    differences: list[str] = field(default_factory=list)


def observe(home: Home, spec: SourceSpec, args: Mapping[str, str], on_progress: Progress) -> tuple[list[Observation], str]:
    """Ask what a fetch would ask, and look. Returns what was seen, and the error that ended it, '' when none did.

    Raises:
        TransientError, BudgetSpent, TerminalError: nothing came at all.
    """
    check_can_fetch(home, spec)
    folder = home.folder / "observed" / spec.name
    client = Client(spec, home.root / "budget", say=on_progress)
    spool = Spool(home, client, lambda request: on_progress(f"observing {request.note}"))
    came: list[tuple[Request, Answer]] = []

    def ask(request: Request, token: str = "") -> Answer:
        answer = spool.ask(request)
        came.append((request, _kept(folder, spool.client, request, answer)))
        return answer

    data: list[Request] = []
    ended = ""
    try:
        for task in tasks_of(spec, args, ask, lambda slices: slices):
            data += [r for r, _ in task.run(ask).answers]
    except (TransientError, TerminalError) as e:
        if not came:
            raise
        ended = str(e)
    finally:
        spool.close()
    looked_at = [(r, a) for r, a in came if r in data] or came[-1:]
    return [_compared(spec, r, a) for r, a in looked_at], ended


def _kept(folder: Path, client: Client, request: Request, answer: Answer) -> Answer:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{answer.sha256}.body"
    with atomic.replacing(path) as temp:
        shutil.copyfile(answer.path, temp)
    about = {"request": described(client, request, answer), "headers": dict(answer.headers), "size_bytes": answer.size_bytes}
    atomic.write_bytes(path.with_suffix(".json"), (json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
    return Answer(path, answer.sha256, answer.size_bytes, answer.url, answer.headers)


def _compared(spec: SourceSpec, request: Request, answer: Answer) -> Observation:
    name, layout, rows = request.note or answer.url, "", None
    differences: list[str] = []
    try:
        found = names_in(answer.path)
        recognition = spec.recognise(Sniff(answer.path, name))
        if recognition is None or recognition.refused:
            why = recognition.refused if recognition else f"none of the layouts {', '.join(spec.layouts)}"
            return Observation(name, answer.path, "", None, [f"not recognised: {why}; names found: {', '.join(found[:60])}"])
        layout = recognition.layout
        declared = spec.wire_fields.get(layout)
        differences += _names(declared if declared is None or isinstance(declared, tuple) else declared(request), found)
        rows, faults = _rows(spec, name, answer.path, recognition)
        differences += faults
    except IngestionError as e:
        differences.append(str(e))
    return Observation(name, answer.path, layout, rows, differences)


def _names(declared: tuple[str, ...] | None, found: list[str]) -> list[str]:
    if declared is None:
        return [f"no list of names is declared for this layout; found: {', '.join(found)}"]
    new = [n for n in found if n not in declared]
    gone = [n for n in declared if n not in found]
    said = [f"{what}: {', '.join(names)}" for what, names in (("new", new), ("missing", gone)) if names]
    common = [n for n in found if n in declared]
    if common != [n for n in declared if n in found]:
        said.append(f"another order: {', '.join(common)}")
    return said


def _rows(spec: SourceSpec, name: str, path: Path, recognition: Any) -> tuple[int, list[str]]:
    """Rows read, and what does not fit the declared types and ranges."""
    from ingestion.validate import validate

    rows, faults = 0, []
    for parsed in spec.pieces(path, recognition) if spec.pieces else (spec.parse(path, recognition),):
        valid = validate(spec, name, parsed)
        rows += parsed.rows_read
        faults += [
            f"row {b['_row']}, {b['column']}: expected {b['expected']}, found {b['found']}" for b in valid.bad.head(SHOWN).to_dicts()
        ]
        faults += [f"{valid.rows_bad} of {parsed.rows_read} rows do not fit"] if valid.rows_bad else []
    return rows, faults


def names_in(path: Path) -> list[str]:
    """Names on the wire, in order: keys of a JSON answer's rows (nested ones as a.b), or the header of a CSV, also packed (of a zip: the
    largest). Of XML the attributes in capitals, sorted: their order says nothing."""
    with path.open("rb") as f:
        head = f.read(HEADER_BYTES)
    if head.startswith(b"\x1f\x8b"):
        with gzip.open(path) as f:
            head = f.read(HEADER_BYTES)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start in (b"{", b"["):
        rows = max(_lists(content.read_json(path, path.name)), key=len, default=[])
        names = list(dict.fromkeys(name for r in rows[:ROWS_LOOKED_AT] for name in _keys(r)))
        return [n for n in names if not any(inner.startswith(f"{n}.") for inner in names)]  # an empty list has no names inside
    if start == b"<":
        return sorted(set(re.findall(r"\s([A-Z_]+)=", head.decode(errors="replace"))))
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as z:
            largest = max(z.infolist(), key=lambda i: i.file_size)
            with z.open(largest) as member:
                head = member.read(HEADER_BYTES)
    return next(csv.reader(io.StringIO(head.decode("utf-8-sig", errors="replace"))), [])


def _lists(value: Any, depth: int = 4) -> list[list[dict[str, Any]]]:
    """All lists of objects in a document."""
    if depth == 0 or not isinstance(value, dict | list):
        return []
    inner = [found for v in (value.values() if isinstance(value, dict) else value[:20]) for found in _lists(v, depth - 1)]
    return ([value] if isinstance(value, list) and value and all(isinstance(v, dict) for v in value) else []) + inner


def _keys(row: Mapping[str, Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for key, value in row.items():
        inner = value[0] if isinstance(value, list) and value else value
        found += _keys(inner, f"{prefix}{key}.") if isinstance(inner, dict) else [f"{prefix}{key}"]
    return found
