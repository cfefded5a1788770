"""Strict reading of delimited text: every data row ends as a typed row or as a fault with its place.

Rows of the wrong length and cells that do not cast become faults (one line each); a file that cannot be read as a whole
(wrong encoding, cut gzip, missing column, unclosed quote) raises `BadFile`. Text is never guessed: all cells are read as text,
so `NA` stays `NA` and `010111` keeps its zero.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from ingestion.errors import BadFile
from ingestion.order import as_enum
from ingestion.spec import Parsed, Recognition
from ingestion.text_stream import AGAIN, BLOCK_BYTES, Chunks, ahead

BAD_SCHEMA: dict[str, Any] = {"_row": pl.Int64, "column": pl.String, "expected": pl.String, "found": pl.String, "remedy": pl.String}
FIX_CELL = "correct the cell at the publisher's or download the file again; the row is kept in quarantine"
FOUND_CHARS = 80
FEW_VALUES = (pl.Categorical, pl.Int16)  # codes and years: read as a dictionary
DICTIONARY = pa.dictionary(pa.int32(), pa.string())
BLANK = re.compile(rb"[\r\n]*\Z")
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


@dataclass(frozen=True)
class Cell:
    """How one text cell becomes one typed value. `expr` maps the stripped text before the cast."""

    source: str
    dtype: pl.DataType | type[pl.DataType]
    expected: str
    required: bool = True  # an empty cell is a fault
    expr: Callable[[pl.Expr], pl.Expr] | None = None


def file_name(path: Path, recognition: Recognition) -> str:
    """The name the user knows the file by, else the name on disk."""
    return str(recognition.detail.get("name") or path.name)


@dataclass
class CsvRows:
    """Typed frames of one delimited text, block by block; afterwards `faults` and `rows_read` are complete."""

    stream: io.BufferedReader
    name: str
    cells: Mapping[str, Cell]
    header: list[str] | None = None  # None: the next line of the stream
    rows_before: int = 0  # data rows of earlier members, so that `_row` runs on
    faults: list[pl.DataFrame] = field(default_factory=list)
    rows_read: int = 0

    def raw_blocks(self) -> Iterator[pl.DataFrame]:
        """Frames of text cells with `_row`. Rows of the wrong length go to `faults`.

        Raises:
            BadFile: a needed column is missing, a quote is not closed, the stream is damaged.
        """
        header = self.header if self.header is not None else read_header(self.stream)
        need_columns(self.name, header, [c.source for c in self.cells.values()])
        while self.stream.peek(1)[:1] in (b"\r", b"\n"):
            self.stream.read(1)
        for text in _texts(self.stream):
            yield from self._blocks(text, header)

    def _blocks(self, text: bytes | IO[bytes], header: list[str]) -> Iterator[pl.DataFrame]:
        """As `raw_blocks`, of whole lines without quotes (bytes) or of all that follows (a stream)."""
        types = {c.source: DICTIONARY if c.dtype in FEW_VALUES else pa.string() for c in self.cells.values()}
        names = [h if header.index(h) == i else f"{h} #{i}" for i, h in enumerate(header)]
        position = before = self.rows_before + self.rows_read
        ragged: list[dict[str, object]] = []
        gone_rows: list[int] = []
        unclosed: list[BadFile] = []  # the CSV reader does not pass on what its handler raises

        def wrong_length(row: pa_csv.InvalidRow) -> str:
            number = before + (row.number or 0)
            if "\n" in row.text:
                unclosed.append(BadFile(self.name, "quotes that close on their line", repr(row.text[:FOUND_CHARS]), AGAIN, number))
                return "error"
            ragged.append(_ragged(row, header, number))
            gone_rows.append(number)
            return "skip"

        is_plain = isinstance(text, bytes)
        size = len(text) + 1 if isinstance(text, bytes) else BLOCK_BYTES
        try:
            blocks = pa_csv.open_csv(
                pa.BufferReader(text) if is_plain else pa.PythonFile(text, "r"),
                read_options=pa_csv.ReadOptions(use_threads=False, block_size=size, column_names=names),
                parse_options=pa_csv.ParseOptions(newlines_in_values=not is_plain, invalid_row_handler=wrong_length),
                convert_options=pa_csv.ConvertOptions(include_columns=list(types), column_types=types, strings_can_be_null=False),
            )
            for batch in blocks:
                # The handler may run ahead of the batches, never behind: skip the numbers it has named.
                gone = [n for n in gone_rows if n > position]
                numbers = np.arange(position + 1, position + 1 + batch.num_rows + len(gone))
                rows = numbers[~np.isin(numbers, gone)][: batch.num_rows] if gone else numbers
                position = int(rows[-1]) if len(rows) else position
                self.rows_read += batch.num_rows
                yield pl.DataFrame(pl.from_arrow(batch)).with_columns(pl.Series("_row", rows, dtype=pl.Int64))
        except pa.ArrowInvalid as e:
            if unclosed:
                raise unclosed[0] from e
            raise BadFile(self.name, "delimited text", f"text that cannot be split into cells ({e})", AGAIN, position + 1) from e
        self.rows_read += len(ragged)
        if ragged:
            self.faults.append(pl.DataFrame(ragged, schema=BAD_SCHEMA))

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for block in ahead(self.raw_blocks()):
            good, bad = typed(block, self.cells)
            if bad.height:
                self.faults.append(bad)
            yield good


def _texts(stream: io.BufferedReader) -> Iterator[bytes | IO[bytes]]:
    """Blocks of whole lines as long as no cell is quoted, then the rest as a stream.

    Only a quote can hide the end of a line: without one the reader need not look for it.
    """
    rest = b""
    while chunk := stream.read(BLOCK_BYTES):
        end = chunk.rfind(b"\n") + 1
        if not end or b'"' in chunk:
            yield io.BufferedReader(Chunks(chain([rest + chunk], iter(partial(stream.read, BLOCK_BYTES), b""))), BLOCK_BYTES)
            return
        lines = b"".join((rest, memoryview(chunk)[:end]))
        rest = chunk[end:]
        if not BLANK.match(lines):
            yield lines
    if rest:
        yield rest


def _ragged(row: pa_csv.InvalidRow, header: list[str], number: int) -> dict[str, object]:
    """The fault of a row with too few or too many cells."""
    short = row.actual_columns < row.expected_columns
    return {
        "_row": number,
        "column": header[row.actual_columns] if short else f"after {header[-1]}",
        "expected": f"{row.expected_columns} cells",
        "found": f"{row.actual_columns} cells: {row.text[:FOUND_CHARS]}",
        "remedy": f"{AGAIN}; a {'short' if short else 'long'} row is not read",
    }


def read_header(stream: IO[bytes]) -> list[str]:
    """Cells of the next line."""
    line = stream.readline().decode("utf-8").rstrip("\r\n")
    return next(csv.reader([line.replace("\r", " ")]), [])


def need_columns(name: str, header: Sequence[str], wanted: Sequence[str]) -> None:
    """Raises BadFile naming the first missing column, and what stands in the header instead."""
    missing = [c for c in wanted if c not in header]
    if missing:
        strangers = [h for h in header if h not in wanted][:8]
        raise BadFile(
            name, f"column {missing[0]}", f"a header without {', '.join(missing)} (it has also: {', '.join(strangers) or 'nothing else'})",
            "use the publisher's own header; do not rename or drop columns", column=missing[0],
        )  # fmt: skip


def typed(raw: pl.DataFrame, cells: Mapping[str, Cell]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Text cells -> (rows where all cells cast, faults). An empty optional cell is null."""
    work = raw.with_columns(pl.col(s).str.strip_chars() for s in {c.source for c in cells.values()} if raw.schema[s] == pl.String)
    texts = {s: pl.col(s) if t == pl.String else pl.col(s).cast(pl.String).str.strip_chars() for s, t in work.schema.items() if s != "_row"}
    good = work.select("_row", *[_value(work[c.source], c).alias(t) for t, c in cells.items()])
    numbers = [pl.col(t) for t, c in cells.items() if c.dtype in (pl.Float64, pl.Float32)]
    good = good.with_columns(pl.when(n.is_finite()).then(n) for n in numbers)
    faulty: dict[str, pl.Series] = {}
    for target, cell in cells.items():
        if good[target].null_count():
            is_null = good[target].is_null()
            mark = is_null if cell.required else is_null & (work.select(texts[cell.source]).to_series() != "")
            faulty |= {target: mark} if mark.any() else {}
    if not faulty:
        return good, pl.DataFrame(schema=BAD_SCHEMA)
    faults = [
        work.filter(mark).select(
            "_row",
            column=pl.lit(cells[t].source),
            expected=pl.lit(cells[t].expected),
            found=pl.when(texts[cells[t].source] == "").then(pl.lit("nothing")).otherwise(texts[cells[t].source].str.slice(0, FOUND_CHARS)),
            remedy=pl.lit(FIX_CELL),
        )
        for t, mark in faulty.items()
    ]
    is_bad = pl.DataFrame([mark.alias(t) for t, mark in faulty.items()]).select(pl.any_horizontal(pl.all())).to_series()
    return good.filter(~is_bad), pl.concat(faults).cast(pl.Schema(BAD_SCHEMA))


def _value(text: pl.Series, cell: Cell) -> pl.Expr | pl.Series:
    """The typed value of a text cell; null where it is empty or does not cast. Of a dictionary each entry is cast once."""
    if text.dtype == pl.Categorical:
        codes = text.to_physical()
        entries = pl.Series(text.name, range(1 + int(codes.to_numpy().max(initial=0))), dtype=pl.UInt32).cat.to(text.dtype)
        stripped = entries.cast(pl.String).str.strip_chars()
        return stripped.to_frame().select(_value(stripped, cell)).to_series().gather(codes)
    content = pl.col(text.name)
    value = cell.expr(content) if cell.expr else content
    if cell.dtype == pl.Boolean:
        value = value.str.to_lowercase().replace_strict(BOOLEANS, default=None, return_dtype=pl.Boolean)
    elif cell.dtype in (pl.Float64, pl.Float32):
        value = value.cast(pl.Float64, strict=False)
    elif cell.dtype != pl.String:
        value = value.cast(cell.dtype, strict=False)
    return pl.when(content != "").then(value)


def joined(parts: Iterable[Parsed], dtypes: Mapping[str, Any]) -> Parsed:
    """The pieces of a file as one: for small files of a source that is read in pieces. The vintage is the first piece's."""
    found = list(parts)
    return parsed([p.frame for p in found], [p.bad for p in found], sum(p.rows_read for p in found), dtypes, found[0].vintage)


def parsed(
    frames: Iterable[pl.DataFrame], faults: Sequence[pl.DataFrame], rows_read: int, dtypes: Mapping[str, Any], vintage: str = ""
) -> Parsed:
    """Join blocks; the columns are those of `dtypes` and `_row`, in that order, also when there is no row."""
    return Parsed(stacked(frames, {**dtypes, "_row": pl.Int64}), in_row_order(faults), rows_read, vintage)


def in_row_order(faults: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The faults of all blocks, by row."""
    return pl.concat(faults).sort("_row", maintain_order=True) if faults else pl.DataFrame(schema=BAD_SCHEMA)


def stacked(frames: Iterable[pl.DataFrame], dtypes: Mapping[str, Any]) -> pl.DataFrame:
    """One block of rows from many; dictionaries become enumerations of the texts that occur.

    Column by column, so that what is passed as an iterator is never held twice.
    """
    left, columns = [f.select(list(dtypes)) for f in frames], []
    for name, dtype in dtypes.items():
        parts = [f.get_column(name).cast(dtype) for f in left]
        left = [f.drop(name) for f in left]
        column = pl.concat(parts, rechunk=True) if parts else pl.Series(name, dtype=dtype)
        columns.append(as_enum(column) if dtype == pl.Categorical else column)
    return pl.DataFrame(columns)
