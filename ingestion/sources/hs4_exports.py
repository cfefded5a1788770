"""Exports by country and four-digit product, all products at once, as other publishers compute them from UN Comtrade.

One adapter, several publishers: who published a row stands in the key, because their levels differ (mirror imports at CIF, other weights)
and may not stand in one series. No partners, no quantities.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion import content
from ingestion.spec import Parsed, Recognition, Revisions, SourceSpec
from ingestion.tabular import Cell, CsvRows, file_name, parsed
from ingestion.text_stream import open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

OTS = ["year", "reporter_iso", "hs4", "export_value_usd", "import_value_usd"]
ATLAS = ["year", "country_code", "country_name", "product_code", "export_value_usd"]
MEANS = ["country", "product", "value"]
# The first product of SITC is 0011; the Harmonized System starts at 0101. The table has no year: it is known by what it is.
FIRST_OF_MEANS = re.compile(r'"?[a-z]{3}"?,"?0011"?,\d+(\.\d+)?$')
BILATERAL_GROUPS = {"year", "community_name", "reporter_iso", "partner_iso", "export_value_usd", "import_value_usd"}
MEANS_LAST_YEAR = 2000  # a window is dated by its last year (indicator rules, section 2.8)
UNDATED = "the file names no year: use a table with a column year"

USD = Cell("export_value_usd", pl.Float64, "US dollars", required=False)
YEAR = Cell("year", pl.Int16, "a year")
# layout -> (publisher, edition of the product list, cells)
LAYOUTS: dict[str, tuple[str, str, dict[str, Cell]]] = {
    "ots_table": (
        "ots",
        "HS2007",
        {
            "year": YEAR,
            "country_code": Cell("reporter_iso", pl.String, "an ISO3 code"),
            "product_code": Cell("hs4", pl.String, "four digits"),
            "export_value_usd": USD,
        },
    ),
    "atlas_table": (
        "atlas",
        "HS1992",
        {
            "year": YEAR,
            "country_code": Cell("country_code", pl.String, "an ISO3 code"),
            # one product name of 2016 stands for two headings and has no code; services have names
            "product_code": Cell("product_code", pl.String, "four digits or a service", required=False),
            "export_value_usd": USD,
        },
    ),
    "sitc2_means": (
        "ots_sitc2_means",
        "SITC2",
        {
            "country_code": Cell("country", pl.String, "an ISO3 code"),
            "product_code": Cell("product", pl.String, "four digits"),
            "export_value_usd": Cell("value", pl.Float64, "US dollars of 2000"),
        },
    ),
}
DTYPES: dict[str, Any] = {
    "publisher": pl.String, "year": pl.Int16, "country_code": pl.String, "hs_revision": pl.String, "product_code": pl.String,
    "export_value_usd": pl.Float64,
}  # fmt: skip


def recognise(s: Sniff) -> Recognition | None:
    """By the columns; the means by their first row too, since three plain names are nobody's own."""
    detail = {"name": s.name}
    header = content.header(s)
    for layout, columns in (("ots_table", OTS), ("atlas_table", ATLAS)):
        if content.looks_like(header, columns, 4):
            return Recognition(layout, detail=detail)
    if header == MEANS and FIRST_OF_MEANS.match([*content.text(s).splitlines(), ""][1]):
        return Recognition("sitc2_means", detail=detail)
    if header == ["country", "product", "export_val"]:
        return Recognition("atlas_table", UNDATED, detail=detail)
    refused = _refused(s, header)
    return Recognition("ots_table", refused, detail=detail) if refused else None


def _refused(s: Sniff, header: list[str]) -> str | None:
    """What comes with these tables and holds no exports by four digits."""
    if header and header[0].startswith("product_id\ths_product_code"):
        return "list of the Atlas's products, without figures"
    if content.container(s) == "parquet":
        try:
            names = pq.read_schema(s.path).names
        except (pa.ArrowInvalid, OSError):
            return None
        if set(names) == BILATERAL_GROUPS:
            return "converted: trade between countries in 22 groups of products, without four-digit codes"
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """Rows as published: codes in the publisher's spelling, a missing product code as '', dollars as given.

    Raises:
        BadFile: damaged, not UTF-8, or a column is missing.
    """
    name = file_name(path, recognition)
    publisher, hs_revision, cells = LAYOUTS[recognition.layout]
    with open_text(path, name) as stream:
        rows = CsvRows(stream, name, cells)
        frames = [_finish(f, publisher, hs_revision) for f in rows]
    return parsed(frames, rows.faults, rows.rows_read, DTYPES)


def _finish(rows: pl.DataFrame, publisher: str, hs_revision: str) -> pl.DataFrame:
    year = pl.col("year") if "year" in rows.columns else pl.lit(MEANS_LAST_YEAR, dtype=pl.Int16)
    return rows.with_columns(
        year=year,
        publisher=pl.lit(publisher),
        hs_revision=pl.lit(hs_revision),
        product_code=pl.col("product_code").fill_null(""),
    )


def schema() -> DataFrameSchema:
    from ingestion.schemas.hs4_exports import schema as build

    return build()


SOURCE = SourceSpec(
    name="hs4_exports",
    table="raw_hs4_exports__cross_sections",
    title="Exports by country and four-digit product (Atlas of Economic Complexity, Open Trade Statistics)",
    publisher="The Growth Lab at Harvard University; Open Trade Statistics",
    homepage="https://atlas.hks.harvard.edu",
    citation="The Growth Lab at Harvard University, International Trade Data; Vargas, M., Open Trade Statistics (tradestatistics.io)",
    licence="Open Trade Statistics: CC BY-NC 4.0; Atlas: the Growth Lab asks for citation, licence not stated with the tables",
    may_redistribute=False,
    kind="trade",
    cadence="single cross-sections, no fixed calendar",
    hosts=(),
    yearly=True,
    key=("publisher", "year", "country_code", "product_code"),
    partition=("publisher", "year"),
    revisions=Revisions(("export_value_usd",), by=("country_code", "product_code")),
    layouts={
        "atlas_table": "year,country_code,country_name,product_code,export_value_usd (HS 1992 and services)",
        "ots_table": "year,reporter_iso,hs4,export_value_usd,import_value_usd (HS 2007)",
        "sitc2_means": "country,product,value: means of 1998-2000 in SITC 2, without a year",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
)
