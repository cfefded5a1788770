"""Reading one file the way the pipeline does, without landing it."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

from ingestion.order import as_enum
from ingestion.registry import all_sources
from ingestion.sniff import Sniff
from ingestion.spec import Parsed, Recognition
from ingestion.validate import Validated, schema_faults, validate


def recognise(source: str, path: Path) -> Recognition | None:
    """What one source says about a file."""
    return all_sources()[source].recognise(Sniff(path, path.name))


def read(source: str, path: Path) -> Parsed:
    """Recognised, not refused, parsed; every row is accounted for."""
    recognition = recognise(source, path)
    assert recognition is not None and recognition.refused is None, recognition
    parsed = all_sources()[source].parse(path, recognition)
    assert parsed.frame.height + parsed.bad["_row"].n_unique() == parsed.rows_read
    return parsed


def check(source: str, path: Path) -> Validated:
    """Parsed and held against schema and key."""
    return validate(all_sources()[source], path.name, read(source, path))


def refuses(source: str, parsed: Parsed, column: str, value: object) -> bool:
    """The schema finds a bad value planted in the first row of good ones."""
    import polars as pl

    frame = parsed.frame
    assert schema_faults(all_sources()[source], "good", frame).is_empty()
    is_enum = frame.schema[column] == pl.Enum
    dtype = pl.String() if is_enum else frame.schema[column]
    planted = pl.when(pl.col("_row") == frame["_row"][0]).then(pl.lit(value, dtype=dtype)).otherwise(pl.col(column).cast(dtype))
    bad = frame.with_columns(planted.alias(column))
    faults = schema_faults(all_sources()[source], "bad", bad.with_columns(as_enum(bad[column])) if is_enum else bad)
    return frame["_row"][0] in faults["_row"].to_list()


def gzipped(body: str) -> bytes:
    """The same bytes on every run."""
    return gzip.compress(body.encode(), mtime=0)


def zipped(path: Path, members: dict[str, str]) -> Path:
    """An archive with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, body in members.items():
            z.writestr(name, body)
    return path


def workbook(path: Path, sheets: dict[str, list[tuple[object, ...]]]) -> Path:
    """An XLSX workbook with these rows."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    with path.open("wb") as f:
        book.save(f)
    return path
