"""World Bank World Development Indicators: answers of API v2 (JSON) and the bulk CSV of one indicator."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import polars as pl

from ingestion import content
from ingestion.errors import BadFile
from ingestion.spec import Budget, Parsed, Recognition, Request, Revisions, SourceSpec, Watch
from ingestion.tabular import BAD_SCHEMA, Cell, CsvRows, file_name, parsed, read_header, typed
from ingestion.text_stream import AGAIN, open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

MEMBER = re.compile(r"(?:.*/)?API_(?!Download)[A-Z0-9.]+.*\.csv")
YEAR = re.compile(r"\d{4}")
NAMES = ["Country Name", "Country Code", "Indicator Name", "Indicator Code"]
LEAST_HEAD = '"Data Source","World Development Indicators"'
FIRST_YEAR = 1960  # of the database: an answer replaces the whole indicator, so a fetch asks for all years unless told otherwise
HEAD_LINES = 5  # title, blank, vintage, blank, column names
PER_PAGE = "20000"
SERIES = (  # that indicators use: dbt_project/macros/wdi_series.sql, and patents
    "NY.GDP.PCAP.PP.KD", "SP.POP.TOTL", "GB.XPD.RSDV.GD.ZS", "SP.POP.SCIE.RD.P6", "SE.TER.ENRR", "EG.ELC.ACCS.ZS", "IT.NET.USER.ZS",
    "NV.IND.MANF.ZS", "BX.KLT.DINV.WD.GD.ZS", "NV.AGR.TOTL.ZS", "NV.AGR.EMPL.KD", "NV.IND.EMPL.KD", "SL.AGR.EMPL.ZS", "IP.PAT.RESD",
)  # fmt: skip

CELLS = {
    "country_code": Cell("country", pl.String, "a country code"),
    "country_name": Cell("name", pl.String, "a country name", required=False),
    "indicator_code": Cell("indicator", pl.String, "an indicator code"),
    "indicator_name": Cell("title", pl.String, "an indicator name", required=False),
    "year": Cell("date", pl.Int16, "a year"),
    "value": Cell("value", pl.Float64, "a number"),
}
DTYPES: dict[str, Any] = {**{target: cell.dtype for target, cell in CELLS.items()}, "last_updated": pl.Date}
TEXTS = dict.fromkeys([c.source for c in CELLS.values()], pl.String)


def recognise(s: Sniff) -> Recognition | None:
    """API pages, the bulk CSV with its head lines (bare or in the official zip), and what was changed or lacks its vintage."""
    detail = {"name": s.name}
    if any(MEMBER.fullmatch(m) for m in content.members(s)):
        return Recognition("bulk_csv", detail=detail)
    text = content.text(s)
    if text.startswith(LEAST_HEAD):
        return Recognition("bulk_csv", detail=detail)
    if re.match(r'\s*\[\s*\{\s*"(page|message)"\s*:', text):
        return Recognition("api_json", batch_key=_batch_key(text), detail=detail)
    header = content.header(s)
    if header[:4] == NAMES:
        others = [h for h in header[4:] if h and not YEAR.fullmatch(h)]
        refused = f"bulk CSV with columns that the World Bank has not: {', '.join(others[:3])}" if others else None
        return Recognition("old_bulk_csv", refused, detail=detail)
    if {"Country Code", "Region", "IncomeGroup"} <= set(header):
        return Recognition("bulk_csv", "country list of a download, without figures", detail=detail)
    if {"country_code", "year"} <= set(header) and any(h.startswith("wdi_") for h in header):
        return Recognition("bulk_csv", "derived by someone: several indicators in renamed columns, without vintage", detail=detail)
    return None


def _batch_key(text: str) -> str | None:
    """Pages of one answer share totals, vintage and (with one indicator a call) the indicator."""
    head = dict(re.findall(r'"(pages|per_page|total|lastupdated|sourceid)"\s*:\s*"?([^",}]*)"?', text[:400]))
    indicator = re.search(r'"indicator"\s*:\s*\{\s*"id"\s*:\s*"([^"]+)"', text)
    return "|".join([indicator[1], *(f"{k}={head[k]}" for k in sorted(head))]) if indicator else None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a cell that holds a value; empty cells are no rows. `rows_read` counts the cells with a value.

    In the wide bulk file `_row` numbers these cells in reading order.
    """
    name = file_name(path, recognition)
    if recognition.layout == "api_json":
        return _parse_page(path, name)
    if recognition.layout == "old_bulk_csv":
        return _parse_wide(path, name, None, head_lines=1)
    if not zipfile.is_zipfile(path):
        with path.open("rb") as f:
            if f.read(2) == b"PK":
                raise BadFile(name, "a complete zip archive", "a damaged one (no central directory)", AGAIN)
        return _parse_wide(path, name, None)
    try:
        with zipfile.ZipFile(path) as archive:
            data = [m for m in archive.namelist() if MEMBER.fullmatch(m)]
            if len(data) != 1:
                raise BadFile(name, "one member API_*.csv", ", ".join(data) or "none", "drop the zip of one indicator as downloaded")
            with archive.open(data[0]) as member:
                return _parse_wide(path, f"{name}:{data[0]}", member)
    except zipfile.BadZipFile as e:
        raise BadFile(name, "a complete zip archive", f"a damaged one ({e})", AGAIN) from e


def _parse_wide(path: Path, name: str, member: IO[bytes] | None, head_lines: int = HEAD_LINES) -> Parsed:
    """One line of names in front has no vintage, five have."""
    with open_text(path, name, member, head_lines=head_lines) as stream:
        head = [read_header(stream) for _ in range(head_lines)]
        updated = _vintage(head, name) if head_lines == HEAD_LINES else None
        header = head[-1]
        years = [h for h in header if YEAR.fullmatch(h)]
        cells = {c: Cell(c, pl.String, "text", required=c.endswith("Code")) for c in NAMES} | {
            y: Cell(y, pl.String, "a number", required=False) for y in years
        }
        rows = CsvRows(stream, name, cells, header=header)
        blocks = list(rows)
    wide = pl.concat(blocks) if blocks else pl.DataFrame(schema={**dict.fromkeys(cells, pl.String), "_row": pl.Int64})
    long = wide.unpivot(years, index=["_row", *NAMES], variable_name="date", value_name="value").drop_nulls("value").sort("_row", "date")
    long = long.rename(dict(zip(NAMES, ["name", "country", "title", "indicator"], strict=True)))
    lines = pl.concat(rows.faults) if rows.faults else pl.DataFrame(schema=BAD_SCHEMA)
    broken = lines["_row"].n_unique()
    # Lines that could not be read come first in the numbering, so that numbers of cells and of lines never meet.
    numbered = long.with_columns(_row=pl.int_range(broken + 1, broken + 1 + pl.len(), dtype=pl.Int64))
    good, bad = typed(numbered, CELLS)
    bad = bad.join(numbered.select("_row", "country", "date"), on="_row").select(
        "_row", pl.concat_str("column", pl.lit(" of "), "country", pl.lit(" "), "date").alias("column"), "expected", "found", "remedy"
    )
    found = pl.concat_str(pl.lit("line "), pl.col("_row") + head_lines, pl.lit(": "), "found")
    lines = lines.with_columns(found=found, _row=pl.col("_row").rank("dense").cast(pl.Int64))
    good = good.with_columns(last_updated=pl.lit(updated, dtype=pl.Date))
    return parsed([good], [lines, bad], long.height + broken, DTYPES, updated.isoformat() if updated else "")


def _vintage(head: list[list[str]], name: str) -> dt.date:
    line = head[2] if len(head) > 2 else []
    try:
        if line[:1] != ["Last Updated Date"]:
            raise ValueError("no Last Updated Date")
        updated = dt.date.fromisoformat(line[1])
    except (ValueError, IndexError) as e:
        raise BadFile(
            name, '"Last Updated Date","YYYY-MM-DD" on line 3', ",".join(line) or "nothing", AGAIN, column="Last Updated Date"
        ) from e
    missing = [n for n, h in zip(NAMES, head[4][:4] + [""] * 4, strict=False) if n != h]
    if missing:
        raise BadFile(
            name, f"column {missing[0]} on line 5", ",".join(head[4][:4]) or "nothing", "use the download as published", column=missing[0]
        )
    return updated


def _page(path: Path, name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Head and rows of one page.

    Raises:
        BadFile: an error message under HTTP 200, or no two-part answer.
    """
    body = content.read_json(path, name)
    if isinstance(body, list) and len(body) == 1 and isinstance(body[0], dict) and "message" in body[0]:
        said = "; ".join(f"{m.get('id')} {m.get('key')}: {m.get('value')}" for m in body[0]["message"])
        raise BadFile(name, "two parts, head and rows", f"the error {said}", "correct the query (indicator code, source=2) and fetch again")
    if not (isinstance(body, list) and len(body) == 2 and isinstance(body[0], dict) and isinstance(body[1], list | None)):
        raise BadFile(name, "two parts, head and rows", str(body)[:80], "fetch the page again")
    rows = body[1] or []
    content.need_fields(name, rows, ("indicator", "country", "countryiso3code", "date", "value"))
    return body[0], rows


def _parse_page(path: Path, name: str) -> Parsed:
    head, rows = _page(path, name)
    cells = []
    for r in rows:
        country, indicator = r.get("country") or {}, r.get("indicator") or {}
        # Some aggregates have no ISO3; their own id keeps the row apart (Namibia's ISO2 'NA' is text and never used here).
        code = r.get("countryiso3code") or country.get("id")
        cells.append([code, country.get("value"), indicator.get("id"), indicator.get("value"), r.get("date"), r.get("value")])
    texts = [["" if v is None else str(v) for v in c] for c in cells if c[-1] is not None]
    raw = pl.DataFrame(texts, schema=TEXTS, orient="row").with_row_index("_row", 1).cast({"_row": pl.Int64})
    good, bad = typed(raw, CELLS)
    updated = str(head.get("lastupdated") or "")
    if rows and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", updated):
        raise BadFile(name, "lastupdated as YYYY-MM-DD", updated or "nothing", "fetch the page again", column="lastupdated")
    good = good.with_columns(last_updated=pl.lit(dt.date.fromisoformat(updated) if updated else None, dtype=pl.Date))
    return parsed([good], [bad], raw.height, DTYPES, updated)


ON_THE_WIRE = (
    "indicator.id", "indicator.value", "country.id", "country.value", "countryiso3code",
    "date", "value", "unit", "obs_status",
    "decimal",
)  # fmt: skip
PLAN_HELP = "acpgvc fetch wdi indicators=NV.IND.MANF.ZS,SP.POP.TOTL [years=1960-2025] [countries=all]; one call an indicator"


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """First page of each indicator; `follow` gives the others."""
    content.need(args, ("indicators", "years", "countries"), ("indicators",), PLAN_HELP)
    span = content.years(args.get("years", f"{FIRST_YEAR}-{dt.date.today().year}"))
    countries = args.get("countries", "all").replace(",", ";")
    for indicator in args["indicators"].split(","):
        url = f"{content.base_url('wdi', SOURCE.base_url)}/country/{countries}/indicator/{indicator}"
        params = {"format": "json", "per_page": PER_PAGE, "page": "1", "date": f"{min(span)}:{max(span)}", "source": "2"}
        yield Request(url, params, note=f"WDI {indicator}")


def follow(request: Request, path: Path) -> Iterable[Request]:
    """The next page, until the last one that this answer names."""
    number = int(request.params["page"]) + 1
    if number <= int(_page(path, path.name)[0].get("pages") or 0):
        yield Request(request.url, {**request.params, "page": str(number)}, note=f"{request.note.split(' page')[0]} page {number}")


def verify(paths: list[Path]) -> None:
    """Raises BadFile unless the pages together hold `total` rows of one vintage."""
    pages = [(p, *_page(p, p.name)) for p in paths]
    heads = {(int(h.get("total") or 0), h.get("lastupdated")) for _, h, _ in pages}
    if len(heads) != 1:
        found = str(sorted(map(str, heads)))
        raise BadFile(pages[0][0].name, "the same total and lastupdated on all pages", found, "a new vintage came in between: fetch again")
    expected, found = heads.pop()[0], sum(len(r) for _, _, r in pages)
    if expected != found:
        remedy = "fetch or drop all pages of the answer"
        raise BadFile(pages[0][0].name, f"{expected} rows on the pages together", f"{found} on {len(pages)} page(s)", remedy)


def schema() -> DataFrameSchema:
    from ingestion.schemas.wdi import schema as build

    return build()


SOURCE = SourceSpec(
    name="wdi",
    table="raw_wdi__indicators",
    title="World Development Indicators",
    publisher="World Bank",
    homepage="https://databank.worldbank.org/source/world-development-indicators",
    citation="World Bank, World Development Indicators",
    licence="CC BY 4.0",
    may_redistribute=True,
    kind="context",
    cadence="several times a year",
    watch=Watch(200, "0 5 20 1,4,7,10 *", {"indicators": ",".join(SERIES), "years": "1960-{now:%Y}"}),
    hosts=("api.worldbank.org",),
    yearly=False,
    key=("country_code", "indicator_code", "year"),
    partition=("indicator_code",),
    revisions=Revisions(("value",), by=("country_code", "indicator_code")),
    is_whole=False,
    layouts={
        "api_json": "answer of API v2, all pages",
        "bulk_csv": "CSV download of one indicator, bare or in its zip",
        "old_bulk_csv": "rows of the bulk file of former years, without head lines and vintage",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    follow=follow,
    verify=verify,
    budget=Budget(min_interval_s=1.0),
    wire_fields={"api_json": ON_THE_WIRE},
    base_url="https://api.worldbank.org/v2",
    one_by_one=(("indicators", "indicators", ""), ("countries", "countries", "ACP"), ("years", "years", "")),
    plan_help=PLAN_HELP,
)
