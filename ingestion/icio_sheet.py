"""The worksheet of the WIOD release of 2013, in which the ADB publishes too, saved as CSV.

First cell: a title that ends with the year. Then lines of names, economies and codes (`c1` ...) above the numbers; before the
numbers four cells: a code or nothing, the name, the economy, the code. Last column: output. Below the industries: `r60` intermediate
inputs, `r99` taxes less subsidies on products, `r61`-`r63` adjustments and purchases of travellers, `r64` value added at basic
prices, international transport margins (`r65`, ADB `trs`), `r69` output. (Order of lines: pymrio 0.7.0, `parse_wiod`.)
"""

from __future__ import annotations

import io
import re

import numpy as np

from ingestion.errors import BadFile
from ingestion.icio_grid import Grid, read_cells, read_grid
from ingestion.icio_tables import Table, same_labels

LABELS = 4
HEADER_LINES = 10  # more than any release has
INDUSTRY = re.compile(r"c\d+")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
TOTALS = {"r60", "r69"}
VALUE_ADDED, TAXES = "r64", "r99"
SAVE = "save the publisher's sheet as CSV, all rows and columns, with full precision"


def read_sheet(stream: io.BufferedReader, name: str, edition: str) -> Table:
    """The table of the sheet.

    Raises:
        BadFile: no title with a year, no line of codes, no row of value added, a cell that is no number.
    """
    year, countries, codes = _header(stream, name)
    grid = read_grid(stream, name, [f"{c}:{k}".strip(":") for c, k in zip(countries, codes, strict=True)], LABELS)
    rows = list(zip(grid.labels[2], grid.labels[3], strict=True))
    columns = list(zip(countries, codes, strict=True))[LABELS:]
    n = next((i for i, (_, code) in enumerate(rows) if not INDUSTRY.fullmatch(code)), len(rows))
    total = next((i for i, (country, _) in enumerate(columns) if i >= n and country.upper() in ("", "TOT")), None)
    if total is None:
        raise BadFile(name, "a last column with the total (TOT)", f"{columns[-1][0]}:{columns[-1][1]}", SAVE)
    same_labels(name, rows[:n], columns[:total])
    inputs = _inputs(name, grid, rows[n:], n)
    others = [values for code, values in inputs.items() if code not in {*TOTALS, VALUE_ADDED, TAXES}]
    return Table(
        edition=edition,
        year=year,
        industries=rows[:n],
        intermediate=grid.values[:n, :n],
        final=grid.values[:n, n:total],
        final_columns=[":".join(c) for c in columns[n:total]],
        output=grid.values[:n, total],
        value_added=inputs[VALUE_ADDED],
        taxes=inputs.get(TAXES),
        other_inputs=np.sum(others, axis=0) if others else None,
    )


def _header(stream: io.BufferedReader, name: str) -> tuple[int, list[str], list[str]]:
    """Year, and the economy and code of each column."""
    lines = [read_cells(stream)]
    title = lines[0][0] if lines[0] else ""
    year = YEAR.findall(title)
    if not year:
        raise BadFile(name, "a title that ends with the year in the first cell", title[:80] or "nothing", SAVE, column="number 1")
    while len(lines) < HEADER_LINES:
        lines.append(read_cells(stream))
        if len(lines[-1]) > LABELS and INDUSTRY.fullmatch(lines[-1][LABELS]):
            width = max(map(len, lines[-2:]))  # the total has an economy and no code
            countries, codes = (line + [""] * (width - len(line)) for line in lines[-2:])
            return int(year[-1]), countries, codes
    raise BadFile(name, f"a line of codes c1, c2, ... among the first {HEADER_LINES} lines", "none", SAVE)


def _inputs(name: str, grid: Grid, rows: list[tuple[str, str]], n: int) -> dict[str, np.ndarray]:
    """The rows below the industries, by code: their cells under the industries; an empty cell is nothing paid."""
    found = {code: np.nan_to_num(grid.values[n + i, :n]) for i, (_, code) in enumerate(rows) if code}
    if VALUE_ADDED not in found:
        raise BadFile(name, f"a row {VALUE_ADDED}, value added, below {n} industries", ", ".join(found) or "no further row", SAVE)
    return found
