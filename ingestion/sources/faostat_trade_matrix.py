"""FAOSTAT, detailed trade matrix: farm goods by reporter, partner and item, quantities and values, since 1986."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion import content
from ingestion.bulk_text import open_bulk
from ingestion.faostat_text import whole_archive
from ingestion.spec import Budget, Parsed, Recognition, Request, Revisions, SourceSpec, Watch
from ingestion.tabular import BAD_SCHEMA, Cell, CsvRows, file_name, joined, parsed

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

MEMBER = re.compile(r"(?:.*/)?Trade_DetailedTradeMatrix_E_All_Data_\(Normalized\)\.csv")
ARCHIVE = "Trade_DetailedTradeMatrix_E_All_Data_(Normalized).zip"
NORMALIZED = [
    "Reporter Country Code", "Reporter Country Code (M49)", "Reporter Countries", "Partner Country Code", "Partner Country Code (M49)",
    "Partner Countries", "Item Code", "Item Code (CPC)", "Item", "Element Code", "Element", "Year Code", "Year", "Unit", "Value", "Flag",
]  # fmt: skip
MAIN_PARTNERS = ["ISO3", "Area", "ISOP", "Partner", "cpc_name1", "Item", "Element", "Unit", "Year", "value"]

CELLS = {
    "reporter_code": Cell("Reporter Country Code", pl.String, "an area number of FAO"),
    "partner_code": Cell("Partner Country Code", pl.String, "an area number of FAO"),
    "item_code": Cell("Item Code", pl.String, "an item number of FAO"),
    "item": Cell("Item", pl.String, "an item name", required=False),
    "element": Cell("Element", pl.String, "an element", expr=lambda text: text.str.to_lowercase()),
    "year": Cell("Year", pl.Int16, "a year"),
    "unit": Cell("Unit", pl.String, "a unit"),
    "value": Cell("Value", pl.Float64, "a number", required=False),
    "flag": Cell("Flag", pl.String, "a flag of FAO", required=False),
}
DTYPES: dict[str, Any] = {target: cell.dtype for target, cell in CELLS.items()}


def recognise(s: Sniff) -> Recognition | None:
    """By the member of the archive (also of a cut one); bare, by the columns of reporter and partner."""
    detail = {"name": s.name}
    if any(MEMBER.fullmatch(m) for m in content.members(s)):
        return Recognition("bulk_zip", detail=detail)
    header = content.header(s)
    if content.looks_like(header, NORMALIZED, 10) and {"Reporter Country Code", "Partner Country Code"} & set(header):
        return Recognition("bulk_csv", detail=detail)
    if content.looks_like(header, MAIN_PARTNERS, 9):
        why = "converted by someone: partners below 5 % cut off, products summed to groups; sums are lower bounds"
        return Recognition("bulk_csv", why, detail=detail)
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """All years at once: small files only."""
    return joined(pieces(path, recognition), DTYPES)


def pieces(path: Path, recognition: Recognition) -> Iterator[Parsed]:
    """What could not be read, then one Parsed a year. The archive (some 50 million rows) is in the order of reporters: years wait on disk.

    Raises:
        BadFile: damaged archive, wrong members, undecodable text, or a missing column.
    """
    with tempfile.TemporaryDirectory() as folder, open_bulk(path, file_name(path, recognition), MEMBER) as (place, stream):
        rows, years = CsvRows(stream, place, CELLS), set()
        for number, block in enumerate(rows):
            for (year,), of_year in block.partition_by("year", as_dict=True).items():
                of_year.write_parquet(Path(folder) / f"{year}-{number:06d}.parquet")
                years.add(year)
        bad = parsed([], rows.faults, 0, DTYPES).bad
        yield Parsed(pl.DataFrame(schema={**DTYPES, "_row": pl.Int64}), bad, bad["_row"].n_unique())
        nothing = pl.DataFrame(schema=BAD_SCHEMA)
        for year in sorted(years):
            frame = pl.concat(pl.read_parquet(p) for p in sorted(Path(folder).glob(f"{year}-*.parquet")))
            yield parsed([frame], [nothing], frame.height, DTYPES)


PLAN_HELP = "acpgvc fetch faostat_trade_matrix; one archive, always the whole data set"


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """The one archive. It is overwritten in place under the same name."""
    yield whole_archive(SOURCE, ARCHIVE, args)


def schema() -> DataFrameSchema:
    from ingestion.schemas.faostat_trade_matrix import schema as build

    return build()


SOURCE = SourceSpec(
    name="faostat_trade_matrix",
    table="raw_faostat_trade_matrix__flows",
    title="FAOSTAT, detailed trade matrix",
    publisher="Food and Agriculture Organization of the United Nations",
    homepage="https://www.fao.org/faostat/en/#data/TM",
    citation="FAO, FAOSTAT: Detailed trade matrix",
    licence="CC BY 4.0 (FAOSTAT)",
    may_redistribute=True,
    kind="trade",
    cadence="yearly, in December; files are overwritten under the same name",
    watch=Watch(late_after_days=425, cron="0 5 12 1,7 *"),
    hosts=("bulks-faostat.fao.org",),
    yearly=True,
    key=("reporter_code", "partner_code", "item_code", "element", "unit", "year"),
    partition=("item_code",),
    revisions=Revisions(("value",), by=("reporter_code", "item_code", "element")),
    layouts={
        "bulk_zip": f"{ARCHIVE}: Reporter and Partner Country Code, Item Code, Item, Element, Year, Unit, Value, Flag; also cp1252",
        "bulk_csv": "the member of that archive alone",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    pieces=pieces,
    budget=Budget(min_interval_s=1.0, read_timeout_s=900.0, total_timeout_s=4 * 3600.0),
    wire_fields=dict.fromkeys(("bulk_zip", "bulk_csv"), tuple(NORMALIZED)),
    base_url="https://bulks-faostat.fao.org/production",
    plan_help=PLAN_HELP,
)
