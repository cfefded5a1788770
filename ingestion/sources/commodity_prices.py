"""World Bank commodity prices, the Pink Sheet: workbooks of monthly and of yearly prices."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingestion import content
from ingestion.errors import BadFile
from ingestion.spec import Parsed, Recognition, Revisions, SourceSpec, Watch
from ingestion.tabular import Cell, file_name
from ingestion.text_stream import AGAIN
from ingestion.workbook import Row, parsed_cells, read_sheets, text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

TITLE = "World Bank Commodity Price Data"
# Sheet -> basis of its prices. Indices are weighted means of these prices and are not read.
SHEETS = {"Monthly Prices": "nominal", "Annual Prices (Nominal)": "nominal", "Annual Prices (Real)": "real_2010"}
PERIOD = re.compile(r"((?:19|20)\d\d)(?:M(0[1-9]|1[0-2]))?")
UPDATED = re.compile(r"Updated on ([A-Z][a-z]+ \d{1,2}, \d{4})")
UNIT = re.compile(r"\((.+)\)")
MISSING = ("", "…", "..", "...")
HEAD_ROWS = 12  # titles, names, units, in older files a row of series ids: prices begin somewhere below

CELLS = {
    "commodity": Cell("commodity", pl.String, "a commodity"),
    "unit": Cell("unit", pl.String, "a unit"),
    "year": Cell("year", pl.Int16, "a year"),
    "month": Cell("month", pl.Int8, "a month", required=False),
    "price": Cell("price", pl.Float64, "a number"),
    "price_basis": Cell("basis", pl.String, "nominal or real"),
    "frequency": Cell("frequency", pl.String, "A or M"),
}


def recognise(s: Sniff) -> Recognition | None:
    """By the publisher's title above the sheets and what the second line says of the prices."""
    if content.container(s) not in ("xlsx", "damaged_zip"):
        return None
    texts = content.sheet_texts(s)
    if not any(t.startswith(TITLE) for t in texts):
        return None
    monthly = any(t.startswith("monthly prices") for t in texts)
    return Recognition("monthly_xlsx" if monthly else "annual_xlsx", detail={"name": s.name})


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a cell that holds a price. `_row` numbers these cells in reading order.

    Raises:
        BadFile: damaged workbook, no sheet of prices, no date of the update, no line of units.
    """
    name = file_name(path, recognition)
    sheets = read_sheets(path, name, "|".join(map(re.escape, SHEETS)))
    if not sheets:
        raise BadFile(name, f"a sheet {' or '.join(SHEETS)}", "none of them", AGAIN)
    updated = {_updated(rows, f"{name}:{title}") for title, rows in sheets.items()}
    if len(updated) != 1:
        raise BadFile(name, "one date of the update", ", ".join(sorted(map(str, updated))), "drop the workbook as the publisher ships it")
    result = parsed_cells((cell for title, rows in sheets.items() for cell in _prices(title, rows, name)), CELLS)
    day = updated.pop()
    return replace(result, frame=result.frame.with_columns(updated_on=pl.lit(day)), vintage=day.isoformat())


def _updated(rows: list[Row], where: str) -> dt.date:
    said = [text(r[0]) for r in rows[:HEAD_ROWS] if r]
    for line in said:
        if found := UPDATED.search(line):
            try:
                return dt.datetime.strptime(found[1], "%B %d, %Y").date()
            except ValueError:
                break
    raise BadFile(where, "a line Updated on <month> <day>, <year>", "; ".join(s for s in said if s)[:80] or "nothing", AGAIN)


def _prices(title: str, rows: list[Row], name: str) -> Iterator[tuple[str, ...]]:
    """Names stand above units in brackets; prices begin with the first year in the first column and end with the last one."""
    units_at = next((i for i, r in enumerate(rows[:HEAD_ROWS]) if sum(bool(UNIT.fullmatch(text(c))) for c in r) > 1), 0)
    if not units_at:
        raise BadFile(f"{name}:{title}", "a line of units such as ($/kg) below the names", "none", AGAIN)
    units = {j: UNIT.fullmatch(text(c)) for j, c in enumerate(rows[units_at])}
    for number, row in enumerate(rows[units_at + 1 :], units_at + 2):
        period = PERIOD.fullmatch(text(row[0]))
        if period is None:
            continue
        for j, unit in units.items():
            if unit and text(row[j]) not in MISSING:
                commodity = text(rows[units_at - 1][j]).rstrip("* ")  # asterisks point to a note on the series
                place = f"of {commodity}, {period[0]} in sheet {title}, line {number}"
                when = (period[1], period[2] or "")
                yield place, commodity, unit[1].replace("¢", "cents"), *when, text(row[j]), SHEETS[title], "M" if period[2] else "A"


def schema() -> DataFrameSchema:
    from ingestion.schemas.commodity_prices import schema as build

    return build()


SOURCE = SourceSpec(
    name="commodity_prices",
    table="raw_commodity_prices__prices",
    title="World Bank commodity prices (the Pink Sheet)",
    publisher="World Bank",
    homepage="https://www.worldbank.org/en/research/commodity-markets",
    citation="World Bank, Commodity Price Data (The Pink Sheet)",
    licence="CC BY 4.0",
    may_redistribute=True,
    kind="context",
    cadence="monthly, on the second working day; yearly file twice a year",
    watch=Watch(late_after_days=45),
    hosts=(),
    yearly=False,
    key=("price_basis", "frequency", "commodity", "year", "month"),
    partition=("price_basis", "frequency"),
    revisions=Revisions(("price",), by=("commodity", "frequency")),
    layouts={
        "monthly_xlsx": "CMO-Historical-Data-Monthly.xlsx, sheet Monthly Prices: names, units, 1960M01 ...; missing = …",
        "annual_xlsx": "CMO-Historical-Data-Annual.xlsx, sheets Annual Prices (Nominal) and Annual Prices (Real)",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
)
