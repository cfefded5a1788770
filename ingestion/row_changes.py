"""What became of the rows of a table: added, removed, revised, and by how much, by country and product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from ingestion.spec import SourceSpec

COMPARED_ROWS = 1_000_000  # at a time, of both vintages together
FAR = 0.5  # change of a value that counts as far


class Counts(NamedTuple):
    """Rows of a comparison, by the source's key. `far_revised`: the measure changed by more than half of what it was."""

    before: int
    added: int
    removed: int
    revised: int
    far_revised: int


def slices(spec: SourceSpec, old: pl.LazyFrame, new: pl.LazyFrame, rows: int) -> Iterator[pl.Expr]:
    """Conditions that split both tables alike, `rows` together, into slices of about `COMPARED_ROWS`.

    A slice holds neighbouring values of one column of the key, so that a row and its revision are in the same one; the column
    is the first that splits the rows finely enough. Parts are sorted by key: of a leading column a slice is read alone.
    """
    counted, most = pl.DataFrame(), rows
    for name in (c for c in spec.key if c != "_row"):
        if most <= COMPARED_ROWS:
            break
        each = [t.group_by(pl.col(name).alias("value")).len("rows").collect(engine="streaming") for t in (old, new)]
        found = pl.concat(each).group_by("value").agg(pl.col("rows").sum()).sort("value").with_columns(pl.lit(name).alias("column"))
        if (largest_value := max(found["rows"].to_list(), default=0)) < most:
            counted, most = found, largest_value
    if counted.is_empty():
        yield pl.lit(value=True)
        return
    for _, some in counted.group_by(pl.col("rows").cum_sum() // COMPARED_ROWS, maintain_order=True):
        column, values = pl.col(some["column"][0]), some["value"].drop_nulls()
        low, high = (pl.lit(v, dtype=values.dtype) for v in (values.min(), values.max()))
        inside = column.is_between(low, high)
        yield inside | column.is_null() if some["value"].null_count() else inside


def row_changes(spec: SourceSpec, old: pl.DataFrame, new: pl.DataFrame) -> tuple[Counts, pl.DataFrame]:
    """(counts, the measure's sums over the rows that are not the same in both: columns `by`, before, after).

    Only rows whose content differs are joined.
    """
    key = [c for c in spec.key if c != "_row"]
    by = list(spec.revisions.by) if spec.revisions else []
    rows = old.height
    measure = _measure(spec, old.schema)
    columns = [*dict.fromkeys([*key, *by]), measure.alias("_measure"), pl.struct(pl.all()).hash(seed=0).alias("_hash")]
    old, new = (f.select(columns) for f in (old, new))
    changed_old = old.join(new.select("_hash"), on="_hash", how="anti").drop("_hash").unique(key)
    changed_new = new.join(old.select("_hash"), on="_hash", how="anti").drop("_hash").unique(key)
    both = changed_new.join(changed_old, on=key, how="inner", nulls_equal=True, suffix="_before")
    now, before = pl.col("_measure"), pl.col("_measure_before")
    far = both.filter(((now - before).abs() > FAR * before.abs()) | (now.is_null() != before.is_null())).height
    counts = Counts(rows, changed_new.height - both.height, changed_old.height - both.height, both.height, far)
    if not by:
        return counts, pl.DataFrame()
    sums = [f.group_by(by).agg(now.sum().cast(pl.Float64).alias(n)) for f, n in ((changed_old, "before"), (changed_new, "after"))]
    return counts, sums[0].join(sums[1], on=by, how="full", coalesce=True, nulls_equal=True).fill_null(0.0)


def _measure(spec: SourceSpec, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    """What is compared of a row: a column, or the sum of several; null where nothing is."""
    columns = spec.revisions.measure if spec.revisions else ()
    terms = [pl.col(c).list.sum() if schema[c] == pl.List else pl.col(c) for c in columns]
    return pl.lit(None, pl.Float64) if not terms else terms[0] if len(terms) == 1 else pl.sum_horizontal(terms)


def largest(spec: SourceSpec, sums: Sequence[pl.DataFrame], named: int) -> list[str]:
    """The `named` groups whose measure moved most, all years together, in words."""
    if not (spec.revisions and spec.revisions.by):
        return []
    by, moved = list(spec.revisions.by), (pl.col("after") - pl.col("before")).abs()
    measure = " + ".join(spec.revisions.measure)
    total = pl.concat(sums).group_by(by).agg(pl.col("before", "after").sum()).filter(moved > 0)
    return [
        f"{' '.join(f'{c}={row[c]}' for c in by)}: {measure} {row['before']:.6g} -> {row['after']:.6g}"
        for row in total.sort(moved, *by, descending=[True, *(False for _ in by)]).head(named).to_dicts()
    ]
