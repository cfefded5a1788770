"""UNCTADstat: productive capacities index, product concentration of trade, liner shipping connectivity."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion import content
from ingestion.errors import BadFile
from ingestion.spec import Parsed, Recognition, SourceSpec
from ingestion.tabular import BAD_SCHEMA, Cell, CsvRows, file_name, parsed, read_header, typed
from ingestion.text_stream import AGAIN, open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

FOOTNOTE, MISSING = " Footnote", " Missing value"
# Report -> (period, dimension beside economy and period, its first measure by which the file is told).
REPORTS = {
    "US.PCI": ("Year", "Category", "Productive Capacities Index"),
    "US.ConcentDiversIndices": ("Year", "Flow", "Concentration Index"),
    "US.LSCI": ("Quarter", None, "Index (Average Q1 2023 = 100)"),
}
BASE_QUARTER = re.compile(r"Index \(Average Q\d \d{4} = 100\)")  # another base is another series under another name: still this report

CELLS = {
    "economy_code": Cell("Economy", pl.String, "an M49 number", expr=lambda text: text.str.zfill(3)),  # saved again, codes lose their zeros
    "economy": Cell("Economy Label", pl.String, "a name", required=False),
    "category_code": Cell("category", pl.String, "a code", required=False),
    "category": Cell("category label", pl.String, "a name", required=False),
    "year": Cell("period", pl.Int16, "2022 or 2022Q01", expr=lambda text: text.str.extract(r"^(\d{4})(?:Q0[1-4])?$")),
    "quarter": Cell("quarter", pl.Int8, "a quarter", required=False),
    "measure": Cell("measure", pl.String, "a measure"),
    "value": Cell("value", pl.Float64, "a number", required=False),
    "footnote": Cell("footnote", pl.String, "text", required=False),
    "missing_value": Cell("missing", pl.String, "text", required=False),
}
DTYPES: dict[str, Any] = {"report": pl.String, **{target: cell.dtype for target, cell in CELLS.items()}}


def recognise(s: Sniff) -> Recognition | None:
    """By the columns of a download: a period, the economy with its label, and the report's own measure with footnote and missing value."""
    detail = {"name": s.name}
    header = content.header(s)
    if header[:3] == ["Year", "Economy_Code", "Economy_Label"]:
        return Recognition("download_csv", "answer of the interface with columns named by the asker: its measure is unknown", detail=detail)
    report = _report(header)
    return Recognition("download_csv", detail=detail) if report else None


def _report(header: list[str]) -> str | None:
    """The report that a header belongs to. One renamed column is an error of the report, not an unknown file."""
    if len(set(header) & {"Year", "Quarter", "Economy", "Economy Label"}) < 2:
        return None
    for report, (_, _, measure) in REPORTS.items():
        own = BASE_QUARTER if report == "US.LSCI" else re.compile(re.escape(measure))
        if any(own.fullmatch(h.removesuffix(FOOTNOTE).removesuffix(MISSING)) for h in header):
            return report
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a measure of a line: a line with three measures gives three rows, also where the value is blank.

    Raises:
        BadFile: a column is missing, or the text is damaged.
    """
    name = file_name(path, recognition)
    with open_text(path, name) as stream:
        header = read_header(stream)
        report = _report(header)
        if report is None:
            raise BadFile(name, "a header of PCI, concentration or LSCI", ",".join(header)[:80] or "nothing", AGAIN)
        period, dimension, _ = REPORTS[report]
        measures = [h.removesuffix(FOOTNOTE) for h in header if h.endswith(FOOTNOTE)]
        triples = [c for m in measures for c in (m, m + FOOTNOTE, m + MISSING)]
        columns = [period, "Economy", "Economy Label", *([dimension, f"{dimension} Label"] if dimension else []), *triples]
        rows = CsvRows(stream, name, {c: Cell(c, pl.String, "text", required=False) for c in columns}, header=header)
        blocks = list(rows)
    wide = pl.concat(blocks) if blocks else pl.DataFrame(schema={**dict.fromkeys(columns, pl.String), "_row": pl.Int64})
    if not dimension:
        wide = wide.with_columns(pl.lit(None, dtype=pl.String).alias(c) for c in ("category", "category label"))
    wide = wide.rename({period: "period"} | ({dimension: "category", f"{dimension} Label": "category label"} if dimension else {}))
    # Each line has one number for each of its measures, so that lines that could not be read take no other row's number.
    first = (pl.col("_row") - 1) * len(measures) + 1
    long = pl.concat(
        wide.select(
            first + n, "Economy", "Economy Label", "category", "category label", "period",
            pl.col("period").str.extract(r"Q(0[1-4])$").alias("quarter"),
            pl.lit(m).alias("measure"), pl.col(m).alias("value"),
            pl.col(m + FOOTNOTE).alias("footnote"), pl.col(m + MISSING).alias("missing"),
        )
        for n, m in enumerate(measures)
    )  # fmt: skip
    good, bad = typed(long.sort("_row").fill_null(""), CELLS)
    lines = [f.with_columns((pl.col("_row") - 1) * len(measures) + 1) for f in rows.faults]
    broken = sum(f["_row"].n_unique() for f in rows.faults)
    good = good.with_columns(report=pl.lit(report))
    return parsed([good], [pl.DataFrame(schema=BAD_SCHEMA), *lines, bad], long.height + broken, DTYPES)


def schema() -> DataFrameSchema:
    from ingestion.schemas.unctadstat import schema as build

    return build()


SOURCE = SourceSpec(
    name="unctadstat",
    table="raw_unctadstat__observations",
    title="UNCTADstat: productive capacities, concentration of trade, liner shipping connectivity",
    publisher="UN Trade and Development (UNCTAD)",
    homepage="https://unctadstat.unctad.org/datacentre/",
    citation="UNCTAD, UNCTADstat: Productive capacities index; Product concentration and diversification indices; "
    "Liner shipping connectivity index",
    licence="UNCTADstat terms of use: free use with attribution",
    may_redistribute=True,
    kind="context",
    cadence="yearly; liner shipping connectivity quarterly",
    hosts=(),
    yearly=False,
    key=("report", "measure", "economy_code", "category_code", "year", "quarter"),
    partition=("report", "measure"),
    layouts={
        "download_csv": "CSV of the data centre: Year or Quarter, Economy, Economy Label, [Category or Flow]; "
        "for each measure X also X Footnote and X Missing value"
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
)
