"""Judge one batch of claimed files: all its rows go to the lake with receipts, or it is rejected as a whole, with reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingestion import drop, lake, landing, vintages
from ingestion.drop import Offer
from ingestion.errors import BadFile, TerminalError
from ingestion.receipt import Part, Receipt, Rejection
from ingestion.report import FileOutcome, Status
from ingestion.settings import Home
from ingestion.spec import Parsed, Recognition, SourceSpec

if TYPE_CHECKING:
    import polars as pl

    from ingestion.vintages import VintageChange


@dataclass(frozen=True)
class Member:
    """One claimed file on its way in."""

    offer: Offer
    recognition: Recognition


@dataclass(frozen=True)
class ReadFile:
    """One parsed and validated file. Its lake parts are staged: written, but not visible to anybody."""

    member: Member
    rows_read: int
    rows_bad: int
    vintage: str
    bad: pl.DataFrame
    partition_columns: list[str]
    partitions: dict[str, int]
    parts: list[Part]
    years: tuple[int, int] | tuple[None, None]

    @property
    def sha256(self) -> str:
        return self.member.offer.sha256


def batch_of(members: Sequence[Member]) -> str:
    """Name of a batch: its file's own hash, or the hash over the sorted hashes of its files."""
    hashes = sorted(m.offer.sha256 for m in members)
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def outcome(offer: Offer, receipt: Receipt, status: Status) -> FileOutcome:
    """The line of an accepted file."""
    sizes = (offer.size_bytes, receipt.rows_read, receipt.rows_quarantined)
    return FileOutcome(offer.sha256, offer.names, status, receipt.table, receipt.layout, *sizes)


def accept_or_reject(
    home: Home, spec: SourceSpec, members: Sequence[Member], now: str, before: Sequence[Receipt]
) -> tuple[list[FileOutcome], VintageChange | None]:
    """Land one batch; one bad member rejects all. `before`: receipts from before this input, for the comparison.

    Raises:
        TerminalError: a file changed while it was read.
    """
    batch = batch_of(members)
    for m in members:
        sha256, _ = landing.store_blob(home, spec.name, m.offer.path)
        if sha256 != m.offer.sha256:
            raise TerminalError(f"{m.offer.name}: changed while it was read. Remedy: run again when the file is complete")
    read: list[ReadFile] = []
    culprit: Member | None = None
    try:
        if spec.verify and members[0].recognition.batch_key:
            spec.verify([landing.object_path(home, spec.name, m.offer.sha256, landing.BLOB) for m in members])
        for m in members:
            culprit = m
            read.append(read_file(home, spec, m))
    except TerminalError as e:
        problem = _with_names(e, members)
        others = f"{culprit.offer.name} of the same batch was rejected: {problem}" if culprit else problem
        blame = {m.offer.sha256: (problem, e) if m is culprit else (others, None) for m in members}
        return [reject(home, spec, m.offer, m.recognition, batch, now, *blame[m.offer.sha256]) for m in members], None
    mine = {m.offer.sha256: m.offer for m in members}
    change = vintages.compare(home, spec, read, [r for r in before if r.sha256 not in mine])
    done = [r for r in landing.receipts(home, spec.name) if r.sha256 not in mine]
    receipts: list[Receipt] = []
    for r in read:
        receipts.append(write_file(home, spec, r, batch, len(members), now, done + receipts, change.as_dict() if change else {}))
    for receipt in receipts:
        landing.write_receipt(home, receipt)
    return [outcome(mine[r.sha256], r, "duplicate" if r.duplicate_of else "accepted") for r in receipts], change


def _with_names(error: TerminalError, members: Sequence[Member]) -> str:
    """The error with the user's names of the files in place of the landing zone's."""
    text = str(error)
    for m in members:
        text = text.replace(f"{m.offer.sha256}{landing.BLOB}", m.offer.name).replace(m.offer.sha256, m.offer.name)
    return text


def read_file(home: Home, spec: SourceSpec, member: Member) -> ReadFile:
    """Parse, validate and stage one landed blob, piece by piece where the source can.

    Raises:
        BadFile: as `SourceSpec.parse` and `validate`; or more than 1 % of the rows are bad.
    """
    import polars as pl

    from ingestion.validate import MAX_BAD_SHARE, TooManyBadRows, bad_schema, validate

    name, sha256 = member.offer.name, member.offer.sha256
    rows_read, rows_bad, vintage = 0, 0, ""
    bad, parts, partitions, seen = [pl.DataFrame(schema=bad_schema())], [], [], []
    for parsed in _pieces(home, spec, member):
        valid = validate(spec, name, parsed)
        rows_read, rows_bad, vintage = rows_read + parsed.rows_read, rows_bad + valid.rows_bad, parsed.vintage
        bad.append(valid.bad)
        partitions.append(vintages.partition_rows(valid.good, spec))
        parts += lake.stage_parts(home, spec, sha256, home.data_origin, valid.good, valid.places)
        seen += valid.good["year"].drop_nulls().unique().to_list() if "year" in valid.good.columns else []
    if rows_bad > MAX_BAD_SHARE * rows_read:
        raise TooManyBadRows(spec, name, rows_read, rows_bad, pl.concat(bad))
    years = (min(seen), max(seen)) if seen else (None, None)
    return ReadFile(member, rows_read, rows_bad, vintage, pl.concat(bad), *vintages.merged(partitions), parts, years)


def _pieces(home: Home, spec: SourceSpec, member: Member) -> Iterator[Parsed]:
    """What the parser makes of a file. A parser must not bring down the other files: what it cannot read is rejected and named."""
    blob = landing.object_path(home, spec.name, member.offer.sha256, landing.BLOB)
    try:
        yield from spec.pieces(blob, member.recognition) if spec.pieces else (spec.parse(blob, member.recognition),)
    except TerminalError:
        raise
    except Exception as e:
        expected = f"{spec.name} in layout {member.recognition.layout}"
        raise BadFile(member.offer.name, expected, f"{type(e).__name__}: {e}", "report this file: its parser did not expect it") from e


def write_file(
    home: Home, spec: SourceSpec, read: ReadFile, batch: str, batch_size: int, now: str, done: Sequence[Receipt], changes: Mapping[str, Any]
) -> Receipt:
    """Show lake parts (unless the rows are already there) and write the quarantine of one file; return its receipt, not yet written."""
    offer = read.member.offer
    receipt = Receipt(
        source=spec.name,
        table=spec.table,
        layout=read.member.recognition.layout,
        layout_rank=list(spec.layouts).index(read.member.recognition.layout),
        batch=batch,
        batch_size=batch_size,
        request=offer.described(),
        headers=dict(offer.headers),
        retrieved_at=now,
        sha256=offer.sha256,
        content_sha256=lake.combined_sha256(read.parts),
        duplicate_of=None,
        size_bytes=offer.size_bytes,
        vintage=read.vintage,
        licence=spec.licence,
        may_redistribute=spec.may_redistribute,
        data_origin=home.data_origin,
        rows_read=read.rows_read,
        rows_quarantined=read.rows_bad,
        first_year=read.years[0],
        last_year=read.years[1],
        parts=read.parts,
        partition_columns=read.partition_columns,
        partitions=read.partitions,
        parser=drop.parser_version(spec.name),
        changes=changes,
    )
    receipt = replace(receipt, duplicate_of=duplicate_of(receipt, done))
    if not receipt.duplicate_of:
        receipt = replace(receipt, parts=[_marked(receipt, part, done) for part in read.parts])
        lake.show_parts(home, spec.table, offer.sha256, receipt.own_parts)
    lake.write_quarantine(home, spec.table, offer.sha256, read.bad)
    return receipt


def duplicate_of(receipt: Receipt, done: Sequence[Receipt]) -> str | None:
    """The receipt that already holds these rows.

    None when a later receipt has replaced those rows since: a publisher that goes back to old numbers publishes news.
    """
    same = [r for r in done if r.content_sha256 == receipt.content_sha256 and not r.duplicate_of]
    others = [r for r in done if r.content_sha256 != receipt.content_sha256 and not r.duplicate_of]
    return _last_word(same, others, receipt)


def _marked(receipt: Receipt, part: Part, done: Sequence[Receipt]) -> Part:
    """The part of one year, with the receipt that already holds the same rows of that year under the same vintage.

    A file of many years that changes in one is news of that year only: the others keep their origin and are not built again.
    """
    if part["year"] is None:
        return part
    alike = [r for r in done if r.vintage == receipt.vintage and r.layout == receipt.layout]
    same = [r for r in alike if _contents(r.own_parts, part["year"]) == {part["content_sha256"]}]
    others = [r for r in done if not r.duplicate_of and _contents(r.parts, part["year"]) - {part["content_sha256"]}]
    owner = _last_word(same, others, receipt)
    return {**part, "duplicate_of": owner} if owner else part


def _contents(parts: Sequence[Part], year: int) -> set[str]:
    return {p["content_sha256"] for p in parts if p["year"] == year}


def _last_word(same: Sequence[Receipt], others: Sequence[Receipt], receipt: Receipt) -> str | None:
    """The best of the receipts with the same rows, unless one with other rows of the same partitions stands between it and `receipt`."""
    for owner in sorted(same, key=lambda r: r.order, reverse=True):
        rivals = vintages.sharing(owner.partitions, owner.vintage, owner.partition_columns, others)
        if not any(owner.order < r.order < receipt.order for r in rivals):
            return owner.sha256
    return None


def reject(
    home: Home,
    spec: SourceSpec,
    offer: Offer,
    recognition: Recognition | None,
    batch: str,
    now: str,
    problem: str,
    error: Exception | None = None,
) -> FileOutcome:
    """Write a rejection record beside the blob; rows that were accepted earlier from the same bytes stay in use."""
    from ingestion.validate import TooManyBadRows

    layout = recognition.layout if recognition else ""
    rows_read, rows_bad, examples = 0, 0, []
    if isinstance(error, TooManyBadRows):
        rows_read, rows_bad, examples = error.rows_read, error.rows_bad, error.examples
    if not landing.object_path(home, spec.name, offer.sha256, landing.BLOB).is_file():
        landing.store_blob(home, spec.name, offer.path)
    if landing.read_receipt(home, spec.name, offer.sha256) is None:
        record = Rejection(
            source=spec.name,
            table=spec.table,
            layout=layout,
            layout_rank=list(spec.layouts).index(layout) if layout in spec.layouts else len(spec.layouts),
            batch=batch or offer.sha256,
            request=offer.described(),
            retrieved_at=now,
            sha256=offer.sha256,
            size_bytes=offer.size_bytes,
            licence=spec.licence,
            may_redistribute=spec.may_redistribute,
            data_origin=home.data_origin,
            rows_read=rows_read,
            rows_bad=rows_bad,
            problem=problem,
            examples=list(examples),
            parser=drop.parser_version(spec.name),
        )
        landing.write_rejection(home, record)
    return FileOutcome(offer.sha256, offer.names, "rejected", spec.table, layout, offer.size_bytes, rows_read, rows_bad, problem)
