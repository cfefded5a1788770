"""Sorting and finding repeats by columns of few distinct values: one integer a row in place of a comparison of texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

import numpy as np
import polars as pl

PACKED_LIMIT = 1 << 63
DICTIONARIES = (pl.Categorical, pl.Enum)


class Order(NamedTuple):
    """`places`: row numbers in the order of the columns `used`, nulls first. `has_repeats`: some two rows are equal in all of them."""

    places: pl.Series
    used: list[str]
    has_repeats: bool


def as_enum(column: pl.Series) -> pl.Series:
    """Text as an Enum of just its distinct values, in order: one small integer a row, which is the text's place among them."""
    column = column if isinstance(column.dtype, DICTIONARIES) else column.cast(pl.Categorical())
    codes = column.to_physical()
    present = codes.drop_nulls().to_numpy()
    is_used = np.zeros(1 + int(present.max(initial=0)), dtype=bool)
    is_used[present] = True
    used = np.flatnonzero(is_used)
    texts = pl.Series(used.astype(np.uint32)).cat.to(column.dtype).cast(pl.String)
    if isinstance(column.dtype, pl.Enum) and len(used) == len(column.dtype.categories) and texts.is_sorted():
        return column
    in_order = texts.arg_sort()
    places = np.zeros(len(is_used), dtype=np.uint32)
    places[used[in_order.to_numpy()]] = np.arange(len(used))
    return pl.Series(column.name, places).gather(codes).cat.to(pl.Enum(texts.gather(in_order)))


def text_ranks(column: pl.Series) -> tuple[list[str], np.ndarray]:
    """(distinct texts in order, unsigned place of each row's text among them); with nulls places count from 1, and null is 0."""
    column = as_enum(column)
    ranks = column.to_physical()
    if column.null_count():
        ranks = (ranks.cast(pl.UInt32) + 1).fill_null(0)
    return cast("pl.Enum", column.dtype).categories.to_list(), ranks.to_numpy()


def with_common_enum(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The enumerations of `columns` as one that holds the texts of all of them, so that they can be compared with each other."""
    texts = {c: cast("pl.Enum", frame.schema[c]).categories for c in columns}
    common = pl.Enum(sorted({t for some in texts.values() for t in some}))
    places = {c: some.cast(common).to_physical() for c, some in texts.items()}
    return frame.with_columns(places[c].gather(frame[c].to_physical()).cat.to(common).alias(c) for c in columns)


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
    if isinstance(column.dtype, DICTIONARIES):
        return text_ranks(column)[1]
    if not (column.dtype.is_integer() or column.dtype == pl.Boolean):
        return None
    whole = column.cast(pl.Int64)
    nulls = min(1, whole.null_count())
    return (whole - (whole.min() or 0) + nulls).fill_null(0).to_numpy().view(np.uint64)


def ordered(frame: pl.DataFrame, columns: Iterable[str]) -> Order:
    """The rows by the longest beginning of `columns` that packs; rows that are equal there stand in any order."""
    key, used = packed(frame, columns)
    row_bits = frame.height.bit_length()
    if int(key.to_numpy().max(initial=0)).bit_length() + row_bits > 64:
        return Order(key.arg_sort(), used, has_repeats(key))
    # key and row number in one integer: one sort gives the order and brings repeats together
    both = key.to_numpy(writable=True)
    both <<= np.uint64(row_bits)
    both |= np.arange(frame.height, dtype=np.uint64)
    both.sort()
    places = pl.Series((both & np.uint64((1 << row_bits) - 1)).astype(np.uint32))
    both >>= np.uint64(row_bits)
    return Order(places, used, bool((both[1:] == both[:-1]).any()))


def sort_places(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Row numbers in the order of `columns`, nulls first; rows that are equal there stand in any order."""
    order = ordered(frame, columns)
    if len(order.used) < len(columns) and order.has_repeats:
        return frame.select(pl.arg_sort_by(columns)).to_series()
    return order.places


def has_repeats(key: pl.Series) -> bool:
    """Some value stands in more than one row."""
    in_order = key.sort()
    return bool((in_order == in_order.shift()).any())
