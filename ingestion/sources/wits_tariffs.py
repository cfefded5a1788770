"""Tariffs by importer, partner and HS6 from UNCTAD TRAINS, as WITS of the World Bank answers (SDMX-ML).

Its JSON is not read: WITS writes the positions of the keys in another order than the dimensions that it names.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingestion import content
from ingestion.errors import BadFile, TerminalError
from ingestion.spec import Budget, Parsed, Recognition, Request, Revisions, SourceSpec, Watch
from ingestion.tabular import Cell, file_name, parsed, typed

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

CELLS = {
    "reporter_code": Cell("REPORTER", pl.String, "a code of WITS"),
    "partner_code": Cell("PARTNER", pl.String, "a code of WITS"),
    "hs6": Cell("PRODUCTCODE", pl.String, "six digits"),
    "hs_revision": Cell("NOMENCODE", pl.String, "an edition such as H5", required=False),
    "year": Cell("TIME_PERIOD", pl.Int16, "a year"),
    "tariff_type": Cell("TARIFFTYPE", pl.String, "a type such as MFN"),
    "datatype": Cell("DATATYPE", pl.String, "Reported or AveEstimated", expr=lambda text: text.str.to_lowercase()),
    "measure": Cell("OBS_VALUE_MEASURE", pl.String, "a measure such as SimpleAverage"),
    "rate_percent": Cell("OBS_VALUE", pl.Float64, "a number", required=False),
    "min_percent": Cell("MIN_RATE", pl.Float64, "a number", required=False),
    "max_percent": Cell("MAX_RATE", pl.Float64, "a number", required=False),
    "n_lines": Cell("TOTALNOOFLINES", pl.Int32, "a count", required=False),
    "n_lines_without_rate": Cell("NBR_NA_LINES", pl.Int32, "a count", required=False),
}
FIELDS = [cell.source for cell in CELLS.values()]
NEEDED = [cell.source for cell in CELLS.values() if cell.required or cell.source == "OBS_VALUE"]  # a rate may be blank, not unknown by name
DTYPES = {target: cell.dtype for target, cell in CELLS.items()}
ROOT = re.compile(r"<(?:\w+:)?(StructureSpecificData|GenericData)\b")


def recognise(s: Sniff) -> Recognition | None:
    """The root of an SDMX message that speaks of TRAINS; the JSON of the same service is refused."""
    text, detail = content.text(s), {"name": s.name}
    if ROOT.search(text[:2000]) and ("TRAINS" in text or "TARIFFTYPE" in text):
        return Recognition("sdmx_xml", detail=detail)
    if text.lstrip().startswith("{") and '"dataSets"' in text and "TARIFFTYPE" in text:
        return Recognition("sdmx_xml", "WITS swaps positions in its JSON: fetch the XML", detail=detail)
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row an observation. Where no line has a rate that is a percentage, WITS writes 0: such a rate is null.

    Raises:
        BadFile: the XML is damaged, or an attribute is missing from every observation.
    """
    name = file_name(path, recognition)
    found = list(_observations(path, name))
    absent = [field for field in NEEDED if found and not any(field in o for o in found)]
    if absent:
        names = ", ".join(sorted({field for o in found for field in o}))
        raise BadFile(name, f"attribute {absent[0]}", names, "WITS changed its answer: report this", column=absent[0])
    texts = [[o.get(field, "") for field in FIELDS] for o in found]
    raw = pl.DataFrame(texts, schema=dict.fromkeys(FIELDS, pl.String), orient="row").with_row_index("_row", 1).cast({"_row": pl.Int64})
    good, bad = typed(raw, CELLS)
    unknown = (pl.col("n_lines_without_rate") > 0) & (pl.col("n_lines_without_rate") == pl.col("n_lines"))
    rates = ("rate_percent", "min_percent", "max_percent")
    good = good.with_columns(pl.when(~unknown.fill_null(value=False)).then(pl.col(c)).alias(c) for c in rates)
    return parsed([good], [bad], raw.height, DTYPES)


def _observations(path: Path, name: str) -> Iterator[dict[str, str]]:
    """Field -> text of each observation, its series' fields included. Both forms of SDMX-ML, whatever the namespaces."""
    series: dict[str, str] = {}
    try:
        for event, element in ET.iterparse(path, events=("start", "end")):
            tag = _local(element.tag)
            if event == "start":
                if tag == "Series":
                    series = dict(element.attrib)
            elif tag == "SeriesKey":
                series |= _values(element)
            elif tag == "Obs":
                yield {_local(k): v for k, v in {**series, **element.attrib, **_values(element)}.items()}
                element.clear()
            elif tag == "Series":
                element.clear()
    except ET.ParseError as e:
        raise BadFile(name, "complete XML", f"a damaged document ({e})", "fetch the answer again") from e


def _values(element: ET.Element) -> dict[str, str]:
    """Fields of the generic form below an element."""
    found = {}
    for child in element.iter():
        kind = {"Value": child.get("id"), "ObsValue": "OBS_VALUE", "ObsDimension": "TIME_PERIOD"}.get(_local(child.tag))
        if kind and child.get("value") is not None:
            found[kind] = child.get("value", "")
    return found


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


PLAN_HELP = "acpgvc fetch wits_tariffs reporters=404,918|ACP years=2019-2021 [partner=000] [datatype=reported|aveestimated]; a call a year"


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """One call a reporter and year: more is refused. Partner 000 is the world, the duty of most favoured nations."""
    content.need(args, ("reporters", "years", "partner", "datatype"), ("reporters", "years"), PLAN_HELP)
    datatype = args.get("datatype", "reported")
    if datatype not in ("reported", "aveestimated"):
        raise TerminalError(f"datatype must be reported or aveestimated, not {datatype!r}. Usage: {PLAN_HELP}")
    base = content.base_url("wits_tariffs", SOURCE.base_url)
    for reporter in content.reporters(args["reporters"]):
        for year in content.years(args["years"]):
            where = f"reporter/{reporter}/partner/{args.get('partner', '000')}/product/all/year/{year}/datatype/{datatype}"
            yield Request(f"{base}/SDMX/V21/datasource/TRN/{where}", note=f"WITS tariffs of {reporter} in {year}")


def schema() -> DataFrameSchema:
    from ingestion.schemas.wits_tariffs import schema as build

    return build()


SOURCE = SourceSpec(
    name="wits_tariffs",
    table="raw_wits_tariffs__rates",
    title="Tariffs by importer, partner and product (UNCTAD TRAINS)",
    publisher="World Bank, WITS; UNCTAD TRAINS",
    homepage="https://wits.worldbank.org",
    citation="UNCTAD TRAINS, by World Integrated Trade Solution (WITS), World Bank",
    licence="terms of UNCTAD and the World Bank: cite, do not resell",
    may_redistribute=False,
    kind="standards",
    cadence="continuous, as importers report",
    # The markets nearest to our question: the members among themselves, and the European Union. Years are reported late and revised.
    watch=Watch(425, cron="0 5 8 3,9 *", arguments={"reporters": "ACP,918", "years": "{since:%Y}-{now:%Y}"}, back_days=1096),
    hosts=("wits.worldbank.org",),
    yearly=False,
    key=("reporter_code", "partner_code", "hs6", "year", "tariff_type", "datatype", "measure"),
    partition=("reporter_code", "partner_code", "year", "datatype"),
    revisions=Revisions(("rate_percent",), by=("reporter_code", "measure")),
    is_whole=False,
    layouts={"sdmx_xml": "answer of the SDMX service, StructureSpecificData or GenericData"},
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    no_data={404: ""},
    budget=Budget(min_interval_s=1.0, read_timeout_s=300.0),
    wire_fields={"sdmx_xml": tuple(sorted({*FIELDS, "FREQ", "EXCLUDEDFROM", "NBR_MFN_LINES"}))},
    base_url="https://wits.worldbank.org/API/V1",
    one_by_one=(("reporters", "reporters", ""), ("years", "years", ""), ("products", "", "AG6")),
    plan_help=PLAN_HELP,
)
