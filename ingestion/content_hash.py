"""The hash that names the rows of a part of the lake, whatever file or order they came in: docs/decisions/0012-content-hash.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import polars as pl

from ingestion.lake import TRACE
from ingestion.order import DICTIONARIES, sort_places, text_ranks


def content_sha256(frame: pl.DataFrame, first: Sequence[str] = ()) -> str:
    """Hash of the rows as a set of facts, without the trace columns (docs/decisions/0012). `first`: see `places_in_order`."""
    flat = flattened(frame)
    return hash_columns(flat, places_in_order(flat, first))


def flattened(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with lists and structs as JSON text, lists of floating point numbers as the hash of their bytes:
    a table of 16 million cells is no text."""
    numbers = [c for c in frame.columns if frame.schema[c] == pl.List(pl.Float64)]
    nested = [c for c in frame.columns if frame.schema[c].is_nested() and c not in numbers]
    return frame.with_columns(*(pl.struct(c).struct.json_encode().alias(c) for c in nested), *(_list_hashes(frame[c]) for c in numbers))


def places_in_order(flat: pl.DataFrame, first: Sequence[str]) -> pl.Series:
    """Row numbers in the order of lake parts: by `first` (partition and key), then by all other columns, the trace last."""
    content = [c for c in [*first, *sorted(flat.columns)] if c not in TRACE]
    return sort_places(flat, list(dict.fromkeys([*content, *(c for c in ("_row",) if c in flat.columns)])))


def hash_columns(flat: pl.DataFrame, places: pl.Series) -> str:
    """Column by column in the order of their names: name, kind, values row by row, then which of them are missing.

    Text is its distinct values as JSON and each row's place among them; numbers are little-endian integers of 8 bytes,
    doubles, or decimals of 16 bytes. So it depends on no library's layout and holds no second copy of the rows.
    """
    digest = hashlib.sha256()
    for name in sorted(c for c in flat.columns if c not in TRACE):
        column = flat[name].gather(places)
        if column.dtype in (pl.Float64, pl.Float32):
            kind, values = "number", column.fill_null(0.0).to_numpy().astype("<f8", copy=False).data
        elif column.dtype.is_integer() or column.dtype == pl.Boolean:
            kind, values = "integer", column.cast(pl.Int64).fill_null(0).to_numpy().astype("<i8", copy=False).data
        elif isinstance(column.dtype, pl.Decimal):
            kind, values = f"decimal {column.dtype.scale}", column.fill_null(0).to_arrow().buffers()[1]
        else:
            texts, ranks = text_ranks(column if isinstance(column.dtype, DICTIONARIES) else column.cast(pl.String))
            kind, values = f"text {json.dumps(texts, ensure_ascii=False)}", ranks.astype("<u4", copy=False).data
        digest.update(f"{name}\t{kind}\n".encode())
        digest.update(values)
        if column.null_count():
            digest.update(column.is_null().to_numpy().data)
    return digest.hexdigest()


def _list_hashes(lists: pl.Series) -> pl.Series:
    """SHA-256 of each list: its numbers as little-endian doubles (0 where missing), then one byte each that says what is missing."""
    arrow = lists.to_arrow()
    ends, cells = arrow.offsets.to_numpy(), arrow.values
    numbers, missing = cells.fill_null(0.0).to_numpy().astype("<f8"), cells.is_null().to_numpy(zero_copy_only=False)
    spans = [None if none else slice(*ends[i : i + 2]) for i, none in enumerate(lists.is_null())]
    hashes = [None if s is None else hashlib.sha256(numbers[s].tobytes() + missing[s].tobytes()).hexdigest() for s in spans]
    return pl.Series(lists.name, hashes, dtype=pl.String)
