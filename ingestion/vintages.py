"""What a new vintage changes, found out before anything reads it: partitions gone, size jumps, revised rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from ingestion import lake
from ingestion.receipt import Receipt
from ingestion.settings import Home
from ingestion.spec import SourceSpec

if TYPE_CHECKING:
    import polars as pl

    from ingestion.accept import ReadFile

MAX_PARTITIONS = 20_000  # in a receipt; beyond, trailing partition columns fall away
COUNTED_ROWS = 1_000_000  # at a time
JUMP = 0.5  # change of a partition's rows that is worth a look
NAMED = 10  # examples in a report


@dataclass(frozen=True)
class VintageChange:
    """Comparison of one input with the receipts it replaces. Counts are exact, lists hold the first ten."""

    table: str
    previous: list[str]  # sha256 of the receipts that hold the same partitions
    partitions: int
    partitions_gone: int
    gone: list[str]
    partitions_jumped: int  # rows changed by more than half
    jumped: list[str]  # 'partition: before -> now'
    rows_added: int
    rows_removed: int
    rows_revised: int  # same key, other values
    rows_before: int = 0  # of the partitions compared
    rows_far_revised: int = 0  # the measure changed by more than half of what it was
    largest: list[str] = field(default_factory=list)  # by country and product: 'exporter_code=4 hs6=080131: value_kusd 10 -> 12'

    @property
    def is_suspicious(self) -> bool:
        """Something may have been lost: a person should look before trusting the new vintage."""
        return bool(self.partitions_gone or self.partitions_jumped)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def partition_rows(frame: pl.DataFrame, spec: SourceSpec) -> tuple[list[str], dict[str, int]]:
    """(partition columns used, 'a|b' -> rows), fewer columns when there would be too many partitions."""
    import polars as pl

    columns = list(spec.partition)
    counted = pl.concat([s.group_by(columns).len("rows") for s in frame.iter_slices(COUNTED_ROWS)] or [frame.group_by(columns).len("rows")])
    counted = counted.group_by(columns).agg(pl.col("rows").sum())
    while columns and counted.height > MAX_PARTITIONS:
        columns.pop()
        counted = counted.group_by(columns).agg(pl.col("rows").sum()) if columns else counted
    if not columns:
        return [], {"": frame.height}
    keyed = counted.group_by(_key(columns).alias("key")).agg(pl.col("rows").sum()).sort("key")
    return columns, dict(zip(keyed["key"].to_list(), keyed["rows"].to_list(), strict=True))


def merged(pieces: Sequence[tuple[list[str], dict[str, int]]]) -> tuple[list[str], dict[str, int]]:
    """Partitions of a file from those of its pieces, by the columns that all of them have."""
    columns = min((c for c, _ in pieces), key=len)
    total: dict[str, int] = {}
    for _, partitions in pieces:
        _add(total, partitions, len(columns))
    return columns, total


def series(partitions: Mapping[str, int], vintage: str) -> dict[str, int]:
    """Partitions without the name of their own vintage, so that two versions of a publication can be compared."""
    if not vintage:
        return dict(partitions)
    return {"|".join("*" if v == vintage else v for v in key.split("|")): n for key, n in partitions.items()}


def sharing(partitions: Mapping[str, int], vintage: str, columns: Sequence[str], receipts: Sequence[Receipt]) -> list[Receipt]:
    """Receipts with rows in at least one of the partitions."""
    mine, found = series(partitions, vintage), []
    for r in receipts:
        width = min(len(columns), len(r.partition_columns))
        if _cut(mine, width) & _cut(series(r.partitions, r.vintage), width):
            found.append(r)
    return found


def _cut(partitions: Mapping[str, int], width: int) -> set[str]:
    """Partition keys, by their first columns only."""
    return {"|".join(key.split("|")[:width]) for key in partitions}


def superseded(spec: SourceSpec, receipts: Sequence[Receipt]) -> set[str]:
    """sha256 of receipts whose every partition has a better receipt (layout, vintage, time); of their duplicates too.

    A receipt whose partitions were too many to list is never called superseded.
    """
    best = best_receipts(spec, receipts)
    listed = [(r, series(r.partitions, r.vintage)) for r in receipts if _is_listed(spec, r)]
    # files of one batch rank alike: none of them replaces another
    out = {r.sha256 for r, keys in listed if keys and all(best[key].order > r.order for key in keys)}
    return out | {r.sha256 for r in receipts if r.duplicate_of in out}


def best_receipts(spec: SourceSpec, receipts: Sequence[Receipt]) -> dict[str, Receipt]:
    """Partition -> the receipt whose rows of it are used. Receipts whose partitions were too many to list are left out."""
    best: dict[str, Receipt] = {}
    for r in receipts:
        for key in series(r.partitions, r.vintage) if _is_listed(spec, r) else ():
            best[key] = max(best.get(key, r), r, key=lambda r: r.order)
    return best


def _is_listed(spec: SourceSpec, receipt: Receipt) -> bool:
    return not receipt.duplicate_of and receipt.partition_columns == list(spec.partition)


def compare(home: Home, spec: SourceSpec, files: Sequence[ReadFile], before: Sequence[Receipt]) -> VintageChange | None:
    """Compare the files of one batch with the receipts whose rows they replace.

    Partitions that the batch does not have count as gone only when it has at least half of them: a smaller one is an
    extract, and what it leaves out stays valid; so does what an answer to a question leaves out (`is_whole` False).
    Returns None when nothing landed before holds the same partitions.
    """
    import polars as pl

    from ingestion.row_changes import Counts, largest, row_changes, slices

    columns = min((f.partition_columns for f in files), key=len)
    now: dict[str, int] = {}
    for f in files:
        _add(now, series(f.partitions, f.vintage), len(columns))
    replaced = superseded(spec, before)
    in_use = [r for r in before if not r.duplicate_of and r.sha256 not in replaced]
    best = best_receipts(spec, in_use)
    previous = sorted(sharing(now, "", columns, in_use), key=lambda r: (r.vintage, r.retrieved_at, r.batch, r.sha256))
    if not previous:
        return None
    columns = min([columns, *(r.partition_columns for r in previous)], key=len)
    now, then = _add({}, now, len(columns)), {}
    used = {r.sha256: _used(r, best) for r in previous}
    for r in previous:
        _add(then, used[r.sha256], len(columns))
    shared = sorted(set(then) & set(now))
    gone = sorted(set(then) - set(now)) if spec.is_whole and 2 * len(shared) >= len(then) else []
    jumped = [k for k in shared if abs(now[k] - then[k]) > JUMP * then[k]]
    keep = pl.lit(value=True) if {*now, *then} <= {*shared, *gone} else _key(columns).is_in(shared + gone)
    counts, sums = [], []
    years = sorted({p["year"] for f in [*previous, *files] for p in f.parts}, key=lambda y: y or 0)
    for year in years:  # one at a time, and not as a whole: the rows of a table need not fit in memory
        old = pl.concat(_rows_used(home, spec, r, year, used[r.sha256]) for r in previous)
        new = pl.concat(_masked(lake.scan_parts(home, spec, f.sha256, f.parts, year, staged=True), spec, f.vintage) for f in files)
        if not spec.is_whole and columns != list(spec.partition):  # what an answer does not speak of is not removed
            old = old.join(new.select(spec.partition).unique(), on=spec.partition, how="semi", nulls_equal=True)
        rows = sum(p["rows"] for f in [*previous, *files] for p in f.parts if p["year"] == year)
        for some in slices(spec, old, new, rows):
            count, moved = row_changes(spec, *(t.filter(keep & some).collect(engine="streaming") for t in (old, new)))
            counts.append(count)
            sums.append(moved)
    total = Counts(*(sum(c) for c in zip(*counts, strict=True)))
    return VintageChange(
        table=spec.table,
        previous=[r.sha256 for r in previous],
        partitions=len(now),
        partitions_gone=len(gone),
        gone=gone[:NAMED],
        partitions_jumped=len(jumped),
        jumped=[f"{k}: {then[k]} -> {now[k]} rows" for k in jumped[:NAMED]],
        rows_added=total.added,
        rows_removed=total.removed,
        rows_revised=total.revised,
        rows_before=total.before,
        rows_far_revised=total.far_revised,
        largest=largest(spec, sums, NAMED),
    )


def _used(receipt: Receipt, best: Mapping[str, Receipt]) -> dict[str, int]:
    """The partitions of a receipt that no better one holds; all, where they were too many to list."""
    partitions = series(receipt.partitions, receipt.vintage)
    return {k: n for k, n in partitions.items() if k not in best or best[k].order == receipt.order}


def _rows_used(home: Home, spec: SourceSpec, receipt: Receipt, year: int | None, used: Mapping[str, int]) -> pl.LazyFrame:
    """The rows of those partitions, see `_masked`."""
    rows = _masked(lake.scan_parts(home, spec, receipt.sha256, receipt.parts, year), spec, receipt.vintage)
    is_all = len(used) == len(series(receipt.partitions, receipt.vintage))
    return rows if is_all else rows.filter(_key(receipt.partition_columns).is_in(list(used)))


def _add(total: dict[str, int], partitions: Mapping[str, int], width: int) -> dict[str, int]:
    for key, rows in partitions.items():
        short = "|".join(key.split("|")[:width])
        total[short] = total.get(short, 0) + rows
    return total


def _key(columns: Sequence[str]) -> pl.Expr:
    """The text key of a row's partition."""
    import polars as pl

    if not columns:
        return pl.lit("")
    return pl.concat_str([pl.col(c).cast(pl.String).fill_null("") for c in columns], separator="|")


def _masked(frame: pl.LazyFrame, spec: SourceSpec, vintage: str) -> pl.LazyFrame:
    """The content columns of a table, in which the name of its own vintage is '*'."""
    import polars as pl

    schema = lake.lake_schema(spec)
    named = [c for c in spec.partition if vintage and schema[c] == pl.String]
    masks = (pl.when(pl.col(c) == vintage).then(pl.lit("*")).otherwise(c).alias(c) for c in named)
    return frame.select(c for c in schema if c not in lake.TRACE).with_columns(masks)
