"""What became of the rows of a table: added, removed, revised, and by how much, by country and product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from ingestion.spec import SourceSpec

COMPARED_ROWS = 1_000_000  # at a time, of both vintages together
FAR = 0.5  # change of a value that counts as far


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


def row_changes(spec: SourceSpec, old: pl.DataFrame, new: pl.DataFrame) -> tuple[tuple[int, int, int, int], pl.DataFrame]:
    """((added, removed, revised, far revised) by the source's key, the measure's sums over those rows: columns `by`, before, after).

    Only rows whose content differs are joined.
    """
    key = [c for c in spec.key if c != "_row"]
    told = [*spec.revisions.by, spec.revisions.measure] if spec.revisions else []
    columns = list(dict.fromkeys([*key, *told]))
    old, new = (f.with_columns(pl.struct(pl.all()).hash(seed=0).alias("_hash")) for f in (old, new))
    changed_old = old.join(new.select("_hash"), on="_hash", how="anti").select(columns).unique(key)
    changed_new = new.join(old.select("_hash"), on="_hash", how="anti").select(columns).unique(key)
    both = changed_new.join(changed_old, on=key, how="inner", nulls_equal=True, suffix="_before")
    counts = (changed_new.height - both.height, changed_old.height - both.height, both.height)
    if not spec.revisions:
        return (*counts, 0), pl.DataFrame()
    by, measure = list(spec.revisions.by), pl.col(spec.revisions.measure)
    before = pl.col(f"{spec.revisions.measure}_before")
    far = both.filter(((measure - before).abs() > FAR * before.abs()) | (measure.is_null() != before.is_null())).height
    sums = [f.group_by(by).agg(measure.sum().cast(pl.Float64).alias(n)) for f, n in ((changed_old, "before"), (changed_new, "after"))]
    return (*counts, far), sums[0].join(sums[1], on=by, how="full", coalesce=True, nulls_equal=True).fill_null(0.0)


def largest(spec: SourceSpec, sums: Sequence[pl.DataFrame], named: int) -> list[str]:
    """The `named` groups whose measure moved most, all years together, in words."""
    if not spec.revisions:
        return []
    by, moved = list(spec.revisions.by), (pl.col("after") - pl.col("before")).abs()
    total = pl.concat(sums).group_by(by).agg(pl.col("before", "after").sum()).filter(moved > 0)
    return [
        f"{' '.join(f'{c}={row[c]}' for c in by)}: {spec.revisions.measure} {row['before']:.6g} -> {row['after']:.6g}"
        for row in total.sort(moved, *by, descending=[True, *(False for _ in by)]).head(named).to_dicts()
    ]
