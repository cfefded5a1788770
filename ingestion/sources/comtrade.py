"""UN Comtrade API v1: final goods trade, yearly or monthly, by reporter, flow, partner and HS code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion import comtrade_calls, comtrade_old_site, content
from ingestion.comtrade_answer import whole_answer
from ingestion.spec import Budget, Parsed, Recognition, Revisions, SourceSpec, Watch
from ingestion.tabular import Cell, CsvRows, file_name, need_columns, parsed, typed
from ingestion.text_stream import open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

# Of a row, in wire order.
FIELDS = [
    "typeCode", "freqCode", "refPeriodId", "refYear", "refMonth", "period", "reporterCode", "reporterISO", "reporterDesc", "flowCode",
    "flowDesc", "partnerCode", "partnerISO", "partnerDesc", "partner2Code", "partner2ISO", "partner2Desc", "classificationCode",
    "classificationSearchCode", "isOriginalClassification", "cmdCode", "cmdDesc", "aggrLevel", "isLeaf", "customsCode", "customsDesc",
    "mosCode", "motCode", "motDesc", "qtyUnitCode", "qtyUnitAbbr", "qty", "isQtyEstimated", "altQtyUnitCode", "altQtyUnitAbbr", "altQty",
    "isAltQtyEstimated", "netWgt", "isNetWgtEstimated", "grossWgt", "isGrossWgtEstimated", "cifvalue", "fobvalue", "primaryValue",
    "legacyEstimationFlag", "isReported", "isAggregate",
]  # fmt: skip
LEAST_FIELDS = 40  # with fewer of the 47 the rows were cut down or converted by someone
CORE = {"reporterCode", "partnerCode", "flowCode", "cmdCode", "primaryValue"}
OLD_LAYOUT = re.compile(r"commodity[_ ]code", re.IGNORECASE)
ANNUAL_MONTH = 52  # refMonth of a yearly row

CELLS = {
    "freq_code": Cell("freqCode", pl.String, "A or M"),
    "year": Cell("refYear", pl.Int16, "a year"),
    "month": Cell("refMonth", pl.Int8, "1-12, or 52 for a year"),
    "period": Cell("period", pl.String, "YYYY or YYYYMM"),
    "reporter_code": Cell("reporterCode", pl.String, "a country code"),
    "flow_code": Cell("flowCode", pl.String, "a flow code"),
    "partner_code": Cell("partnerCode", pl.String, "a country code"),
    "partner2_code": Cell("partner2Code", pl.String, "a country code"),
    "classification_code": Cell("classificationCode", pl.String, "an HS edition such as H3"),
    "cmd_code": Cell("cmdCode", pl.String, "a commodity code"),
    "aggr_level": Cell("aggrLevel", pl.Int8, "0, 2, 4 or 6"),
    "customs_code": Cell("customsCode", pl.String, "a customs procedure code"),
    "mos_code": Cell("mosCode", pl.String, "a mode of supply code"),
    "mot_code": Cell("motCode", pl.String, "a mode of transport code"),
    "net_weight_kg": Cell("netWgt", pl.Float64, "kilograms", required=False),
    "is_net_weight_estimated": Cell("isNetWgtEstimated", pl.Boolean, "true or false", required=False),
    "cif_value_usd": Cell("cifvalue", pl.Float64, "US dollars", required=False),
    "fob_value_usd": Cell("fobvalue", pl.Float64, "US dollars", required=False),
    "primary_value_usd": Cell("primaryValue", pl.Float64, "US dollars"),
    "is_reported": Cell("isReported", pl.Boolean, "true or false", required=False),
    "is_aggregate": Cell("isAggregate", pl.Boolean, "true or false", required=False),
}
DTYPES = {target: cell.dtype for target, cell in CELLS.items()}
KEY = (
    "freq_code", "period", "reporter_code", "flow_code", "partner_code", "partner2_code", "classification_code", "cmd_code", "customs_code",
    "mos_code", "mot_code",
)  # fmt: skip


def recognise(s: Sniff) -> Recognition | None:
    """API answers, their rows as CSV with the API's own field names, and what must not be read as such."""
    detail = {"name": s.name}
    if content.container(s) == "xlsx":
        if any(t.startswith("Period;Year;") and "CmdCode;" in t for t in content.sheet_texts(s)):
            return Recognition(
                "csv_rows", "converted: semicolon lines in a workbook, 20 of 47 fields; download the CSV instead", detail=detail
            )
        return None
    text = content.text(s)
    if text.lstrip().startswith("{"):
        return _recognise_json(text, detail)
    header = content.header(s)
    if content.looks_like(header, FIELDS, LEAST_FIELDS):
        return Recognition("csv_rows", detail=detail)
    known = set(header) & set(FIELDS)
    if len(known & CORE) >= 4:
        strangers = [h for h in header if h not in FIELDS]
        return Recognition(
            "csv_rows",
            f"converted: {len(known)} of Comtrade's 47 fields, added {', '.join(strangers) or 'nothing'}; cut or summed by someone",
            detail=detail,
        )
    if comtrade_old_site.is_old_site(header):
        return Recognition("old_site_csv", detail=detail)
    if any(OLD_LAYOUT.fullmatch(h) for h in header) and any(h.startswith("Trade") for h in header):
        return Recognition(
            "old_site_csv", "rows of the old Comtrade site with columns cut off: drop the file as it was downloaded", detail=detail
        )
    if header and "\t" in header[0] and len(set(header[0].split("\t")) & set(FIELDS)) >= LEAST_FIELDS:
        return Recognition("csv_rows", "bulk file (tab-separated), which no adapter is declared for; use the API answer", detail=detail)
    return None


def _recognise_json(text: str, detail: dict[str, str]) -> Recognition | None:
    envelope = re.match(r'\s*\{\s*"elapsedTime"\s*:', text)
    if envelope and "datasetChecksum" in text[:4000]:
        return Recognition("api_json", "list of available data sets (getDa), without trade rows", detail=detail)
    if envelope and '"fileUrl"' in text[:4000]:
        return Recognition("api_json", "list of bulk files, without trade rows", detail=detail)
    return Recognition("api_json", detail=detail) if envelope else None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """All rows of one answer. Net weight 0 means missing and becomes null; the month of a yearly row is null."""
    name = file_name(path, recognition)
    if recognition.layout == "api_json":
        rows = whole_answer(path, name)
        raw = _as_text(rows, name)
        good, bad = typed(raw, CELLS)
        return parsed([_finish(good)], [bad], len(rows), DTYPES)
    with open_text(path, name) as stream:
        if recognition.layout == "old_site_csv":
            found = comtrade_old_site.parse(stream, name, CELLS, DTYPES)
            return Parsed(_finish(found.frame), found.bad, found.rows_read)
        csv_rows = CsvRows(stream, name, CELLS)
        frames = [_finish(f) for f in csv_rows]
    return parsed(frames, csv_rows.faults, csv_rows.rows_read, DTYPES)


def _finish(good: pl.DataFrame) -> pl.DataFrame:
    weight = pl.col("net_weight_kg")
    return good.with_columns(
        month=pl.when(pl.col("month") != ANNUAL_MONTH).then(pl.col("month")),
        net_weight_kg=pl.when(weight != 0).then(weight),
    )


def _as_text(rows: list[dict[str, Any]], name: str) -> pl.DataFrame:
    fields = [c.source for c in CELLS.values()]
    if rows:
        need_columns(name, list(dict.fromkeys(k for r in rows for k in r)), fields)
    columns = {f: ["" if (v := r.get(f)) is None else str(v) for r in rows] for f in fields}
    return pl.DataFrame(columns, schema=dict.fromkeys(fields, pl.String)).with_row_index("_row", 1).cast({"_row": pl.Int64})


def verify(paths: list[Path]) -> None:
    """Raises BadFile when an answer is not whole."""
    for path in paths:
        whole_answer(path, path.name)


def schema() -> DataFrameSchema:
    from ingestion.schemas.comtrade import schema as build

    return build()


SOURCE = SourceSpec(
    name="comtrade",
    table="raw_comtrade__data",
    title="UN Comtrade, goods trade by HS code as reported",
    publisher="United Nations Statistics Division",
    homepage="https://comtradeplus.un.org",
    citation="United Nations Statistics Division, UN Comtrade database",
    licence="UN Comtrade policy on use and re-dissemination: raw rows may not be republished, derived indices may",
    may_redistribute=False,
    kind="trade",
    cadence="continuous; yearly and monthly data sets are revised when reporters send new ones",
    # each day, as a long fetch goes on where the allowance of the day before ended; data sets that did not change are not asked again
    watch=Watch(400, "0 2 * * *", {"reporters": "ACP", "years": "{since:%Y}-{now:%Y}"}, back_days=3 * 366),
    hosts=("comtradeapi.un.org",),
    yearly=True,
    key=KEY,
    partition=("freq_code", "period", "reporter_code", "flow_code", "cmd_code"),  # exports and imports often come in two files
    revisions=Revisions(("primary_value_usd",), by=("reporter_code", "cmd_code")),
    is_whole=False,
    layouts={
        "api_json": "answer of /data/v1/get: {elapsedTime, count, data, error}",
        "csv_rows": "rows of that answer as CSV, plain or gzip, with the API's 47 field names (adapter)",
        "old_site_csv": "CSV of the site and API until 2022 (Classification, Trade Flow Code, Commodity Code, Trade Value (US$) …)",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=comtrade_calls.plan,
    tasks=comtrade_calls.tasks,
    verify=verify,
    key_env=comtrade_calls.KEY_ENV,
    key_header="Ocp-Apim-Subscription-Key",
    budget=Budget(min_interval_s=2.0, calls_per_day=480),  # 500 are allowed: some are left for a person
    keyless_budget=Budget(min_interval_s=1.8, calls_per_day=100),  # its daily volume ran out before 125 calls in one report
    no_data={404: ""},  # a reporter without data sets
    base_url=comtrade_calls.BASE_URL,
    plan_help=comtrade_calls.PLAN_HELP,
    one_by_one=(("reporters", "reporters", ""), ("periods", "years", ""), ("products", "codes", "AG6")),
    wire_fields={"api_json": tuple(FIELDS), "csv_rows": tuple(FIELDS)},
)
