"""WTO ePing: notifications of sanitary and phytosanitary measures and of technical barriers to trade."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion import content
from ingestion.errors import BadFile
from ingestion.spec import Budget, Parsed, Recognition, Request, SourceSpec, Watch
from ingestion.tabular import Cell, file_name, parsed, typed

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff


def _day(text: pl.Expr) -> pl.Expr:
    return text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


CELLS = {
    "notification_id": Cell("id", pl.String, "the service's number"),
    "area": Cell("area", pl.String, "SPS or TBT"),
    "symbol": Cell("documentSymbol", pl.String, "a symbol such as G/SPS/N/KEN/12"),
    "title": Cell("titlePlain", pl.String, "text", required=False),
    "products": Cell("productsFreeTextPlain", pl.String, "text", required=False),
    "hs_codes": Cell("hsCodes", pl.String, "codes", required=False),
    "distributed_on": Cell("distributionDate", pl.Date, "a day such as 2025-11-26T00:00:00", expr=_day),
    "comments_until": Cell("commentDeadlineDate", pl.Date, "a day", required=False, expr=_day),
    "in_force_on": Cell("proposedEntryIntoForceDate", pl.Date, "a day", required=False, expr=_day),
    "member": Cell("notifyingMember", pl.String, "the name of a member"),
    "notification_type": Cell("notificationType", pl.String, "a type", required=False),
    "keywords": Cell("spsKeywords", pl.String, "names", required=False),
}
FIELDS = [cell.source for cell in CELLS.values()]
NEEDED = [cell.source for cell in CELLS.values() if cell.required]
DTYPES = {target: cell.dtype for target, cell in CELLS.items()}
ON_THE_WIRE = (
    "id", "area", "documentSymbol", "title", "titlePlain", "productsFreeTextPlain", "hsCodes", "distributionDate", "commentDeadlineDate",
    "proposedEntryIntoForceDate", "proposedEntryIntoForceDateText", "notifyingMember", "notificationType", "spsKeywords.name",
    "linkToNotification",
)  # fmt: skip
LISTS = ("items", "data", "value")  # names under which clients found the rows
PAGE_SIZE = 100
DOMAINS = {"TBT": "1", "SPS": "2"}


def recognise(s: Sniff) -> Recognition | None:
    """By the field that no other service has, or by an empty list of items."""
    text = content.text(s)
    if '"documentSymbol"' in text and '"distributionDate"' in text and text.lstrip()[:1] in ("{", "["):
        return Recognition("search_json", detail={"name": s.name})
    if re.fullmatch(r'\s*\{\s*"items"\s*:\s*\[\s*\]\s*\}\s*', text):
        return Recognition("search_json", detail={"name": s.name})
    return None


def _items(path: Path, name: str) -> list[dict[str, Any]]:
    body = content.read_json(path, name)
    found = body if isinstance(body, list) else next((body[k] for k in LISTS if isinstance(body, dict) and k in body), None)
    if not isinstance(found, list):
        raise BadFile(name, "a list of notifications", str(body)[:80], "fetch the page again")
    return found


def _text(value: Any) -> str:
    """Names come as text, as an object with a name, or as a list of these."""
    if isinstance(value, dict):
        return _text(value.get("name"))
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value)))
    return "" if value is None else str(value)


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a notification; addenda and corrigenda are rows of their own.

    Raises:
        BadFile: no complete JSON, no list, or a field is missing from every row.
    """
    name = file_name(path, recognition)
    items = _items(path, name)
    absent = [field for field in NEEDED if items and not any(field in i for i in items)]
    if absent:
        raise BadFile(name, f"field {absent[0]}", ", ".join(items[0]), "the WTO changed its answer: report this", column=absent[0])
    texts = [[_text(i.get(field, i.get("products") if field == "productsFreeTextPlain" else None)) for field in FIELDS] for i in items]
    raw = pl.DataFrame(texts, schema=dict.fromkeys(FIELDS, pl.String), orient="row").with_row_index("_row", 1).cast({"_row": pl.Int64})
    good, bad = typed(raw, CELLS)
    return parsed([good], [bad], raw.height, DTYPES)


PLAN_HELP = "acpgvc fetch eping from=2024-01-01 to=2024-12-31 [domains=SPS,TBT] [countries=C404,U918]; 100 a page"


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """First page of the search; `follow` gives the others."""
    content.need(args, ("from", "to", "domains", "countries"), ("from", "to"), PLAN_HELP)
    params = {
        "language": "1",
        "domainIds": ",".join(DOMAINS.get(d, d) for d in args.get("domains", "TBT,SPS").split(",")),
        "distributionDateFrom": args["from"],
        "distributionDateTo": args["to"],
        "page": "1",
        "pageSize": str(PAGE_SIZE),
    }
    if args.get("countries"):
        params["countryIds"] = args["countries"]
    yield Request(f"{content.base_url('eping', SOURCE.base_url)}/notifications/search", params, note="ePing page 1")


def follow(request: Request, path: Path) -> Iterable[Request]:
    """The next page, until one is not full: the service names no total."""
    if len(_items(path, path.name)) >= PAGE_SIZE:
        number = str(int(request.params["page"]) + 1)
        yield Request(request.url, {**request.params, "page": number}, note=f"ePing page {number}")


def verify(paths: list[Path]) -> None:
    """Raises BadFile when a notification stands on two pages: the list moved while it was read, and others were skipped."""
    seen = Counter(i.get("id") for p in paths for i in _items(p, p.name))
    twice = sorted(str(i) for i, n in seen.items() if n > 1)
    if twice:
        remedy = "the list moved while it was read: fetch again"
        raise BadFile(paths[0].name, "each notification on one page", f"{', '.join(twice[:5])} more than once", remedy)


def schema() -> DataFrameSchema:
    from ingestion.schemas.eping import schema as build

    return build()


SOURCE = SourceSpec(
    name="eping",
    table="raw_eping__notifications",
    title="Notifications of SPS and TBT measures",
    publisher="World Trade Organization, ePing",
    homepage="https://eping.wto.org",
    citation="World Trade Organization, ePing SPS and TBT notifications",
    licence="WTO terms of use: reuse with attribution; passing on is not settled",
    may_redistribute=False,
    kind="standards",
    cadence="daily",
    watch=Watch(31, "0 6 * * 1", {"from": "{since:%Y-%m-%d}", "to": "{now:%Y-%m-%d}"}, back_days=60),
    hosts=("api.wto.org",),
    yearly=False,
    key=("notification_id",),
    partition=("notification_id",),
    unbounded="a newer file replaces single notices: what it lacks stays in use, and notices hold no numbers",
    is_whole=False,
    layouts={"search_json": "answers of the search, page by page"},
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    follow=follow,
    verify=verify,
    key_env="WTO_API_KEY",
    key_header="Ocp-Apim-Subscription-Key",
    no_data={204: ""},
    budget=Budget(min_interval_s=1.0),
    wire_fields={"search_json": ON_THE_WIRE},
    base_url="https://api.wto.org/eping",
    one_by_one=(("countries", "countries", "ACP"), ("months", "from", "")),
    plan_help=PLAN_HELP,
)
