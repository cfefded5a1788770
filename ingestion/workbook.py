"""Sheets of an Excel workbook (XLSX), cell by cell, as values."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from ingestion.errors import BadFile
from ingestion.spec import Parsed
from ingestion.tabular import Cell, parsed, typed
from ingestion.text_stream import AGAIN

Row = tuple[Any, ...]


def read_sheets(path: Path, name: str, titles: str = ".*") -> dict[str, list[Row]]:
    """Title -> rows of each sheet whose title matches the pattern `titles`, in the order of the workbook. An empty cell is None.

    Raises:
        BadFile: the workbook is damaged.
    """
    import openpyxl

    try:
        with path.open("rb") as f, warnings.catch_warnings():  # openpyxl goes by the name's ending, a blob has none
            warnings.simplefilter("ignore")  # it warns of decorations that it does not read
            book = openpyxl.load_workbook(f, read_only=True, data_only=True)
            return {s.title: list(s.iter_rows(values_only=True)) for s in book.worksheets if re.fullmatch(titles, s.title)}
    except (zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, EOFError, OSError) as e:  # SyntaxError: broken XML
        raise BadFile(name, "a readable workbook", f"a damaged one ({type(e).__name__}: {e})", AGAIN) from e


def text(cell: Any) -> str:
    """A cell as text: '' when empty; a whole number without '.0', so that years and codes stay what they look like."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def parsed_cells(found: Iterable[tuple[str, ...]], cells: Mapping[str, Cell]) -> Parsed:
    """Cells of a table of figures as rows: `found` gives the place in the workbook and then the texts in the order of `cells`.

    Faults are named by the place; `_row` counts the cells in reading order.
    """
    schema = {"_row": pl.Int64, "place": pl.String, **dict.fromkeys([c.source for c in cells.values()], pl.String)}
    raw = pl.DataFrame([(n, *cell) for n, cell in enumerate(found, 1)], schema=schema, orient="row")
    good, bad = typed(raw, cells)
    bad = bad.join(raw.select("_row", "place"), on="_row").with_columns(column=pl.concat_str("column", pl.lit(" "), "place"))
    return parsed([good], [bad.drop("place")], raw.height, {target: cell.dtype for target, cell in cells.items()})
