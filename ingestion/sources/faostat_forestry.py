"""FAOSTAT, forestry production and trade: cubic metres of logs, sawnwood, veneer and panels by country and year since 1961."""

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
from ingestion.tabular import BAD_SCHEMA, Cell, CsvRows, file_name, parsed, typed
from ingestion.text_stream import open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

MEMBER = re.compile(r"(?:.*/)?Forestry_E_All_Data_\(Normalized\)\.csv")
ARCHIVE = "Forestry_E_All_Data_(Normalized).zip"
FORESTRY_ITEM = re.compile(r"16\d\d|18[67]\d")  # FAO's numbers of wood and paper products; crops and animals share the columns
TIDY = ["area_code", "area", "item_code", "item", "year", "unit", "exports", "imports", "production"]
TIDY_ELEMENTS = {"exports": "export quantity", "imports": "import quantity", "production": "production"}

CELLS = {
    "area_code": Cell("Area Code", pl.String, "an area number of FAO"),
    "area": Cell("Area", pl.String, "an area name", required=False),
    "item_code": Cell("Item Code", pl.String, "an item number of FAO"),
    "item": Cell("Item", pl.String, "an item name", required=False),
    "element": Cell("Element", pl.String, "an element", expr=lambda text: text.str.to_lowercase()),
    "year": Cell("Year", pl.Int16, "a year"),
    "unit": Cell("Unit", pl.String, "a unit"),
    "quantity": Cell("Value", pl.Float64, "a number", required=False),
    "flag": Cell("Flag", pl.String, "a flag of FAO", required=False),
}
DTYPES: dict[str, Any] = {target: cell.dtype for target, cell in CELLS.items()}


def recognise(s: Sniff) -> Recognition | None:
    """By the member of the archive (also of a cut one); bare, by FAO's columns and the items below them; or by the nine tidy columns."""
    detail = {"name": s.name}
    if any(MEMBER.fullmatch(m) for m in content.members(s)):
        return Recognition("bulk_zip", detail=detail)
    header = content.header(s)
    if content.looks_like(header, NORMALIZED, 9) and "Item Code" in header:
        is_wood = FORESTRY_ITEM.fullmatch(content.row_below(s).get("Item Code", ""))
        return Recognition("bulk_csv", detail=detail) if is_wood else None
    if content.looks_like(header, TIDY, 7) and "area_code" in header:
        return Recognition("tidy_wide", detail=detail)
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a number: area, item, element and year. In the wide table `rows_read` counts the cells that hold a number.

    Raises:
        BadFile: damaged archive, wrong members, undecodable text, or a missing column.
    """
    name = file_name(path, recognition)
    if recognition.layout == "tidy_wide":
        return _tidy(path, name)
    with open_bulk(path, name, MEMBER) as (place, stream):
        rows = CsvRows(stream, place, CELLS)
        frames = list(rows)
    return parsed(frames, rows.faults, rows.rows_read, DTYPES)


def _tidy(path: Path, name: str) -> Parsed:
    cells = {c: Cell(c, pl.String, "text", required=c not in ("area", "item", *TIDY_ELEMENTS)) for c in TIDY}
    with open_text(path, name) as stream:
        rows = CsvRows(stream, name, cells)
        blocks = list(rows)
    wide = pl.concat(blocks) if blocks else pl.DataFrame(schema={**dict.fromkeys(cells, pl.String), "_row": pl.Int64})
    lines = pl.concat(rows.faults) if rows.faults else pl.DataFrame(schema=BAD_SCHEMA)
    broken = lines["_row"].n_unique()  # their numbers come first, so that numbers of lines and of cells never meet
    long = (
        wide.unpivot(list(TIDY_ELEMENTS), index=["_row", *TIDY[:6]], variable_name="cell", value_name="Value")
        .filter(pl.col("Value") != "")
        .sort("_row", "cell")
        .with_columns(Element=pl.col("cell").replace_strict(TIDY_ELEMENTS), Flag=pl.lit(""))
        .with_columns(_row=pl.int_range(broken + 1, broken + 1 + pl.len(), dtype=pl.Int64))
        .rename({"area_code": "Area Code", "area": "Area", "item_code": "Item Code", "item": "Item", "year": "Year", "unit": "Unit"})
        .with_columns(pl.col("Area", "Item").fill_null(""))
    )
    good, bad = typed(long, CELLS)
    place = pl.concat_str("cell", pl.lit(" of area "), "Area Code", pl.lit(", item "), "Item Code", pl.lit(", "), "Year")
    bad = bad.drop("column").join(long.select("_row", place.alias("column")), on="_row").select(list(BAD_SCHEMA))
    lines = lines.with_columns(pl.col("_row").rank("dense").cast(pl.Int64))
    return parsed([good], [lines, bad], long.height + broken, DTYPES)


PLAN_HELP = "acpgvc fetch faostat_forestry; one archive, always the whole data set"


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """The one archive. It is overwritten in place under the same name."""
    yield whole_archive(SOURCE, ARCHIVE, args)


def schema() -> DataFrameSchema:
    from ingestion.schemas.faostat_forestry import schema as build

    return build()


SOURCE = SourceSpec(
    name="faostat_forestry",
    table="raw_faostat_forestry__data",
    title="FAOSTAT, forestry production and trade",
    publisher="Food and Agriculture Organization of the United Nations",
    homepage="https://www.fao.org/faostat/en/#data/FO",
    citation="FAO, FAOSTAT: Forestry production and trade",
    licence="CC BY 4.0 (FAOSTAT)",
    may_redistribute=True,
    kind="trade",
    cadence="yearly, in December; files are overwritten under the same name",
    watch=Watch(late_after_days=425, cron="0 5 11 1,7 *"),
    hosts=("bulks-faostat.fao.org",),
    yearly=False,
    key=("area_code", "item_code", "element", "unit", "year"),
    partition=("item_code",),
    revisions=Revisions(("quantity",), by=("area_code", "item_code", "element")),
    layouts={
        "bulk_zip": f"{ARCHIVE}: Area Code, Area, Item Code, Item, Element, Year, Unit, Value, Flag; UTF-8 or cp1252",
        "bulk_csv": "the member of that archive alone",
        "tidy_wide": "area_code,area,item_code,item,year,unit,exports,imports,production: the same numbers put into columns by others",
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
