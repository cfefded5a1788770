"""EU RASFF: notifications of risks in food and feed, from RASFF Window (search answers, spreadsheet export) and two collections of it.

Only what an index needs is kept: recipients, operators and names of officials are never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion import content
from ingestion.errors import BadFile, TerminalError
from ingestion.rasff_text import braced_hazards, from_case, from_export, from_json, moment, plain_hazards
from ingestion.spec import Budget, Parsed, Recognition, Request, SourceSpec, Watch
from ingestion.tabular import BAD_SCHEMA, FIX_CELL, Cell, CsvRows, file_name, need_columns, parsed
from ingestion.text_stream import open_text
from ingestion.workbook import read_sheets

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

EXPORT = [
    "reference",
    "category",
    "type",
    "subject",
    "date",
    "notifying_country",
    "classification",
    "risk_decision",
    "distribution",
    "forAttention",
    "forFollowUp",
    "operator",
    "origin",
    "hazards",
]
COLLECTED = [*EXPORT, "year", "week"]
CASES = [
    "Date of Case",
    "Reference",
    "Notification From",
    "Country Origin",
    "Product",
    "Product Category",
    "Hazard Substance",
    "Hazard Category",
]
USED_EXPORT = [*EXPORT[:8], "origin", "hazards"]
DTYPES: dict[str, Any] = {
    "reference": pl.String,
    "notified_at": pl.Datetime("us"),
    "product_category": pl.String,
    "product_type": pl.String,
    "subject": pl.String,
    "notifying_country": pl.String,
    "classification": pl.String,
    "risk_decision": pl.String,
    "origins": pl.List(pl.String),
    "hazards": pl.List(pl.Struct({"name": pl.String, "category": pl.String})),
    "notif_id": pl.String,
}
# Fields of the search that the service wants to see, null for no filter.
FILTERS = (
    "notificationReference", "subject", "notifyingCountry", "distributionCountry", "notificationType", "notificationStatus",
    "notificationClassification", "notificationBasis", "actionTaken", "hazardCategory", "productCategory", "riskDecision",
)  # fmt: skip
# Layout -> columns of reference and date, for faults.
PLACES = {
    "window_json": ("reference", "ecValidationDate"),
    "window_xlsx": ("reference", "date"),
    "window_csv": ("reference", "date"),
    "cases_8_columns": ("Reference", "Date of Case"),
}
A_DATE = "a date such as 26-03-2026 16:16:33, 2025-01-03 16:43:21 or Oct 30, 2024"
PAGE_SIZE = 100  # the most the service gives


def recognise(s: Sniff) -> Recognition | None:
    """Search pages, the workbook with its 14 columns, or a collection by its header."""
    detail = {"name": s.name}
    if content.container(s) in ("xlsx", "damaged_zip"):
        found = content.sheet_texts(s) & set(EXPORT)
        return Recognition("window_xlsx", detail=detail) if len(found) >= 12 else None
    text = content.text(s)
    if text.lstrip().startswith("{"):
        return _recognise_json(s, text, detail)
    header = content.header(s)
    if content.looks_like(header, COLLECTED, 12):
        return Recognition("window_csv", detail=detail)
    if content.looks_like(header, CASES, 6):
        return Recognition("cases_8_columns", detail=detail)
    return None


def _recognise_json(s: Sniff, text: str, detail: dict[str, str]) -> Recognition | None:
    if re.match(r'\s*\{\s*"notifications"\s*:', text):
        with s.path.open("rb") as f:
            f.seek(max(0, s.path.stat().st_size - 400))
            tail = f.read().decode("utf-8", "replace")
        totals = re.findall(r'"(total(?:Pages|Elements))"\s*:\s*(\d+)', tail)
        return Recognition("window_json", batch_key="|".join("=".join(t) for t in sorted(totals)) or None, detail=detail)
    if re.match(r'\s*\{\s*"countries"\s*:\s*\[\s*\{\s*"id"', text):
        return Recognition("window_json", "list of countries, without notices", detail=detail)
    if '"notificationBasis"' in text and '"product"' in text and '"risk"' in text:
        return Recognition(
            "window_json", "page of one notice: it holds names of officials; the search answer is what is read", detail=detail
        )
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a notice as sent; the same reference may stand twice (the later state wins in staging)."""
    name = file_name(path, recognition)
    layout = recognition.layout
    if layout == "window_json":
        rows = list(enumerate(_page(path, name)["notifications"], 1))
        return _build(((n, from_json(r)) for n, r in rows), len(rows), [], layout)
    if layout == "window_xlsx":
        rows = list(enumerate(_sheet_rows(path, name), 1))
        return _build(((n, from_export(r, braced_hazards)) for n, r in rows), len(rows), [], layout)
    columns, read = (USED_EXPORT, lambda r: from_export(r, plain_hazards)) if layout == "window_csv" else (CASES, from_case)
    with open_text(path, name) as stream:
        csv_rows = CsvRows(stream, name, {c: Cell(c, pl.String, "text", required=False) for c in columns})
        records = [(int(r["_row"]), read(r)) for block in csv_rows for r in block.iter_rows(named=True)]
    return _build(iter(records), csv_rows.rows_read, csv_rows.faults, layout)


def _build(records: Iterator[tuple[int, dict[str, Any]]], rows_read: int, faults: list[pl.DataFrame], layout: str) -> Parsed:
    reference_column, date_column = PLACES[layout]
    good, bad = [], []
    for number, record in records:
        raw_date = record.pop("raw_date")
        record["notified_at"] = moment(raw_date)
        if record["notified_at"] is None:
            bad.append((number, date_column, A_DATE, str(raw_date)[:80] or "nothing", FIX_CELL))
        elif not record["reference"]:
            bad.append((number, reference_column, "a reference such as 2026.2638", "nothing", FIX_CELL))
        else:
            good.append({**record, "_row": number})
    frame = pl.DataFrame(good, schema={**DTYPES, "_row": pl.Int64})
    return parsed([frame], [*faults, pl.DataFrame(bad, schema=BAD_SCHEMA, orient="row")], rows_read, DTYPES)


def _sheet_rows(path: Path, name: str) -> list[dict[str, Any]]:
    rows = next(iter(read_sheets(path, name).values()), [])
    header = [str(c or "") for c in rows[0]] if rows else []
    need_columns(name, header, USED_EXPORT)
    return [dict(zip(header, r, strict=False)) for r in rows[1:] if any(c is not None for c in r)]


def _page(path: Path, name: str) -> dict[str, Any]:
    body = content.read_json(path, name)
    if (
        not isinstance(body, dict)
        or not isinstance(body.get("notifications"), list)
        or "totalElements" not in body
        or "totalPages" not in body
    ):
        found = ", ".join(body) if isinstance(body, dict) else str(body)[:80]
        raise BadFile(name, "notifications, totalPages and totalElements", found, "fetch the page again")
    content.need_fields(name, body["notifications"], [n.split(".")[0] for n in ON_THE_WIRE])
    return body


ON_THE_WIRE = (
    "notifId", "reference", "ecValidationDate", "subject", "notifyingCountry.isoCode",
    "notifyingCountry.organizationName", "originCountries.isoCode", "originCountries.organizationName",
    "notificationClassification.description", "riskDecision.description", "productCategory.description", "productType.description",
)  # fmt: skip
PLAN_HELP = "acpgvc fetch rasff [origins=5118,...] (the service's own country ids); without origins: all notices, 100 a page"


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """First page of the search; `follow` gives the others. Pages start at 1: page 0 has right totals and no rows."""
    content.need(args, ("origins",), (), PLAN_HELP)
    try:
        ids = [int(i) for i in args["origins"].split(",")] if args.get("origins") else None
    except ValueError as e:
        raise TerminalError(f"origins must be the service's numeric ids, not {args['origins']!r}. Usage: {PLAN_HELP}") from e
    body: dict[str, Any] = {"parameters": {"pageNumber": 1, "itemsPerPage": PAGE_SIZE}, **dict.fromkeys(FILTERS), "originCountry": ids}
    url = f"{content.base_url('rasff', SOURCE.base_url)}/notification/search/consolidated/"
    yield Request(url, method="POST", json=body, note="RASFF page 1")


def follow(request: Request, path: Path) -> Iterable[Request]:
    """The next page, until the last one that this answer names."""
    number = request.json["parameters"]["pageNumber"] + 1
    if number <= _page(path, path.name)["totalPages"]:
        body = {**request.json, "parameters": {**request.json["parameters"], "pageNumber": number}}
        yield Request(request.url, method="POST", json=body, note=f"RASFF page {number}")


def verify(paths: list[Path]) -> None:
    """Raises BadFile unless the pages hold every notice that they count: half a list looks like nothing new."""
    pages = [(p, _page(p, p.name)) for p in paths]
    totals = {(b["totalPages"], b["totalElements"]) for _, b in pages}
    if len(totals) != 1:
        found = f"totals {sorted(totals)}"
        raise BadFile(pages[0][0].name, "the same totals on all pages", found, "the list moved while it was read: fetch again")
    (_, expected), ids = totals.pop(), [n.get("notifId") for _, b in pages for n in b["notifications"]]
    if len(ids) != expected or len(set(ids)) != expected:
        found = f"{len(ids)}, {len(set(ids))} of them distinct"
        raise BadFile(pages[0][0].name, f"{expected} notices on the pages together", found, "fetch or drop all pages of the answer")


def schema() -> DataFrameSchema:
    from ingestion.schemas.rasff import schema as build

    return build()


SOURCE = SourceSpec(
    name="rasff",
    table="raw_rasff__notices",
    title="RASFF notifications of food and feed risks",
    publisher="European Commission, DG SANTE",
    homepage="https://webgate.ec.europa.eu/rasff-window/screen/search",
    citation="European Commission, Rapid Alert System for Food and Feed (RASFF)",
    licence="Commission Decision 2011/833/EU on reuse (CC BY 4.0)",
    may_redistribute=True,
    kind="standards",
    cadence="continuous",
    watch=Watch(late_after_days=14, cron="0 5 * * 1"),
    hosts=("webgate.ec.europa.eu",),
    yearly=False,
    key=("reference", "_row"),
    partition=("reference",),
    unbounded="a newer file replaces single notices: what it lacks stays in use, and notices hold no numbers",
    is_whole=False,
    layouts={
        "window_json": "search answers of RASFF Window, all pages",
        "window_xlsx": "spreadsheet export of RASFF Window, 14 columns",
        "window_csv": "collection of that export with year and week added, 16 columns, hazard categories cut off",
        "cases_8_columns": "older export, 8 columns, without classification: cannot give border rejections",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    follow=follow,
    verify=verify,
    budget=Budget(min_interval_s=0.3),
    wire_fields={"window_json": ON_THE_WIRE},
    base_url="https://webgate.ec.europa.eu/rasff-window/backend/public",
    plan_help=PLAN_HELP,
)
