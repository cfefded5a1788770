"""The one way into the lake, for dropped and for fetched files alike.

recognise -> store the bytes -> parse -> schema and key -> compare with what it replaces -> lake parts -> receipt, last.
Files of one batch (pages of one answer) are accepted together or not at all. Running it again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion import atomic, drop, lake, landing
from ingestion.accept import Member, accept_or_reject, batch_of, outcome, read_file, reject, write_file
from ingestion.drop import InputRecord, KnownState, Offer, known_state
from ingestion.errors import BadFile, TerminalError
from ingestion.landing_tables import write_landing_tables
from ingestion.receipt import Receipt
from ingestion.recognise import Claim, claim_of
from ingestion.registry import all_sources
from ingestion.report import FileOutcome, IngestReport, Status, TableSummary
from ingestion.settings import Home
from ingestion.sniff import Sniff
from ingestion.spec import SourceSpec

__all__ = ["IngestReport", "KnownState", "ingest_files", "ingest_offers", "ingest_table", "known_state", "survey", "write_landing_tables"]

Progress = Callable[[str], None]
Specs = Mapping[str, SourceSpec]


def silent(_: str) -> None:
    """No progress wanted."""


def ingest_files(home: Home, paths: Iterable[Path], on_progress: Progress | None = None, specs: Specs | None = None) -> IngestReport:
    """Ingest everything that any source claims, and name what nobody claims.

    Raises:
        TerminalError: the run would mix sample and real data, or a path is missing.
    """
    specs, offered = specs or all_sources(), drop.offers(home, paths)
    landing.check_origin(home)
    report = _survey(home, offered, specs)
    for spec in specs.values():
        report.extend(ingest_offers(home, spec, offered, on_progress, specs))
    write_landing_tables(home, specs)
    return report


def survey(home: Home, paths: Iterable[Path], specs: Specs | None = None) -> IngestReport:
    """Name the files of a drop that no source claims, each with what it resembles most; remember them as seen."""
    return _survey(home, drop.offers(home, paths), specs or all_sources())


def _survey(home: Home, offered: Sequence[Offer], specs: Specs) -> IngestReport:
    files: list[FileOutcome] = []
    for offer in offered:
        claim = claim_of(offer, specs)
        if claim.source is None:
            status: Status = "refused" if claim.is_refused else "unknown"
            files.append(FileOutcome(offer.sha256, offer.names, status, size_bytes=offer.size_bytes, problem=claim.why))
    record = InputRecord(finished=True, version=drop.recogniser_version(), files=_remembered(files))
    record.write(home, drop.UNKNOWN)
    return IngestReport(files=files)


def ingest_table(
    home: Home, spec: SourceSpec, paths: Iterable[Path] | None, on_progress: Progress | None = None, specs: Specs | None = None
) -> IngestReport:
    """Ingest the files of a drop that are this source's; other sources' files are left to them.

    `paths` None: nothing is dropped, the table's lake is only brought in line with its receipts.

    Raises:
        TerminalError: the run would mix sample and real data, or a path is missing.
    """
    return ingest_offers(home, spec, None if paths is None else drop.offers(home, paths), on_progress, specs)


def ingest_offers(
    home: Home, spec: SourceSpec, offered: Sequence[Offer] | None, on_progress: Progress | None = None, specs: Specs | None = None
) -> IngestReport:
    """Ingest those of the offered files that are this source's (None: no input). One writer per table at a time.

    Raises:
        TerminalError: see `ingest_table`.
    """
    say, report = on_progress or silent, IngestReport()
    with atomic.locked(home.folder / "input" / f"{spec.table}.lock"):
        landing.check_origin(home, landing.receipts(home, spec.name))
        lake.drop_staged(home, spec.table)
        _refresh(home, spec, report, say)
        if offered is not None:
            claims = [(o, claim_of(o, specs or all_sources())) for o in offered]
            _take_in(home, spec, [(o, c) for o, c in claims if c.source == spec.name], report, say)
        lake.write_schema_part(home, spec)
        receipts = landing.receipts(home, spec.name)
        lake.drop_staged(home, spec.table)
        report.swept += [p.name for p in lake.sweep(home, spec.table, receipts)]
        atomic.remove_orphans(home.landing / spec.name)
    report.tables[spec.table] = TableSummary.of(spec, receipts, InputRecord.read(home, spec.table).rejected())
    return report


def _take_in(home: Home, spec: SourceSpec, mine: Sequence[tuple[Offer, Claim]], report: IngestReport, say: Progress) -> None:
    """Judge all files of an input that this source claims, and write down what became of them."""
    version = drop.parser_version(spec.name)
    last = InputRecord.read(home, spec.table)
    digest = hashlib.sha256("".join(o.sha256 for o, _ in mine).encode()).hexdigest()
    # An input that was killed and is run again keeps its time: which file wins must not depend on the kill.
    now = last.started_at if last.digest == digest and not last.finished else datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    seen = {s: f | {"current": False} for s, f in last.files.items()} if last.version == version else {}
    InputRecord(digest, now, False, version, last.files).write(home, spec.table)

    outcomes: list[FileOutcome] = []
    groups: dict[str, list[Member]] = {}
    for offer, claim in mine:
        if claim.recognition is None:
            outcomes.append(reject(home, spec, offer, None, "", now, str(claim.damage)))
        elif claim.recognition.refused:
            layout, why = claim.recognition.layout, claim.recognition.refused
            outcomes.append(FileOutcome(offer.sha256, offer.names, "refused", spec.table, layout, offer.size_bytes, problem=why))
        else:
            groups.setdefault(claim.recognition.batch_key or offer.sha256, []).append(Member(offer, claim.recognition))
    before = [r for r in landing.receipts(home, spec.name) if r.retrieved_at < now]
    batches = sorted(groups.values(), key=batch_of)
    for number, members in enumerate(batches, 1):
        more = f" and {len(members) - 1} more" if len(members) > 1 else ""
        say(f"{spec.name} {number}/{len(batches)}: {members[0].offer.name}{more}")
        judged = _already(home, spec, members, version)
        if judged is None:
            judged, change = accept_or_reject(home, spec, members, now, before)
            report.changes += [change] if change else []
        outcomes += judged
    remembered = _remembered([o for o in outcomes if o.status in ("refused", "rejected")])
    InputRecord(digest, now, True, version, seen | remembered).write(home, spec.table)
    report.files += outcomes


def _remembered(files: Sequence[FileOutcome]) -> dict[str, dict[str, Any]]:
    return {f.sha256: {"names": list(f.names), "status": f.status, "problem": f.problem, "current": True} for f in files}


def _already(home: Home, spec: SourceSpec, members: Sequence[Member], version: str) -> list[FileOutcome] | None:
    """Outcomes of a batch that this code has judged before, else None."""
    complete = {r.sha256: r for r in landing.receipts(home, spec.name)}
    if all(m.offer.sha256 in complete for m in members):
        return [outcome(m.offer, complete[m.offer.sha256], "known") for m in members]
    found: list[FileOutcome] = []
    for m in members:
        r = landing.read_rejection(home, spec.name, m.offer.sha256)
        if r is None or r.parser != version or r.batch != batch_of(members):
            return None
        sizes = (m.offer.size_bytes, r.rows_read, r.rows_bad)
        found.append(FileOutcome(r.sha256, m.offer.names, "rejected", r.table, r.layout, *sizes, problem=r.problem))
    return found


def _refresh(home: Home, spec: SourceSpec, report: IngestReport, say: Progress) -> None:
    """Bring the lake in line with the landing zone: parse again what an older parser read or whose parts are gone."""
    receipts = landing.receipts(home, spec.name)
    version = drop.parser_version(spec.name)
    todo = {r.sha256 for r in lake.missing_parts(home, receipts)} | {r.sha256 for r in receipts if r.parser != version}
    # In the order of arrival, so that the same file as before is the one whose rows the others repeat.
    for old in sorted((r for r in receipts if r.sha256 in todo), key=lambda r: (r.retrieved_at, r.batch, r.sha256)):
        say(f"{spec.name}: rebuilding {old.sha256[:12]} from the landing zone")
        _reread(home, spec, old, report, version)


def _reread(home: Home, spec: SourceSpec, old: Receipt, report: IngestReport, version: str) -> None:
    """Parse one landed file again and rewrite its parts and receipt; a file that this code no longer accepts is rejected.

    Raises:
        TerminalError: its bytes are gone.
    """
    blob = landing.object_path(home, spec.name, old.sha256, landing.BLOB)
    if not blob.is_file():
        raise TerminalError(
            f"{spec.table} {old.sha256[:12]}: expected its bytes in the landing zone, found none. "
            "Remedy: acpgvc doctor, then drop the file again"
        )
    name = str(old.request.get("name") or old.request.get("url") or blob.name)
    offer = Offer(blob, (name,), old.sha256, old.size_bytes, old.request, old.headers)
    recognition = None
    try:
        recognition = spec.recognise(Sniff(blob, name))
        if recognition is None or recognition.refused:
            why = recognition.refused if recognition else "one that it no longer recognises"
            raise BadFile(name, f"a file of {spec.name}", str(why), "download the file again, or report this")
        read = read_file(home, spec, Member(offer, recognition))
    except TerminalError as e:
        landing.object_path(home, spec.name, old.sha256, landing.RECEIPT).unlink()
        report.files.append(reject(home, spec, offer, recognition, old.batch, old.retrieved_at, str(e), e))
        return
    current = [r for r in landing.receipts(home, spec.name) if r.parser == version and r.sha256 != old.sha256]
    done = [r for r in current if (r.retrieved_at, r.batch, r.sha256) < (old.retrieved_at, old.batch, old.sha256)]
    landing.write_receipt(home, write_file(home, spec, read, old.batch, old.batch_size, old.retrieved_at, done, old.changes))
    report.rebuilt.append(old.sha256)
