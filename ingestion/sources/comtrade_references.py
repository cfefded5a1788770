"""UN Comtrade reference lists: areas that report and partners, commodities of each HS edition, flows, procedures, transport, units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion import content
from ingestion.errors import BadFile, TerminalError
from ingestion.spec import Budget, Parsed, Recognition, Request, Revisions, SourceSpec, Watch
from ingestion.tabular import Cell, file_name, need_columns, parsed, typed

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

AGAIN = "fetch the list again"
LEAST_REPORTERS = 150  # in force and no group; about 219 are published
EDITIONS = ("HS", "H0", "H1", "H2", "H3", "H4", "H5", "H6")
# Lists whose rows are a bare id and text are told by codes that they always have: imports and exports; all procedures; all modes, air.
BARE = {"tradeRegimes": {"M", "X"}, "CustomsCodes": {"C00"}, "ModeOfTransportCodes": {"0", "1000"}}
LISTS = ("Reporters", "partnerAreas", *EDITIONS, *BARE, "QuantityUnits")

DTYPES: dict[str, Any] = {
    "list_name": pl.String, "code": pl.String, "label": pl.String, "note": pl.String, "parent_code": pl.String, "aggr_level": pl.Int8,
    "is_leaf": pl.Boolean, "unit": pl.String, "iso2": pl.String, "iso3": pl.String, "is_group": pl.Boolean, "effective_on": pl.Date,
    "expired_on": pl.Date,
}  # fmt: skip


def _day(text: pl.Expr) -> pl.Expr:
    return text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def _text(source: str, *, required: bool = False) -> Cell:
    return Cell(source, pl.String, "text", required)


def _area(side: str, note: str) -> dict[str, Cell]:
    return {
        "code": Cell(f"{side}Code", pl.String, "an area code"),
        "label": _text(f"{side}Desc", required=True),
        "note": _text(note),
        "iso2": _text(f"{side}CodeIsoAlpha2"),
        "iso3": _text(f"{side}CodeIsoAlpha3"),
        "effective_on": Cell("entryEffectiveDate", pl.Date, "a day such as 1993-01-01T00:00:00", required=False, expr=_day),
        "is_group": Cell("isGroup", pl.Boolean, "true or false"),
        "expired_on": Cell("entryExpiredDate", pl.Date, "a day such as 1992-12-31T00:00:00", required=False, expr=_day),
    }


PAIR = {"code": Cell("id", pl.String, "a code"), "label": _text("text", required=True)}
CELLS: dict[str, dict[str, Cell]] = {
    "reporters_json": _area("reporter", "reporterNote"),
    "partners_json": _area("Partner", "partnerNote"),
    "commodities_json": PAIR
    | {
        "parent_code": Cell("parent", pl.String, "a code, # at the top"),
        "is_leaf": Cell("isLeaf", pl.Boolean, "0 or 1"),
        "aggr_level": Cell("aggrLevel", pl.Int8, "0, 2, 4 or 6"),
        "unit": _text("standardUnitAbbr"),
    },
    "units_json": {
        "code": Cell("qtyCode", pl.String, "a unit code"),
        "unit": _text("qtyAbbr"),
        "label": _text("qtyDescription", required=True),
    },
    "codes_json": PAIR,
}
NOT_NEEDED = ("note", "unit")  # nothing hangs on these
NAMED = {"reporters_json": "Reporters", "partners_json": "partnerAreas", "units_json": "QuantityUnits"}
MARKS = {"reporters_json": r'"reporter(Code|Desc|Note)"', "partners_json": r'"partner(Code|Desc|Note)"', "units_json": r'"qty(Code|Abbr)"'}


def recognise(s: Sniff) -> Recognition | None:
    """By the names in the first rows, the class of a list of commodities, or the codes of a bare list."""
    text = content.text(s)
    head = re.match(r'\s*\{[^\[{]{0,400}"results"\s*:\s*\[', text)
    if not head:
        return None
    detail = {"name": s.name}
    if class_code := re.search(r'"classCode"\s*:\s*"(\w+)"', head[0]):
        other = "" if class_code[1] in EDITIONS else f"list of the classification {class_code[1]}: nothing here is coded in it"
        return Recognition("commodities_json", other or None, detail=detail)
    first = text[head.end() : head.end() + 2000]
    if '"fileuri"' in first:
        return Recognition("codes_json", "list of the reference lists, without codes", detail=detail)
    for layout, mark in MARKS.items():
        if re.search(mark, first, re.IGNORECASE):
            return Recognition(layout, detail=detail)
    bare = _bare_list(re.findall(r'"id"\s*:\s*"?([^",}\s]+)', text)) if '"text"' in first else None
    return Recognition("codes_json", detail=detail) if bare else None


def _bare_list(codes: Iterable[str]) -> str | None:
    found = set(codes)
    return next((name for name, always in BARE.items() if always <= found), None)


def _read(path: Path, name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The document and its rows. Fields are spelled as declared: lists differ in capitals (aggrLevel, aggrlevel)."""
    body = content.read_json(path, name)
    rows = body.get("results") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
        raise BadFile(name, "a list of codes in results", str(body)[:80], AGAIN)
    if body.get("more"):
        raise BadFile(name, "a whole list", "one that says that there is more", AGAIN)
    spelled = {cell.source.lower(): cell.source for cells in CELLS.values() for cell in cells.values()}
    return body, [{spelled.get(k.lower(), k): v for k, v in r.items()} for r in rows]


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a code. What a list does not tell of its codes is null.

    Raises:
        BadFile: no complete JSON, no codes, not the whole list, or a field is missing from every row.
    """
    name, layout = file_name(path, recognition), recognition.layout
    body, rows = _read(path, name)
    cells = CELLS[layout]
    need_columns(name, list(dict.fromkeys(k for r in rows for k in r)), [c.source for t, c in cells.items() if t not in NOT_NEEDED])
    fields = [c.source for c in cells.values()]
    texts = {f: ["" if (v := r.get(f)) is None else str(v) for r in rows] for f in fields}
    raw = pl.DataFrame(texts, schema=dict.fromkeys(fields, pl.String)).with_row_index("_row", 1).cast({"_row": pl.Int64})
    good, bad = typed(raw, cells)
    list_name = body["classCode"] if layout == "commodities_json" else NAMED.get(layout) or _bare_list(texts["id"])
    others = [pl.lit(None, t).alias(c) for c, t in DTYPES.items() if c not in cells and c != "list_name"]
    return parsed([good.with_columns(pl.lit(list_name, pl.String).alias("list_name"), *others)], [bad], len(rows), DTYPES)


PLAN_HELP = f"acpgvc fetch comtrade_references [lists=Reporters,partnerAreas]; without lists all: {', '.join(LISTS)}"


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """One call a list; the publisher does not count them, and answers 304 to one that has not changed."""
    content.need(args, ("lists",), (), PLAN_HELP)
    asked = args["lists"].split(",") if args.get("lists") else LISTS
    if unknown := [name for name in asked if name not in LISTS]:
        raise TerminalError(f"lists: unknown {', '.join(unknown)}. Usage: {PLAN_HELP}")
    base = content.base_url("comtrade_references", SOURCE.base_url)
    for name in asked:
        yield Request(f"{base}/files/v1/app/reference/{name}.json", note=f"Comtrade list {name}", is_counted=False)


def verify(paths: list[Path]) -> None:
    """Raises BadFile when a fetched list of reporters is far too short."""
    for path in paths:
        _, rows = _read(path, path.name)
        current = [r for r in rows if r.get("isGroup") is not True and not r.get("entryExpiredDate")]
        if "reporterCode" in rows[0] and len(current) < LEAST_REPORTERS:
            raise BadFile(path.name, f"at least {LEAST_REPORTERS} reporters in force", f"{len(current)} in {len(rows)} rows", AGAIN)


def schema() -> DataFrameSchema:
    from ingestion.schemas.comtrade_references import schema as build

    return build()


SOURCE = SourceSpec(
    name="comtrade_references",
    table="raw_comtrade_references__codes",
    title="UN Comtrade, reference lists",
    publisher="United Nations Statistics Division",
    homepage="https://comtradeplus.un.org",
    citation="United Nations Statistics Division, UN Comtrade database, reference lists",
    licence="UN Comtrade policy on use and re-dissemination: raw rows may not be republished",
    may_redistribute=False,
    kind="trade",
    cadence="when codes change; commodities with each edition of the HS, every five years",
    watch=Watch(6 * 366, "0 3 2 * *"),  # no news for years is usual
    hosts=("comtradeapi.un.org",),
    yearly=False,
    key=("list_name", "code"),
    partition=("list_name",),
    revisions=Revisions(),
    is_whole=False,  # a file is one list
    layouts={
        "reporters_json": "Reporters.json: reporterCode, reporterDesc, ISO codes, days in force, isGroup",
        "partners_json": "partnerAreas.json: PartnerCode, PartnerDesc, ISO codes, days in force, isGroup",
        "commodities_json": "HS.json, H0.json to H6.json: classCode, and id, text, parent, isLeaf, aggrLevel, standardUnitAbbr",
        "units_json": "QuantityUnits.json: qtyCode, qtyAbbr, qtyDescription",
        "codes_json": "tradeRegimes.json, CustomsCodes.json, ModeOfTransportCodes.json: id and text",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    verify=verify,
    budget=Budget(min_interval_s=2.0),
    wire_fields={
        layout: (*(("id", "text") if "is_group" in cells else ()), *(c.source for c in cells.values())) for layout, cells in CELLS.items()
    },
    base_url="https://comtradeapi.un.org",
    plan_help=PLAN_HELP,
)
