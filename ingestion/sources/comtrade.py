"""UN Comtrade API v1: final goods trade, yearly or monthly, by reporter, flow, partner and HS code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion import content
from ingestion.errors import BadFile
from ingestion.spec import Budget, Parsed, Recognition, Request, SourceSpec
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
# A body of exactly so many rows was cut at the cap: keyless preview, free key, premium key.
CAPS = (500, 100_000, 250_000)
MAX_PERIODS = 12  # a call
# So many codes and reporters keep a URL below the 4,096 characters that the service takes (a comma needs three).
MAX_CODES, MAX_REPORTERS = 200, 100
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
    if any(OLD_LAYOUT.fullmatch(h) for h in header) and any(h.startswith("Trade") for h in header):
        return Recognition(
            "csv_rows", "download of the old Comtrade site: codes lost their leading zero; download the rows again", detail=detail
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
        rows = _answer(path, name)
        raw = _as_text(rows, name)
        good, bad = typed(raw, CELLS)
        return parsed([_finish(good)], [bad], len(rows), DTYPES)
    with open_text(path, name) as stream:
        csv_rows = CsvRows(stream, name, CELLS)
        frames = [_finish(f) for f in csv_rows]
    return parsed(frames, csv_rows.faults, csv_rows.rows_read, DTYPES)


def _finish(good: pl.DataFrame) -> pl.DataFrame:
    weight = pl.col("net_weight_kg")
    return good.with_columns(
        month=pl.when(pl.col("month") != ANNUAL_MONTH).then(pl.col("month")),
        net_weight_kg=pl.when(weight != 0).then(weight),
    )


def _answer(path: Path, name: str) -> list[dict[str, Any]]:
    """The rows of an answer that is whole.

    Raises:
        BadFile: an error under HTTP 200, a count that differs from the rows, or a body cut at a cap.
    """
    body = content.read_json(path, name)
    if not isinstance(body, dict) or not isinstance(body.get("data"), list):
        raise BadFile(name, "an object with a list `data`", str(body)[:80], "fetch the answer again")
    if body.get("error"):
        raise BadFile(name, "an answer without error", str(body["error"])[:200], "correct the query and fetch again", column="error")
    rows = body["data"]
    if body.get("count") != len(rows):
        raise BadFile(
            name,
            f"{body.get('count')} rows as `count` says",
            f"{len(rows)} rows",
            "fetch the answer again (countOnly holds no rows)",
            column="count",
        )
    if len(rows) in CAPS:
        found = f"exactly {len(rows)} rows: cut without notice"
        raise BadFile(name, "fewer rows than a cap of the service", found, "split the query by period, then by codes, then by reporter")
    return rows


def _as_text(rows: list[dict[str, Any]], name: str) -> pl.DataFrame:
    fields = [c.source for c in CELLS.values()]
    if rows:
        need_columns(name, list(dict.fromkeys(k for r in rows for k in r)), fields)
    columns = {f: ["" if (v := r.get(f)) is None else str(v) for r in rows] for f in fields}
    return pl.DataFrame(columns, schema=dict.fromkeys(fields, pl.String)).with_row_index("_row", 1).cast({"_row": pl.Int64})


PLAN_HELP = (
    "acpgvc fetch comtrade reporters=404,288 years=2015-2020 codes=180100,180310 [flows=M,X] [freq=A|M]; "
    "all partners, HS as reported; key from COMTRADE_API_KEY"
)


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """Calls of at most 12 periods, with second partner, customs procedure and mode of transport pinned to their totals."""
    content.need(args, ("reporters", "years", "codes", "flows", "freq"), ("reporters", "years", "codes"), PLAN_HELP)
    freq = args.get("freq", "A")
    periods = [str(y) for y in content.years(args["years"])]
    if freq == "M":
        periods = [f"{y}{m:02d}" for y in periods for m in range(1, 13)]
    url = f"{content.base_url('comtrade', SOURCE.base_url)}/data/v1/get/C/{freq}/HS"
    reporters, codes = args["reporters"].split(","), args["codes"].split(",")
    parts = product(content.chunks(periods, MAX_PERIODS), content.chunks(reporters, MAX_REPORTERS), content.chunks(codes, MAX_CODES))
    for some_periods, some_reporters, some_codes in parts:
        params = {
            "reporterCode": ",".join(some_reporters),
            "period": ",".join(some_periods),
            "cmdCode": ",".join(some_codes),
            "flowCode": args.get("flows", "M,X"),
            "partner2Code": "0",
            "customsCode": "C00",
            "motCode": "0",
        }
        yield Request(url, params, note=f"Comtrade {freq} {some_periods[0]}-{some_periods[-1]}")


def verify(paths: list[Path]) -> None:
    """Raises BadFile when an answer is not whole."""
    for path in paths:
        _answer(path, path.name)


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
    hosts=("comtradeapi.un.org",),
    yearly=True,
    key=KEY,
    partition=("freq_code", "period", "reporter_code", "cmd_code"),
    layouts={
        "api_json": "answer of /data/v1/get: {elapsedTime, count, data, error}",
        "csv_rows": "rows of that answer as CSV, plain or gzip, with the API's 47 field names (adapter)",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    verify=verify,
    key_env="COMTRADE_API_KEY",
    key_header="Ocp-Apim-Subscription-Key",
    budget=Budget(min_interval_s=2.0, calls_per_day=480),
    base_url="https://comtradeapi.un.org",
    plan_help=PLAN_HELP,
)
