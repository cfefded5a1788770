"""World Bank Logistics Performance Index: the workbook with a sheet an edition, and the DataBank export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingestion import content
from ingestion.errors import BadFile
from ingestion.spec import Parsed, Recognition, Revisions, SourceSpec
from ingestion.tabular import Cell, file_name, need_columns
from ingestion.text_stream import AGAIN
from ingestion.workbook import Row, parsed_cells, read_sheets, text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

DATABANK = ["Country Name", "Country Code", "Series Name", "Series Code"]
EDITION = re.compile(r"(\d{4}) \[YR\1\]")
MISSING = ("", "..")
NEW_EDITION = "report this: a new edition of the index"
OVERALL = "LP.LPI.OVRL.XQ"
# Block of the workbook -> series of DataBank. Titles changed between the editions; a word of each did not.
BLOCKS = {
    "overall": "OVRL", "customs": "CUST", "infrastructure": "INFR", "shipment": "ITRN", "logistics costs": "DOMC", "logistics": "LOGS",
    "tracking": "TRAC", "timeliness": "TIME",
}  # fmt: skip
# Column of a block -> ending. The half width of a confidence interval and domestic logistics costs are in the edition of 2007 only.
COLUMNS = {
    "score": "XQ", "rank": "RK", "score lower bound": "XQ.LB", "score upper bound": "XQ.UB", "rank lower bound": "RK.LB",
    "rank upper bound": "RK.UB", "% of highest performer": "RK.ZS", "confidence interval": "XQ.CI",
}  # fmt: skip

CELLS = {
    "country_code": Cell("code", pl.String, "a country code"),
    "country_name": Cell("name", pl.String, "a country name", required=False),
    "series_code": Cell("series", pl.String, "a series code"),
    "year": Cell("edition", pl.Int16, "the year of an edition"),
    "value": Cell("value", pl.Float64, "a number"),
}


def recognise(s: Sniff) -> Recognition | None:
    """By the texts of a workbook: the columns and a series of the export, or the titles above the columns of an edition."""
    if content.container(s) not in ("xlsx", "damaged_zip"):
        return None
    texts, detail = content.sheet_texts(s), {"name": s.name}
    if any(t.startswith("LP.LPI.") for t in texts):
        return Recognition("databank_xlsx", detail=detail)
    if {"overall LPI score", "Infrastructure"} <= texts:
        return Recognition("editions_xlsx", detail=detail)
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a cell that holds a value. `_row` numbers these cells in reading order.

    Raises:
        BadFile: damaged workbook, a missing column, or a block of columns with an unknown title.
    """
    name = file_name(path, recognition)
    if recognition.layout == "databank_xlsx":
        cells = _databank(read_sheets(path, name), name)
    else:
        sheets = read_sheets(path, name, r"\d{4}")
        cells = (cell for edition, rows in sheets.items() for cell in _edition(edition, rows, name))
    result = parsed_cells(cells, CELLS)
    editions = result.frame["year"].unique().sort().to_list()
    return replace(result, vintage=str(editions[-1]) if editions else "")


Cells = Iterator[tuple[str, str, str, str, str, str]]  # place, then the texts of CELLS


def _databank(sheets: dict[str, list[Row]], name: str) -> Cells:
    rows = sheets.get("Data") or next(iter(sheets.values()), [])
    header = [text(c) for c in rows[0]] if rows else []
    need_columns(name, header, DATABANK)
    editions = {j: found[1] for j, h in enumerate(header) if (found := EDITION.fullmatch(h))}
    if not editions:
        raise BadFile(name, "columns such as 2018 [YR2018]", ", ".join(header[4:8]) or "no further column", AGAIN, column=header[-1])
    at = [header.index(c) for c in DATABANK]
    for number, row in enumerate(rows[1:], 2):
        country, code, _, series = (text(row[j]) for j in at)
        for j, edition in editions.items():
            if text(row[j]) not in MISSING and (code or series):
                yield f"in line {number}, {edition}", code, country, series, edition, text(row[j])


def _edition(edition: str, rows: list[Row], name: str) -> Cells:
    """Titles of blocks stand in the first row, above their first column; names of columns in the third."""
    where = f"{name}:{edition}"
    titles, header = ([text(c).lower() for c in rows[n]] if len(rows) > n else [] for n in (0, 2))
    need_columns(where, header, ["country", "code"])
    series: dict[int, str] = {}
    block, last = "", ""
    for j in range(header.index("code") + 1, len(header)):
        if j < len(titles) and titles[j]:
            block = next((code for word, code in BLOCKS.items() if word in titles[j]), "")
            if not block:
                raise BadFile(where, f"a block of {', '.join(BLOCKS)}", titles[j], NEW_EDITION, column=titles[j])
        if not header[j]:
            continue
        column = f"{last} {header[j]}" if header[j].endswith("bound") else header[j]
        last = header[j] if header[j] in ("score", "rank") else last
        if column not in COLUMNS or not block:
            raise BadFile(where, f"a column of {', '.join(COLUMNS)}", header[j], NEW_EDITION, column=header[j])
        series[j] = f"LP.LPI.{block}.{COLUMNS[column]}"
    if OVERALL not in series.values():
        raise BadFile(where, "a column score under overall LPI score", ", ".join(header)[:80], AGAIN, column="score")
    for number, row in enumerate(rows[3:], 4):
        country, code = text(row[header.index("country")]), text(row[header.index("code")])
        for j, one in series.items():
            if (country or code) and text(row[j]) not in MISSING:
                yield f"in sheet {edition}, line {number}", code, country, one, edition, text(row[j])


def schema() -> DataFrameSchema:
    from ingestion.schemas.lpi import schema as build

    return build()


SOURCE = SourceSpec(
    name="lpi",
    table="raw_lpi__scores",
    title="Logistics Performance Index",
    publisher="World Bank",
    homepage="https://lpi.worldbank.org",
    citation="World Bank, Logistics Performance Index",
    licence="CC BY 4.0",
    may_redistribute=True,
    kind="context",
    cadence="an edition every two to five years (2007, 2010, 2012, 2014, 2016, 2018, 2023)",
    hosts=(),
    yearly=False,
    key=("country_code", "series_code", "year"),
    partition=("series_code", "year"),
    revisions=Revisions(("value",), by=("country_code", "series_code")),
    layouts={
        "databank_xlsx": "DataBank export: Country Name, Country Code, Series Name, Series Code, 2007 [YR2007] ...; missing = ..",
        "editions_xlsx": "workbook of the index, a sheet an edition: overall LPI score, overall LPI rank, Customs, Infrastructure ...",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
)
