"""Sheets of an Excel workbook (XLSX), cell by cell, as values."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any

from ingestion.errors import BadFile
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
