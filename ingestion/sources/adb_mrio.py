"""ADB Multiregional Input-Output tables: the publisher's sheet saved as CSV, in the layout that public programs read."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion import content
from ingestion.icio_sheet import SAVE, read_sheet
from ingestion.icio_tables import KEY, PARTITION, REVISIONS, to_parsed
from ingestion.spec import Parsed, Recognition, SourceSpec, Watch
from ingestion.tabular import file_name
from ingestion.text_stream import open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

TITLE = re.compile(r'"?Multi-?\s?regional Input[-–]Output Table', re.IGNORECASE)
CONSTANT_PRICES = re.compile(r"constant (?:\d{4} )?prices", re.IGNORECASE)
TITLE_LINES = 4


def recognise(s: Sniff) -> Recognition | None:
    """By the title in the first cell."""
    detail = {"name": s.name}
    if content.container(s) == "xlsx":
        if any(TITLE.match(text) for text in content.sheet_texts(s)):
            return Recognition("sheet_csv", f"a workbook: {SAVE}", detail=detail)
        return None
    lines = content.text(s).splitlines()[:TITLE_LINES]
    if not lines or not TITLE.match(lines[0].lstrip()):
        return None
    if any(CONSTANT_PRICES.search(line) for line in lines):
        return Recognition("sheet_csv", "constant prices: tables at current prices are used", detail=detail)
    return Recognition("sheet_csv", detail=detail)


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row an industry of an economy. Tables of 62, 72 and 74 economies are editions of their own.

    Raises:
        BadFile: as `read_sheet`; or the table is not square, a cell is missing, a sum misses the published output.
    """
    name = file_name(path, recognition)
    with open_text(path, name) as stream:
        table = read_sheet(stream, name, "ADB MRIO")
    economies = {country for country, _ in table.industries if country.upper() != "ROW"}
    return to_parsed(replace(table, edition=f"ADB MRIO {len(economies)}"), name)


def schema() -> DataFrameSchema:
    from ingestion.schemas.adb_mrio import schema as build

    return build()


SOURCE = SourceSpec(
    name="adb_mrio",
    table="raw_adb_mrio__tables",
    title="Multiregional Input-Output tables",
    publisher="Asian Development Bank",
    homepage="https://kidb.adb.org/mrio",
    citation="Asian Development Bank, Multiregional Input-Output Database",
    licence="ADB terms of use; passing tables on is not stated",
    may_redistribute=False,
    kind="value_added",
    cadence="yearly",
    watch=Watch(late_after_days=425),
    hosts=(),
    yearly=True,
    key=KEY,
    partition=PARTITION,
    revisions=REVISIONS,
    layouts={
        "sheet_csv": "sheet saved as CSV: Multiregional Input-Output Table <year>; economies and codes c1 ... F1 ..., ToT; r60 r99 r64 r69"
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
)
