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
        if (ranks := _ranks(frame[name])) is None:
            break
        values = int(ranks.max(initial=0)) + 1
        if size * values > PACKED_LIMIT:
            break
        if values > 1:
            size *= values
            total *= np.uint64(values)
            total += ranks
        used.append(name)
    return pl.Series(total), used


def _ranks(column: pl.Series) -> np.ndarray | None:
    """Non-negative integers that sort as the values do, null first; None for a type that has no small ones."""
    if column.dtype == pl.Categorical:
        return text_ranks(column)[1]
    if not (column.dtype.is_integer() or column.dtype == pl.Boolean):
        return None
    whole = column.cast(pl.Int64)
    nulls = min(1, whole.null_count())
    return (whole - (whole.min() or 0) + nulls).fill_null(0).to_numpy().view(np.uint64)


def text_ranks(column: pl.Series) -> tuple[list[str], np.ndarray]:
    """(distinct texts in order, UInt32 place of each row's text among them); with nulls places count from 1, and null is 0."""
    codes = column.cast(pl.Categorical())
    distinct, nulls = codes.unique().drop_nulls(), min(1, codes.null_count())
    texts = distinct.cast(pl.String)
    in_order = texts.arg_sort()
    places = np.zeros(1 + distinct.to_physical().to_numpy().max(initial=0), dtype=np.uint32)
    places[distinct.to_physical().gather(in_order).to_numpy()] = np.arange(nulls, nulls + len(distinct))
    ranks = pl.Series(places).gather(codes.to_physical().fill_null(0)).to_numpy(writable=bool(nulls))
    if nulls:
        ranks[codes.is_null().to_numpy()] = 0
    return texts.gather(in_order).to_list(), ranks


def sort_places(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Row numbers in the order of `columns`, nulls first; rows that are equal there stand in any order."""
    key, used = packed(frame, columns)
    if len(used) < len(columns) and has_repeats(key):
        return frame.select(pl.arg_sort_by(columns)).to_series()
    return key.arg_sort()


def has_repeats(key: pl.Series) -> bool:
    """Some value stands in more than one row."""
    in_order = key.sort()
    return bool((in_order == in_order.shift()).any())
