"""Inter-country input-output tables: the form in which every source of such tables hands them over, and what must hold of it.

Rows and columns of a table are industries of economies in one order; a cell says what the row's industry delivered to the column's.
All values are current million US dollars. What cannot be true of a table as a whole is a `BadFile`: a table without one row is no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from ingestion.errors import BadFile
from ingestion.spec import Parsed, Revisions
from ingestion.tabular import BAD_SCHEMA

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

KEY = ("edition", "year", "country", "sector")
PARTITION = ("edition", "year")
COLUMNS: dict[str, Any] = {
    "edition": pl.String,
    "year": pl.Int16,
    "country": pl.String,  # the publisher's own codes
    "sector": pl.String,
    "position": pl.Int32,  # order of the industries in the table, from 1
    "intermediate_musd": pl.List(pl.Float64),  # deliveries to all industries, in the order of `position`
    "final_musd": pl.List(pl.Float64),  # deliveries to final demand, in the order of `final_columns`
    "final_columns": pl.List(pl.String),  # economy:category
    "output_musd": pl.Float64,
    "value_added_musd": pl.Float64,
    "taxes_musd": pl.Float64,
}
# What an industry delivered in all, its output: not every publisher says output apart.
REVISIONS = Revisions(("intermediate_musd", "final_musd"), by=("country", "sector"))
NULLABLE = {"output_musd", "value_added_musd", "taxes_musd"}
FIRST_YEAR, LAST_YEAR = 1990, 2100  # no table here is older
# Sums may miss the published total by this share of it (of USD 1 million where it is less).
TOLERANCE = 1e-3
AGAIN = "download the table again; if it stays, report it to the publisher: no row of this table is used"


@dataclass(frozen=True)
class Table:
    """One table of one year, G economies with N industries each, K columns of final demand; None: not published.

    `intermediate` (GN, GN), `final` (GN, K), the others (GN,). `other_inputs`: what stands beside intermediate use, value added
    and taxes in the columns (trade margins of the publisher, adjustments); it is needed for the column identity only.
    `columns_add_up`: False where the publisher does not say that columns add up to output.
    """

    edition: str
    year: int
    industries: Sequence[tuple[str, str]]
    intermediate: np.ndarray
    final: np.ndarray
    final_columns: Sequence[str]
    output: np.ndarray | None = None
    value_added: np.ndarray | None = None
    taxes: np.ndarray | None = None
    other_inputs: np.ndarray | None = None
    columns_add_up: bool = True


def same_labels(name: str, rows: Sequence[tuple[str, str]], columns: Sequence[tuple[str, str]]) -> None:
    """Labels are (economy, code). `columns`: the industries in the order of the rows, then final demand.

    Raises:
        BadFile: an industry comes twice, the orders differ, or columns of industries are left over: rows were cut off.
    """
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, 1):
        if row in seen:
            raise BadFile(name, "each industry of an economy once", f"{':'.join(row)} again", AGAIN, number)
        seen.add(row)
    for number, (row, column) in enumerate(zip(rows, columns, strict=False), 1):
        if row != column:
            expected = f"a square table: {':'.join(row)} as in row {number}"
            raise BadFile(name, expected, ":".join(column), AGAIN, number, f"number {number}")
    codes = {code for _, code in rows}
    left = sum(code in codes for _, code in columns[len(rows) :])
    if left or len(columns) <= len(rows):
        found = f"{len(rows)} rows and {min(len(rows), len(columns)) + left} columns of industries"
        raise BadFile(name, "a square table and columns of final demand", found, AGAIN)


def to_parsed(table: Table, name: str, rows_before: int = 0, rounding_musd: float = 0.0) -> Parsed:
    """Rows for the lake; `_row` runs on over the tables of one file.

    Raises:
        BadFile: see `check`.
    """
    check(table, name, rounding_musd)
    rows = len(table.industries)
    frame = pl.DataFrame(
        {
            "country": [country for country, _ in table.industries],
            "sector": [sector for _, sector in table.industries],
            "position": np.arange(1, rows + 1, dtype=np.int32),
            "_row": np.arange(rows_before + 1, rows_before + rows + 1, dtype=np.int64),
        }
    ).with_columns(
        _lists(table.intermediate).alias("intermediate_musd"),
        _lists(table.final).alias("final_musd"),
        pl.Series("final_columns", [list(table.final_columns)]).new_from_index(0, rows),
        edition=pl.lit(table.edition),
        year=pl.lit(table.year, dtype=pl.Int16),
        **{
            column: pl.lit(None, dtype=pl.Float64) if values is None else pl.Series(values)
            for column, values in (("output_musd", table.output), ("value_added_musd", table.value_added), ("taxes_musd", table.taxes))
        },
    )
    return Parsed(frame.select(*COLUMNS, "_row").cast({c: t for c, t in COLUMNS.items()}), pl.DataFrame(schema=BAD_SCHEMA), rows)


def joined(parts: Sequence[Parsed]) -> Parsed:
    """All tables of a file at once (small files only)."""
    frame = pl.concat([p.frame for p in parts])
    return Parsed(frame, pl.concat([p.bad for p in parts]), sum(p.rows_read for p in parts), parts[0].vintage)


def check(table: Table, name: str, rounding_musd: float = 0.0) -> None:
    """Every cell is there; rows add up to output, columns too where value added is published.

    `rounding_musd`: half a unit of the last digit of every cell, when somebody rounded the cells but not the totals.

    Raises:
        BadFile: naming economy and industry.
    """
    labels = [":".join(i) for i in table.industries]
    for values, columns in ((table.intermediate, labels), (table.final, table.final_columns)):
        if values.shape != (len(labels), len(columns)):
            raise BadFile(name, f"{len(labels)} rows of {len(columns)} cells", f"an array of {values.shape}", AGAIN)
        _complete(name, values, labels, columns)
    for column, values in (("output", table.output), ("value added", table.value_added), ("taxes", table.taxes)):
        if values is not None:
            _complete(name, values[:, None], labels, [column])
    if table.output is None:
        return
    used = table.intermediate.sum(axis=1) + table.final.sum(axis=1)
    cells = table.intermediate.shape[1] + table.final.shape[1]
    _equal(name, labels, "row sum (intermediate and final use)", used, table.output, rounding_musd * cells)
    if table.value_added is not None and table.columns_add_up:
        spent = table.intermediate.sum(axis=0) + table.value_added
        for inputs in (table.taxes, table.other_inputs):
            spent = spent if inputs is None else spent + inputs
        _equal(name, labels, "column sum (inputs, taxes, value added)", spent, table.output, rounding_musd * cells)


def _complete(name: str, values: np.ndarray, rows: Sequence[str], columns: Sequence[str]) -> None:
    if np.isfinite(values.sum()):  # one pass without a second array; a sum of finite cells is finite at these sizes
        return
    row, column = np.argwhere(~np.isfinite(values))[0]
    found = f"{np.count_nonzero(~np.isfinite(values))} missing cells, the first of {rows[row]} to {columns[column]}"
    raise BadFile(name, "a number in every cell", found, AGAIN, int(row) + 1, columns[column])


def _equal(name: str, labels: Sequence[str], what: str, found: np.ndarray, output: np.ndarray, rounding: float) -> None:
    gap = np.abs(found - output)
    wrong = gap > np.maximum(TOLERANCE * np.maximum(np.abs(output), 1.0), rounding)
    if wrong.any():
        row = int(np.argmax(np.where(wrong, gap, 0)))
        expected = f"{what} of {labels[row]} to be its output, {output[row]:.6g} million US dollars"
        raise BadFile(name, expected, f"{found[row]:.6g} ({int(wrong.sum())} of {len(labels)} industries differ)", AGAIN, row + 1, "output")


def _lists(matrix: np.ndarray) -> pl.Series:
    """One list a row."""
    return pl.Series(np.ascontiguousarray(matrix, dtype=np.float64)).arr.to_list()


@cache
def table_schema(editions: str, country: str) -> DataFrameSchema:
    """Schema of a raw table of this form; `editions` and `country` are regular expressions of the whole text."""
    from pandera.polars import Check, Column, DataFrameSchema, PolarsData

    def lengths(data: PolarsData) -> pl.LazyFrame:
        square = pl.col("intermediate_musd").list.len() == pl.len().over(PARTITION)
        return data.lazyframe.select(square & (pl.col("final_musd").list.len() == pl.col("final_columns").list.len()))

    checks = {
        "edition": Check.str_matches(f"^{editions}$"),
        "year": Check.in_range(FIRST_YEAR, LAST_YEAR),
        "country": Check.str_matches(f"^{country}$"),
        "sector": Check.str_matches(r"\S"),
        "position": Check.ge(1),
    }
    columns = {name: Column(dtype, checks.get(name), nullable=name in NULLABLE) for name, dtype in COLUMNS.items()}
    return DataFrameSchema(columns, checks=[Check(lengths, name="lists as long as the table is wide")], strict=True)
