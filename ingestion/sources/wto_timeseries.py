"""WTO Timeseries: statistics of the WTO by indicator and reporter, tariff averages among them.

An answer is cut at its cap without notice (500 rows when none is asked for): the count is asked first and the pages must hold it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion import content
from ingestion.errors import BadFile
from ingestion.spec import Ask, Budget, Haul, Missing, Parsed, Recognition, Request, Revisions, SourceSpec, Task, Watch
from ingestion.tabular import Cell, file_name, parsed, typed

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

CELLS = {
    "indicator_code": Cell("IndicatorCode", pl.String, "a code"),
    "indicator": Cell("Indicator", pl.String, "a name", required=False),
    "reporter_code": Cell("ReportingEconomyCode", pl.String, "a code of three digits"),
    "partner_code": Cell("PartnerEconomyCode", pl.String, "a code", required=False),
    "product_class": Cell("ProductOrSectorClassificationCode", pl.String, "a code", required=False),
    "product_code": Cell("ProductOrSectorCode", pl.String, "a code", required=False),
    "period_code": Cell("PeriodCode", pl.String, "a code", required=False),
    "year": Cell("Year", pl.Int16, "a year"),
    "unit_code": Cell("UnitCode", pl.String, "a code", required=False),
    "value_flag": Cell("ValueFlagCode", pl.String, "a flag", required=False),
    "value_text": Cell("TextValue", pl.String, "text", required=False),
    "value": Cell("Value", pl.Float64, "a number", required=False),
}
FIELDS = [cell.source for cell in CELLS.values()]
ON_THE_WIRE = (
    "IndicatorCategoryCode", "IndicatorCategory", "IndicatorCode", "Indicator", "ReportingEconomyCode", "ReportingEconomy",
    "PartnerEconomyCode", "PartnerEconomy", "ProductOrSectorClassificationCode", "ProductOrSectorClassification", "ProductOrSectorCode",
    "ProductOrSector", "PeriodCode", "Period", "FrequencyCode", "Frequency", "UnitCode", "Unit", "Year", "ValueFlagCode", "ValueFlag",
    "TextValue", "Value",
)  # fmt: skip
DTYPES = {target: cell.dtype for target, cell in CELLS.items()}
KEYS = ("partner_code", "product_class", "product_code", "period_code")  # '' where the indicator has no such dimension
DEFAULT_CAP = 500  # what the service gives when no maximum is asked for
SIZES = (10_000, 9_999, 499)  # of a page; one of them leaves no page of exactly the cap


def recognise(s: Sniff) -> Recognition | None:
    """By the envelope."""
    is_dataset = re.match(r'\s*\{\s*"Dataset"\s*:\s*\[', content.text(s))
    return Recognition("dataset_json", detail={"name": s.name}) if is_dataset else None


def _rows(path: Path, name: str) -> list[dict[str, Any]]:
    """Rows of an answer; some answers are not in UTF-8.

    Raises:
        BadFile: no complete JSON, or exactly as many rows as the service cuts at.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # names only; codes and numbers are ASCII
    try:
        rows = json.loads(text)["Dataset"]
    except (json.JSONDecodeError, KeyError, TypeError) as e:
        raise BadFile(name, "complete JSON with Dataset", f"{type(e).__name__}: {e}", "fetch the answer again") from e
    if len(rows) == DEFAULT_CAP:
        remedy = "fetch again with acpgvc fetch wto_timeseries, which asks for the count first"
        raise BadFile(name, "an answer that is not cut", f"exactly {DEFAULT_CAP} rows, where the service cuts without notice", remedy)
    return rows


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a value; a row without a value keeps its flag.

    Raises:
        BadFile: see `_rows`; or a field is missing.
    """
    name = file_name(path, recognition)
    rows = _rows(path, name)
    absent = [field for field in FIELDS if rows and not any(field in r for r in rows)]
    if absent:
        raise BadFile(name, f"field {absent[0]}", ", ".join(rows[0]), "the WTO changed its answer: report this", column=absent[0])
    texts = [["" if r.get(field) is None else str(r[field]) for field in FIELDS] for r in rows]
    raw = pl.DataFrame(texts, schema=dict.fromkeys(FIELDS, pl.String), orient="row").with_row_index("_row", 1).cast({"_row": pl.Int64})
    good, bad = typed(raw, CELLS)
    return parsed([good.with_columns(pl.col(KEYS).fill_null(""))], [bad], raw.height, DTYPES)


PLAN_HELP = (
    "acpgvc fetch wto_timeseries indicators=HS_M_0010 reporters=404,288|ACP|all years=2010-2024 [products=default] [partners=default]"
)


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """One question an indicator."""
    content.need(args, ("indicators", "reporters", "years", "products", "partners"), ("indicators", "reporters", "years"), PLAN_HELP)
    span, reporters = content.years(args["years"]), ",".join(content.reporters(args["reporters"]))
    for indicator in args["indicators"].split(","):
        params = {
            "i": indicator, "r": reporters, "p": args.get("partners", "default"), "ps": f"{min(span)}-{max(span)}",
            "pc": args.get("products", "default"), "fmt": "json", "mode": "full", "lang": "1",
        }  # fmt: skip
        yield Request(f"{content.base_url('wto_timeseries', SOURCE.base_url)}/data", params, note=f"WTO {indicator}")


def tasks(requests: Iterable[Request], ask: Ask, missing: Missing) -> Iterator[Task]:
    """The count of a question, then its pages."""
    for request in requests:
        yield Task(json.dumps([request.url, sorted(request.params.items())]), request.note, partial(_whole, request), calls=2)


def _whole(request: Request, ask: Ask) -> Haul:
    counted = ask(replace(request, url=f"{request.url}_count", note=f"{request.note}, count"))
    said = counted.path.read_text("utf-8-sig").strip()
    if not said.isdigit():
        raise BadFile(request.url, "a count of rows", said[:80], "correct the arguments and fetch again")
    count = int(said)
    size = next(s for s in SIZES if count % s != DEFAULT_CAP)
    answers, found = [], 0
    for start in range(0, count, size):
        page = replace(request, params={**request.params, "max": str(size), "off": str(start)}, note=f"{request.note} from row {start + 1}")
        answers.append((page, ask(page)))
        found += len(_rows(answers[-1][1].path, page.note))
    if found != count:
        remedy = "the data changed while they were read, or a page was cut: fetch again"
        raise BadFile(request.url, f"{count} rows, as the service counts", f"{found} on {len(answers)} page(s)", remedy)
    return Haul(answers, proof={"count": count})


def schema() -> DataFrameSchema:
    from ingestion.schemas.wto_timeseries import schema as build

    return build()


SOURCE = SourceSpec(
    name="wto_timeseries",
    table="raw_wto_timeseries__data",
    title="WTO Timeseries: trade and tariff statistics",
    publisher="World Trade Organization",
    homepage="https://apiportal.wto.org",
    citation="World Trade Organization, WTO Stats",
    licence="WTO terms of use: reuse with attribution; passing on is not settled",
    may_redistribute=False,
    kind="standards",
    cadence="several times a year",
    # Average duties of most favoured nations that the members ask, by product.
    watch=Watch(
        late_after_days=200,
        cron="0 5 18 1,4,7,10 *",
        arguments={"indicators": "HS_M_0010", "reporters": "ACP", "years": "{since:%Y}-{now:%Y}"},
        back_days=1096,
    ),
    hosts=("api.wto.org",),
    yearly=False,
    key=("indicator_code", "reporter_code", *KEYS, "year"),
    partition=("indicator_code", "reporter_code", "partner_code", "product_class", "product_code", "year"),
    revisions=Revisions(("value",), by=("reporter_code", "indicator_code")),
    is_whole=False,
    layouts={"dataset_json": "answers of `data` in JSON, mode full"},
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    tasks=tasks,
    key_env="WTO_API_KEY",
    key_header="Ocp-Apim-Subscription-Key",
    no_data={204: ""},
    budget=Budget(min_interval_s=1.0),
    wire_fields={"dataset_json": ON_THE_WIRE},
    base_url="https://api.wto.org/timeseries/v1",
    one_by_one=(("indicators", "indicators", ""), ("reporters", "reporters", ""), ("years", "years", ""), ("products", "products", "")),
    plan_help=PLAN_HELP,
)
