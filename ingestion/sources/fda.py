"""US FDA import refusals: the downloads of its data dashboard, answers of its interface, and an extract of shrimp that circulates.

Firms and addresses are never read. Charges stay as the FDA's numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion import content
from ingestion.bulk_text import open_bulk
from ingestion.errors import BadFile
from ingestion.spec import Budget, Parsed, Recognition, Request, Revisions, SourceSpec, Watch
from ingestion.tabular import Cell, CsvRows, file_name, parsed, typed

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

COLUMNS = [
    "MFG_FIRM_FEI_NUM", "LGL_NAME", "LINE1_ADRS", "LINE2_ADRS", "CITY_NAME", "PROVINCE_STATE", "ISO_CNTRY_CODE", "PRODUCT_CODE",
    "REFUSAL_DATE", "DISTRICT", "ENTRY_NUM", "RFRNC_DOC_ID", "LINE_NUM", "LINE_SFX_ID", "FDA_SAMPLE_ANALYSIS", "PRIVATE_LAB_ANALYSIS",
    "REFUSAL_CHARGES", "PRDCT_CODE_DESC_TEXT",
]  # fmt: skip
ON_THE_WIRE = (
    "FEINumber", "FirmName", "AddressLine1", "AddressLine2", "City", "State", "ZipCode", "CountryCode", "CountryName", "DistrictCode",
    "DistrictDescription", "IndustryCode", "IndustryCodeDescription", "ProductCategory", "ProductCode", "ProductCodeDescription",
    "RefusalDate", "ShipmentID", "FDASampleAnalysis", "PrivateLabAnalysis", "RefusalCharges", "FirmProfile",
)  # fmt: skip
ADDED = {"Row_No", "TextJoinTest", "Duplicate"}  # by the collector of the shrimp extract
CHARGES = ["ASC_ID", "CHRG_CODE", "CHRG_STMNT_TEXT", "SCTN_NAME"]
MEMBER = re.compile(r"(?:.*/)?REFUSAL_ENTRY[^/]*\.csv", re.IGNORECASE)
WORKBOOK = re.compile(r"\d\d[A-Z]{3}\d\d")  # product codes fill the texts of the workbook that circulates
ROWS = 5000  # the most that the interface gives
A_DATE = "a date such as 22-Dec-21, 9/2/2004 or 2026-03-14"
DATES = ("%d-%b-%y", "%m/%d/%Y", "%Y-%m-%d", "%Y%m%d")


def _date(text: pl.Expr) -> pl.Expr:
    return pl.coalesce(text.str.to_date(f, strict=False) for f in DATES)


def _charges(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"\s", "")


def _cells(country: str, product: str, day: str, entry: str, charges: str, text: str, line: tuple[str, ...]) -> dict[str, Cell]:
    rest = zip(("document_id", "line_number", "line_suffix"), line, strict=False)
    return {
        "country_code": Cell(country, pl.String, "an ISO2 code"),
        "product_code": Cell(product, pl.String, "a product code of seven characters"),
        "refused_on": Cell(day, pl.Date, A_DATE, expr=_date),
        "entry_number": Cell(entry, pl.String, "the number of the entry"),
        "charge_ids": Cell(charges, pl.String, "numbers of charges", required=False, expr=_charges),
        "product_text": Cell(text, pl.String, "a name", required=False),
        **{target: Cell(source, pl.String, "text", required=target == "line_number") for target, source in rest},
    }


FILE_CELLS = _cells(*COLUMNS[6:9], "ENTRY_NUM", "REFUSAL_CHARGES", "PRDCT_CODE_DESC_TEXT", ("RFRNC_DOC_ID", "LINE_NUM", "LINE_SFX_ID"))
API_CELLS = _cells("CountryCode", "ProductCode", "RefusalDate", "ShipmentID", "RefusalCharges", "ProductCodeDescription", ())
DTYPES: dict[str, Any] = {target: cell.dtype for target, cell in FILE_CELLS.items()}
DTYPES |= {"year": pl.Int16, "refusal_month": pl.String, "layout": pl.String}


def recognise(s: Sniff) -> Recognition | None:
    """The 18 columns (bare, gzip, or a member of the FDA's name), an answer with its status inside, and what is no list of refusals."""
    detail = {"name": s.name}
    if any(MEMBER.fullmatch(m) for m in content.members(s)):
        return Recognition("bulk_csv", detail=detail)
    if content.container(s) in ("xlsx", "damaged_zip"):
        texts = content.sheet_texts(s)
        if len([t for t in texts if WORKBOOK.fullmatch(t)]) > 20 or len(texts & set(COLUMNS)) > 10:
            return Recognition(
                "bulk_csv", "workbook that others made of the FDA's lines (formulas, charges in columns): use its CSV", detail=detail
            )
        return None
    text = content.text(s)
    if re.match(r'\s*\{[^{\[]{0,300}"statuscode"\s*:', text) and '"message"' in text[:400]:
        total = re.search(r'"totalrecordcount"\s*:\s*(\d+)', text)
        return Recognition("api_json", batch_key=f"totalrecordcount={total[1]}" if total else None, detail=detail)
    header = content.header(s)
    if header == CHARGES:
        return Recognition("bulk_csv", "list of charges, without refusals", detail=detail)
    if set(header) >= ADDED and len(set(header) & set(COLUMNS)) >= 14:
        return Recognition("shrimp_extract", detail=detail)
    return Recognition("bulk_csv", detail=detail) if content.looks_like(header, COLUMNS, 14) else None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a row of the file: a refused line, in the extract a line and charge. The vintage is the last day of refusal.

    Raises:
        BadFile: damaged, in no known encoding, a column is missing, or the interface refused the question.
    """
    name = file_name(path, recognition)
    if recognition.layout == "api_json":
        return _parse_answer(path, name)
    with open_bulk(path, name, MEMBER) as (inside, stream):
        rows = CsvRows(stream, inside, FILE_CELLS)
        frames = list(rows)
    return _finish(frames, rows.faults, rows.rows_read, recognition.layout)


def _finish(frames: list[pl.DataFrame], faults: list[pl.DataFrame], rows_read: int, layout: str) -> Parsed:
    missing = {"document_id", "line_number", "line_suffix"}
    done = [
        f.with_columns(
            year=pl.col("refused_on").dt.year().cast(pl.Int16),
            refusal_month=pl.col("refused_on").dt.strftime("%Y-%m"),
            layout=pl.lit(layout),
            **{c: pl.lit(None, pl.String) for c in missing - set(f.columns)},
        )
        for f in frames
    ]
    last = max((day for f in done if (day := f["refused_on"].max())), default=None)
    return parsed(done, faults, rows_read, DTYPES, str(last or ""))


def _answer(path: Path, name: str) -> dict[str, Any]:
    """The number in the body does not tell (400 with `Success` is a success); the message does."""
    body = content.read_json(path, name)
    message = str(body.get("message")) if isinstance(body, dict) else ""
    if not message.startswith("Success") or not isinstance(body.get("result"), list):
        found = message or str(body)[:80]
        raise BadFile(name, "the message Success and a list `result`", found, "correct the arguments and fetch again", column="message")
    return body


def _parse_answer(path: Path, name: str) -> Parsed:
    result = _answer(path, name)["result"]
    wanted = [c.source for c in API_CELLS.values()]
    absent = [c for c in wanted if result and c not in result[0]]
    if absent:
        raise BadFile(name, f"field {absent[0]}", ", ".join(result[0]), "the FDA changed its answer: report this", column=absent[0])
    texts = [["" if r.get(c) is None else str(r[c]) for c in wanted] for r in result]
    raw = pl.DataFrame(texts, schema=dict.fromkeys(wanted, pl.String), orient="row").with_row_index("_row", 1).cast({"_row": pl.Int64})
    good, bad = typed(raw, API_CELLS)
    return _finish([good], [bad], raw.height, "api_json")


PLAN_HELP = "acpgvc fetch fda from=2024-01-01 to=2024-12-31 [countries=KE,GH]; 5,000 lines a call"


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """First page of the question; `follow` gives the others. `start` counts from 1, and `sort` is required."""
    content.need(args, ("from", "to", "countries"), ("from", "to"), PLAN_HELP)
    filters: dict[str, list[str]] = {"RefusalDateFrom": [args["from"]], "RefusalDateTo": [args["to"]]}
    if args.get("countries"):
        filters["CountryCode"] = args["countries"].split(",")
    body = {
        "start": 1,
        "rows": ROWS,
        "sort": "RefusalDate",
        "sortorder": "ASC",
        "filters": filters,
        "columns": [],
        "returntotalcount": True,
    }
    url = f"{content.base_url('fda', SOURCE.base_url)}/import_refusals"
    yield Request(url, method="POST", json=body, note="FDA refusals from line 1")


def follow(request: Request, path: Path) -> Iterable[Request]:
    """The next page, until the total that this answer names."""
    start = request.json["start"] + request.json["rows"]
    if start <= int(_answer(path, path.name).get("totalrecordcount") or 0):
        yield Request(request.url, method="POST", json={**request.json, "start": start}, note=f"FDA refusals from line {start}")


def verify(paths: list[Path]) -> None:
    """Raises BadFile unless the pages together hold the lines that they count."""
    pages = [_answer(p, p.name) for p in paths if p.open("rb").read(1) == b"{"]
    totals = {int(b.get("totalrecordcount") or len(b["result"])) for b in pages}
    found = sum(len(b["result"]) for b in pages)
    if pages and totals != {found}:
        expected = f"{' or '.join(map(str, sorted(totals)))} lines on the pages together"
        raise BadFile(paths[0].name, expected, f"{found} on {len(pages)} page(s)", "fetch or drop all pages of the answer")


def schema() -> DataFrameSchema:
    from ingestion.schemas.fda import schema as build

    return build()


SOURCE = SourceSpec(
    name="fda",
    table="raw_fda__refusals",
    title="US FDA import refusals",
    publisher="U.S. Food and Drug Administration",
    homepage="https://datadashboard.fda.gov/oii/cd/imprefusals.htm",
    citation="U.S. Food and Drug Administration, Import Refusal Report",
    licence="US government work, public domain",
    may_redistribute=True,
    kind="standards",
    cadence="monthly",
    watch=Watch(62, "0 5 16 * *", {"from": "{since:%Y-%m}-01", "to": "{now:%Y-%m-%d}"}, back_days=92),  # whole months
    hosts=("api-datadashboard.fda.gov",),
    yearly=False,
    key=("entry_number", "document_id", "line_number", "line_suffix", "refused_on", "charge_ids", "_row"),
    partition=("layout", "refusal_month", "country_code"),  # lines and charges are named in another way in each layout
    revisions=Revisions(),  # refusals hold no numbers: lines that are gone are counted
    is_whole=False,
    layouts={
        "bulk_csv": "REFUSAL_ENTRY_….csv of the data dashboard, 18 columns, bare, gzip or in its zip",
        "api_json": "answers of the interface, all pages",
        "shrimp_extract": "the same columns and three added ones, shrimp only, a row a line and charge: never a total",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    follow=follow,
    verify=verify,
    key_env="FDA_API_KEY",
    key_header="Authorization-Key",
    more_keys={"Authorization-User": "FDA_API_USER"},
    budget=Budget(min_interval_s=0.5),
    wire_fields={"api_json": ON_THE_WIRE, "bulk_csv": tuple(COLUMNS)},
    base_url="https://api-datadashboard.fda.gov/v1",
    one_by_one=(("countries", "countries", "ACP"), ("months", "from", "")),
    plan_help=PLAN_HELP,
)
