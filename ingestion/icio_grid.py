"""Numbers with labels from wide files: thousands of columns, read at once into one array."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from ingestion.errors import BadFile
from ingestion.text_stream import AGAIN, BLOCK_BYTES

COLUMN_OF_ERROR = re.compile(r"In CSV column #(\d+)")
ROW_OF_ERROR = re.compile(r"[Rr]ow #?(\d+)")


@dataclass(frozen=True)
class Grid:
    """`labels[k][i]` is the text in the k-th leading column of row i; `values` (rows, columns), NaN where the cell is empty."""

    labels: list[list[str]]
    columns: list[str]
    values: np.ndarray


def read_cells(stream: io.BufferedReader) -> list[str]:
    """Cells of the next line of comma separated text, stripped; [] at the end."""
    line = stream.readline().decode("utf-8").rstrip("\r\n")
    return [cell.strip() for cell in next(csv.reader([line]), [])]


def read_grid(stream: io.BufferedReader, name: str, columns: Sequence[str], n_labels: int, delimiter: str = ",") -> Grid:
    """The rest of a delimited text: `n_labels` columns of text, then numbers. `columns` names all of them; rows count after the header.

    Raises:
        BadFile: a row of another length (a cut file), or a cell that is no number.
    """
    names = [str(i) for i in range(len(columns))]
    kinds: dict[str, pa.DataType] = {n: pa.string() if i < n_labels else pa.float64() for i, n in enumerate(names)}
    try:
        read = pa_csv.read_csv(
            pa.PythonFile(stream, "r"),
            read_options=pa_csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, column_names=names),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter),
            convert_options=pa_csv.ConvertOptions(column_types=kinds, null_values=[""], strings_can_be_null=False),
        )
    except pa.ArrowInvalid as e:
        text = str(e)
        place, row = COLUMN_OF_ERROR.search(text), ROW_OF_ERROR.search(text)
        column = columns[int(place[1])] if place else None
        expected = "a number in every cell" if place else f"{len(columns)} cells in every row"
        raise BadFile(name, expected, text[:200], AGAIN, int(row[1]) if row else None, column) from e
    return grid_of(read.rename_columns(names), columns, n_labels)


def grid_of(table: pa.Table, columns: Sequence[str], n_labels: int) -> Grid:
    """A table in memory as a grid; numbers in the label columns lose a trailing `.0`."""
    labels = [[re.sub(r"\.0$", "", t or "").strip() for t in pc.cast(c, pa.string()).to_pylist()] for c in table.columns[:n_labels]]
    values = np.empty((table.num_columns - n_labels, table.num_rows))
    for i, column in enumerate(table.columns[n_labels:]):
        values[i] = pc.cast(column, pa.float64()).to_numpy()
    return Grid(labels, list(columns[n_labels:]), values.T)
