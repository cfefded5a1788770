"""FAOSTAT, crops and livestock products: area harvested, yield and production by country and year since 1961."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion import content
from ingestion.bulk_text import open_bulk
from ingestion.faostat_text import NORMALIZED, whole_archive
from ingestion.spec import Budget, Parsed, Recognition, Request, Revisions, SourceSpec, Watch
from ingestion.tabular import Cell, CsvRows, file_name, parsed

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

MEMBER = re.compile(r"(?:.*/)?Production_Crops_Livestock_E_All_Data_\(Normalized\)\.csv")
ARCHIVE = "Production_Crops_Livestock_E_All_Data_(Normalized).zip"
# FAO's numbers of what this data set counts: a bare member of another data set has the same columns and other elements.
ELEMENTS = re.compile(r"5111|5112|5114|5312|5313|5314|5318|5320|5321|541\d|542\d|5510|5513")
WEB_EXPORT = [
    "Domain Code", "Domain", "Area Code (FAO)", "Area", "Element Code", "Element", "Item Code (FAO)", "Item", "Year Code", "Year", "Unit",
    "Value", "Flag", "Flag Description",
]  # fmt: skip
DOMAINS = ("QCL", "QC")
OUR_WORLD_IN_DATA = re.compile(r"Crops - .+ - \d+ - \w+ - \d{4} - .+")


def _cells(suffix: str) -> dict[str, Cell]:
    return {
        "area_code": Cell(f"Area Code{suffix}", pl.String, "an area number of FAO"),
        "area": Cell("Area", pl.String, "an area name", required=False),
        "item_code": Cell(f"Item Code{suffix}", pl.String, "an item number of FAO"),
        "item": Cell("Item", pl.String, "an item name", required=False),
        "element_code": Cell("Element Code", pl.String, "an element number of FAO"),
        "element": Cell("Element", pl.String, "an element", required=False),
        "year": Cell("Year", pl.Int16, "a year"),
        "unit": Cell("Unit", pl.String, "a unit"),
        "value": Cell("Value", pl.Float64, "a number", required=False),
        "flag": Cell("Flag", pl.String, "a flag of FAO", required=False),
    }


BULK, WEB = _cells(""), _cells(" (FAO)")
DTYPES: dict[str, Any] = {target: cell.dtype for target, cell in BULK.items()}


def recognise(s: Sniff) -> Recognition | None:
    """By the member of the archive (also of a cut one); bare, by FAO's columns and the element in the first row; or by the web export's."""
    detail = {"name": s.name}
    if any(MEMBER.fullmatch(m) for m in content.members(s)):
        return Recognition("bulk_zip", detail=detail)
    header = content.header(s)
    first = content.row_below(s)
    if content.looks_like(header, NORMALIZED, 9) and "Item Code" in header:
        return Recognition("bulk_csv", detail=detail) if ELEMENTS.fullmatch(first.get("Element Code", "")) else None
    if header[:2] == WEB_EXPORT[:2]:
        if first.get("Domain Code") not in DOMAINS:
            return None
        m49 = {"Area Code (M49)", "Item Code (CPC)"} & set(header)
        other = "web export with M49 or CPC codes: take the bulk archive, or export with FAO codes" if m49 else None
        return Recognition("web_export", other, detail=detail)
    refused = _refused(s, header)
    return Recognition("web_export", refused, detail=detail) if refused else None


def _refused(s: Sniff, header: list[str]) -> str | None:
    if header[:3] == ["Entity", "Code", "Year"] and OUR_WORLD_IN_DATA.fullmatch(header[-1]):
        return "converted by Our World in Data: its own codes, without flags"
    if header[:5] == ["Area", "Year", "Item", "Element", "Unit"] and "Flag.Description" in header:
        return "converted by someone: columns of codes cut off, value column renamed"
    text = content.text(s)
    if text.startswith("# File:") and "gcamfaostat" in text:
        return "derived by gcamfaostat: missing values filled in, countries without producer prices left out"
    if re.match(r'\s*\{\s*"Datasets"\s*:', text):
        return "list of the data sets of FAOSTAT, without figures"
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a figure: area, item, element and year.

    Raises:
        BadFile: damaged archive, wrong members, undecodable text, or a missing column.
    """
    cells = WEB if recognition.layout == "web_export" else BULK
    with open_bulk(path, file_name(path, recognition), MEMBER) as (place, stream):
        rows = CsvRows(stream, place, cells)
        frames = list(rows)
    return parsed(frames, rows.faults, rows.rows_read, DTYPES)


PLAN_HELP = "acpgvc fetch faostat_crops; one archive, always the whole data set"


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """The one archive. It is overwritten in place under the same name."""
    yield whole_archive(SOURCE, ARCHIVE, args)


def schema() -> DataFrameSchema:
    from ingestion.schemas.faostat_crops import schema as build

    return build()


SOURCE = SourceSpec(
    name="faostat_crops",
    table="raw_faostat_crops__data",
    title="FAOSTAT, crops and livestock products",
    publisher="Food and Agriculture Organization of the United Nations",
    homepage="https://www.fao.org/faostat/en/#data/QCL",
    citation="FAO, FAOSTAT: Crops and livestock products",
    licence="CC BY 4.0 (FAOSTAT)",
    may_redistribute=True,
    kind="context",
    cadence="yearly, in December; files are overwritten under the same name",
    watch=Watch(late_after_days=425, cron="0 5 10 1,7 *"),
    hosts=("bulks-faostat.fao.org",),
    yearly=False,
    key=("area_code", "item_code", "element_code", "unit", "year"),
    partition=("item_code",),
    revisions=Revisions(("value",), by=("area_code", "item_code", "element_code")),
    layouts={
        "bulk_zip": f"{ARCHIVE}: Area Code, Area, Item Code, Item, Element Code, Element, Year, Unit, Value, Flag; UTF-8 or cp1252",
        "bulk_csv": "the member of that archive alone",
        "web_export": "export of the web page with FAO codes: Domain Code, Domain, Area Code (FAO), ..., Flag Description",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    budget=Budget(min_interval_s=1.0, read_timeout_s=300.0, total_timeout_s=3600.0),
    wire_fields=dict.fromkeys(("bulk_zip", "bulk_csv"), tuple(NORMALIZED)),
    base_url="https://bulks-faostat.fao.org/production",
    plan_help=PLAN_HELP,
)
