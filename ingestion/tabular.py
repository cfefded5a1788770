"""Strict reading of delimited text: every data row ends as a typed row or as a fault with its place.

Rows of the wrong length and cells that do not cast become faults (one line each); a file that cannot be read as a whole
(wrong encoding, cut gzip, missing column, unclosed quote) raises `BadFile`. Text is never guessed: all cells are read as text,
so `NA` stays `NA` and `010111` keeps its zero.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from ingestion.errors import BadFile
from ingestion.spec import Parsed, Recognition
from ingestion.text_stream import AGAIN, BLOCK_BYTES, ahead

BAD_SCHEMA: dict[str, Any] = {"_row": pl.Int64, "column": pl.String, "expected": pl.String, "found": pl.String, "remedy": pl.String}
FIX_CELL = "correct the cell at the publisher's or download the file again; the row is kept in quarantine"
FOUND_CHARS = 80
FEW_VALUES = (pl.Categorical, pl.Int16)  # codes and years: read as a dictionary
DICTIONARY = pa.dictionary(pa.int32(), pa.string())
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
        types = {c.source: DICTIONARY if c.dtype in FEW_VALUES else pa.string() for c in self.cells.values()}
        wanted = list(types)
        need_columns(self.name, header, wanted)
        names = [h if header.index(h) == i else f"{h} #{i}" for i, h in enumerate(header)]
        ragged: list[dict[str, object]] = []
        gone_rows: list[int] = []

        unclosed: list[BadFile] = []  # the CSV reader does not pass on what its handler raises

        def wrong_length(row: pa_csv.InvalidRow) -> str:
            if "\n" in row.text:
                number = self.rows_before + (row.number or 0)
                unclosed.append(BadFile(self.name, "quotes that close on their line", repr(row.text[:FOUND_CHARS]), AGAIN, number))
                return "error"
            ragged.append(self._ragged(row, header))
            gone_rows.append(self.rows_before + (row.number or 0))
            return "skip"

        while self.stream.peek(1)[:1] in (b"\r", b"\n"):
            self.stream.read(1)
        if not self.stream.peek(1):
            return
        position = self.rows_before
        try:
            blocks = pa_csv.open_csv(
                pa.PythonFile(self.stream, "r"),
                read_options=pa_csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, column_names=names),
                parse_options=pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=wrong_length),
                convert_options=pa_csv.ConvertOptions(include_columns=wanted, column_types=types, strings_can_be_null=False),
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

    def _ragged(self, row: pa_csv.InvalidRow, header: list[str]) -> dict[str, object]:
        number = self.rows_before + (row.number or 0)
        short = row.actual_columns < row.expected_columns
        where = header[row.actual_columns] if short else f"after {header[-1]}"
        return {
            "_row": number,
            "column": where,
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
    faulty = [
        (t, c, good[t].is_null() if c.required else good[t].is_null() & (work.select(texts[c.source]).to_series() != ""))
        for t, c in cells.items()
    ]
    marks = pl.DataFrame([series.alias(t) for t, _, series in faulty])
    any_bad = marks.select(pl.any_horizontal(pl.all())).to_series()
    if not any_bad.any():
        return good, pl.DataFrame(schema=BAD_SCHEMA)
    faults = [
        work.filter(marks[t]).select(
            "_row",
            column=pl.lit(c.source),
            expected=pl.lit(c.expected),
            found=pl.when(texts[c.source] == "").then(pl.lit("nothing")).otherwise(texts[c.source].str.slice(0, FOUND_CHARS)),
            remedy=pl.lit(FIX_CELL),
        )
        for t, c, _ in faulty
    ]
    return good.filter(~any_bad), pl.concat(faults).cast(pl.Schema(BAD_SCHEMA))


def _value(text: pl.Series, cell: Cell) -> pl.Expr:
    """The typed value of a text cell; null where it is empty or does not cast. Of a dictionary each entry is cast once."""
    if text.dtype == pl.Categorical:
        distinct = text.unique()
        stripped = distinct.cast(pl.String).str.strip_chars().alias(text.name)
        values = stripped.to_frame().select(_value(stripped, cell)).to_series()
        return pl.col(text.name).replace_strict(distinct, values, return_dtype=values.dtype)
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
    frames: Sequence[pl.DataFrame], faults: Sequence[pl.DataFrame], rows_read: int, dtypes: Mapping[str, Any], vintage: str = ""
) -> Parsed:
    """Join blocks; the columns are those of `dtypes` and `_row`, in that order, also when there is no row."""
    order: dict[str, Any] = {**dtypes, "_row": pl.Int64}
    frame = pl.concat([f.select(list(order)) for f in frames]) if frames else pl.DataFrame(schema=order)
    bad = pl.concat(faults).sort("_row", maintain_order=True) if faults else pl.DataFrame(schema=BAD_SCHEMA)
    return Parsed(frame.cast(pl.Schema(order)), bad, rows_read, vintage)
