"""Sorting and finding repeats by columns of few distinct values: one integer a row in place of a comparison of texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

PACKED_LIMIT = 1 << 63


def packed(frame: pl.DataFrame, columns: Iterable[str]) -> tuple[pl.Series, list[str]]:
    """(UInt64 a row that sorts as the packed columns do, nulls first; those columns): the longest beginning of `columns` that fits.

    Categories sort as text. Columns of other types than categories, integers and booleans do not pack.
    """
    total, size, used = np.zeros(frame.height, dtype=np.uint64), 1, []
    for name in columns:
        ranks = _ranks(frame[name]) if frame.height else np.zeros(0, dtype=np.uint64)
        if ranks is None:
            break
        values = int(ranks.max(initial=0)) + 1
        if size * values > PACKED_LIMIT:
            break
        size *= values
        total *= np.uint64(values)
        total += ranks
        used.append(name)
    return pl.Series(total), used


def _ranks(column: pl.Series) -> np.ndarray | None:
    """Non-negative integers that sort as the values do, 0 for null; None for a type that has no small ones."""
    if column.dtype == pl.Categorical:
        distinct = column.unique().drop_nulls()
        places = np.zeros(int(distinct.to_physical().max() or 0) + 1, dtype=np.uint64)
        in_order = distinct.to_physical().gather(distinct.cast(pl.String).arg_sort())
        places[in_order.to_numpy()] = np.arange(1, len(distinct) + 1)
        ranks = places[column.to_physical().fill_null(0).to_numpy()]
    elif column.dtype.is_integer() or column.dtype == pl.Boolean:
        whole = column.cast(pl.Int64)
        ranks = (whole.fill_null(0) - whole.min() + 1).to_numpy().astype(np.uint64)
    else:
        return None
    if column.null_count():
        ranks[column.is_null().to_numpy()] = 0
    return ranks


def sort_indices(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Row numbers in the order of `columns`; rows that are equal there stand in any order."""
    key, used = packed(frame, columns)
    if len(used) < len(columns) and has_repeats(key):
        return frame.select(pl.arg_sort_by(columns)).to_series()
    return key.arg_sort()


def has_repeats(key: pl.Series) -> bool:
    """Some value stands in more than one row."""
    inorder = key.sort()
    return bool((inorder == inorder.shift()).any())
