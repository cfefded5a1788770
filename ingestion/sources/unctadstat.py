"""UNCTADstat: productive capacities index, product concentration of trade, liner shipping connectivity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from ingestion import content
from ingestion.errors import BadFile, TerminalError
from ingestion.paged import paged
from ingestion.spec import Ask, Budget, Missing, Parsed, Recognition, Request, Revisions, SourceSpec, Task, Watch
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
# Report -> its measures in the interface's language, which has no blanks: names that `plan` gives to the columns it asks for.
ALIASES = {
    "US.PCI": {"Productive_Capacities_Index": "Productive Capacities Index"},
    "US.ConcentDiversIndices": {m.replace(" ", "_"): m for m in ("Number of products", "Concentration Index", "Diversification Index")},
}
ALIAS_MISSING = "_Missing_value"
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
    if re.match(r'\s*\{\s*"version"\s*:\s*"[^"]*"\s*,\s*"lastUpdated"', content.text(s)):
        return Recognition("api_csv", "version of a report, without figures", detail=detail)
    header = content.header(s)
    if header[:3] == ["Year", "Economy_Code", "Economy_Label"]:
        unknown = (
            None if _report(_as_downloaded(header)) else "answer of the interface with columns named by the asker: its measure is unknown"
        )
        return Recognition("api_csv", unknown, detail=detail)
    return Recognition("download_csv", detail=detail) if _report(header) else None


def _as_downloaded(header: list[str]) -> list[str]:
    """Columns of an answer of the interface under the names of a download."""
    names = {alias: measure for measures in ALIASES.values() for alias, measure in measures.items()}
    names |= {alias + ALIAS_MISSING: measure + MISSING for alias, measure in names.items()}
    dimensions = ("Economy", *(d for _, d, _ in REPORTS.values() if d))
    names |= {f"{d}_{part}": d if part == "Code" else f"{d} Label" for d in dimensions for part in ("Code", "Label")}
    return [names.get(h, h) for h in header]


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
        header = _as_downloaded(header) if recognition.layout == "api_csv" else header
        report = _report(header)
        if report is None:
            raise BadFile(name, "a header of PCI, concentration or LSCI", ",".join(header)[:80] or "nothing", AGAIN)
        period, dimension, _ = REPORTS[report]
        measures = [h for h in header if h + FOOTNOTE in header or h + MISSING in header]
        notes = [FOOTNOTE, MISSING] if recognition.layout == "download_csv" else [MISSING]  # the interface is not asked for footnotes
        triples = [m + note for m in measures for note in ("", *notes)]
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
            (pl.col(m + FOOTNOTE) if FOOTNOTE in notes else pl.lit("")).alias("footnote"), pl.col(m + MISSING).alias("missing"),
        )
        for n, m in enumerate(measures)
    )  # fmt: skip
    good, bad = typed(long.sort("_row").fill_null(""), CELLS)
    lines = [f.with_columns((pl.col("_row") - 1) * len(measures) + 1) for f in rows.faults]
    broken = sum(f["_row"].n_unique() for f in rows.faults)
    good = good.with_columns(report=pl.lit(report))
    return parsed([good], [pl.DataFrame(schema=BAD_SCHEMA), *lines, bad], long.height + broken, DTYPES)


PLAN_HELP = (
    "acpgvc fetch unctadstat report=US.PCI measures=M<number>:Productive_Capacities_Index [years=2000-2023]; one call a report; "
    "the numbers of measures stand in the data centre's own query of the report"
)


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """All economies and parts of a report in one call. Columns get the names by which the answer is recognised."""
    content.need(args, ("report", "measures", "years"), ("report", "measures"), PLAN_HELP)
    aliases = ALIASES.get(args["report"])
    pairs = [m.partition(":")[::2] for m in args["measures"].split(",")]
    wrong = [alias for number, alias in pairs if not re.fullmatch(r"M\d+", number) or alias not in (aliases or {})]
    if aliases is None or wrong:
        known = "; ".join(f"{report}: {', '.join(a)}" for report, a in ALIASES.items())
        raise TerminalError(f"expected a report with its measures ({known}), found {args['report']} {args['measures']}. Usage: {PLAN_HELP}")
    dimension = REPORTS[args["report"]][1]
    columns = ["Year", *(f"{d}/{part} as {d}_{part}" for d in ("Economy", dimension) for part in ("Code", "Label"))]
    columns += [
        c for number, alias in pairs for c in (f"{number}/Value as {alias}", f"{number}/MissingValue/Label as {alias}{ALIAS_MISSING}")
    ]
    fields = {
        "$select": " ,".join(columns),
        "$orderby": f"Year asc,Economy/Code asc,{dimension}/Code asc",
        "$format": "csv",
        "compress": "gz",
    }
    if "years" in args:
        fields["$filter"] = f"Year in ({','.join(map(str, content.years(args['years'])))})"
    base = content.base_url("unctadstat", SOURCE.base_url)
    yield Request(
        f"{base}/{args['report']}/cur/Facts", {"culture": "en"}, "POST", fields, is_form=True, note=f"UNCTADstat {args['report']}"
    )


def tasks(requests: Iterable[Request], ask: Ask, missing: Missing) -> Iterator[Task]:
    """One call a report. Where the service says its version, it is not asked again before that moves."""
    for request in requests:
        base, report = request.url.removesuffix("/cur/Facts").rsplit("/", 1)
        try:
            answer = ask(Request(f"{base}/api/reportMetadata/{report}/en", note=f"version of {report}", is_counted=False))
            version = str(content.read_json(answer.path, report)["version"])
        except (TerminalError, BadFile, KeyError, TypeError):
            version = ""
        yield paged(SOURCE, request, {f"{report} {request.json}": version} if version else {})


def asked_names(request: Request) -> tuple[str, ...]:
    """Columns of the answer: the asker names them."""
    return tuple(column.rpartition(" as ")[2] for column in request.json["$select"].split(" ,"))


def verify(paths: list[Path]) -> None:
    """Raises BadFile unless the packed text comes to its end."""
    for path in paths:
        with open_text(path, path.name) as stream:
            for _ in stream:
                pass


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
    watch=Watch(late_after_days=425),  # no cron: the numbers of measures stand in the data centre's own queries only, and may change
    hosts=("unctadstat-user-api.unctad.org",),
    yearly=False,
    key=("report", "measure", "economy_code", "category_code", "year", "quarter"),
    partition=("report", "measure"),
    revisions=Revisions(("value",), by=("economy_code", "measure")),
    is_whole=False,
    layouts={
        "download_csv": "CSV of the data centre: Year or Quarter, Economy, Economy Label, [Category or Flow]; "
        "for each measure X also X Footnote and X Missing value",
        "api_csv": "answer of the interface, gzip: Year, Economy_Code, Economy_Label, Category_Code ..., measures as `fetch` names them",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    tasks=tasks,
    verify=verify,
    wire_fields={"api_csv": asked_names},
    key_env="UNCTADSTAT_CLIENT_SECRET",
    key_header="ClientSecret",
    more_keys={"ClientId": "UNCTADSTAT_CLIENT_ID"},
    budget=Budget(min_interval_s=1.0, read_timeout_s=300.0),
    base_url="https://unctadstat-user-api.unctad.org",
    one_by_one=(("measures", "measures", ""), ("countries", "", "ACP"), ("years", "years", "")),
    plan_help=PLAN_HELP,
)
