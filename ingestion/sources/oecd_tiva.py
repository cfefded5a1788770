"""OECD Trade in Value Added (TiVA) from the SDMX service: principal indicators, levels and shares, as SDMX-CSV."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingestion import content
from ingestion.errors import BadFile, TerminalError
from ingestion.paged import paged
from ingestion.spec import Ask, Budget, Missing, Parsed, Recognition, Request, Revisions, SourceSpec, Task, Watch
from ingestion.tabular import Cell, CsvRows, file_name, need_columns, parsed, read_header
from ingestion.text_stream import open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

DIMENSIONS = ["MEASURE", "REF_AREA", "ACTIVITY", "COUNTERPART_AREA", "UNIT_MEASURE", "FREQ", "TIME_PERIOD", "OBS_VALUE", "UNIT_MULT"]
CSVFILE = ["DATAFLOW", *DIMENSIONS]
WITH_LABELS = ["STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", *DIMENSIONS]
FLOW = r"^(?P<agency>[A-Z.]+):(?P<flow>\w+@\w+)\((?P<edition>[\d.]+)\)$"
# Powers of ten that the publisher uses: shares are plain percent, levels are million US dollars.
UNIT_MULT = {"USD": 6}
UNIT_MULT_OF_SHARES = 0
VERSIONS = {"2025": "1.1", "2023": "1.0"}  # edition -> version of its data flows


def _cells(flow_column: str) -> dict[str, Cell]:
    return {
        "dataflow": Cell(flow_column, pl.String, "AGENCY:DSD@DATAFLOW(VERSION)", expr=lambda text: text.str.extract(FLOW, 2)),
        "edition": Cell(flow_column, pl.String, "AGENCY:DSD@DATAFLOW(VERSION)", expr=lambda text: text.str.extract(FLOW, 3)),
        "measure": Cell("MEASURE", pl.String, "a measure code"),
        "ref_area": Cell("REF_AREA", pl.String, "an area code"),
        "activity": Cell("ACTIVITY", pl.String, "an activity code"),
        "counterpart_area": Cell("COUNTERPART_AREA", pl.String, "an area code"),
        "unit_measure": Cell("UNIT_MEASURE", pl.String, "a unit code"),
        "freq_code": Cell("FREQ", pl.String, "A"),
        "year": Cell("TIME_PERIOD", pl.Int16, "a year"),
        "obs_value": Cell("OBS_VALUE", pl.Float64, "a number or nothing", required=False),
        "unit_mult": Cell("UNIT_MULT", pl.Int8, "0 or 6"),
    }


DTYPES = {target: cell.dtype for target, cell in _cells("DATAFLOW").items()}


def recognise(s: Sniff) -> Recognition | None:
    """By the header of SDMX-CSV 1.0 or 2.0 and the TiVA flow named in the rows."""
    header = content.header(s)
    if header[:3] == ["ref_area", "label", "kind"]:
        return Recognition("csvfile", "list of areas, without figures", detail={"name": s.name})
    if "sdmx-json" in content.text(s)[:300]:
        return Recognition("csvfile", "SDMX-JSON: ask the service for format=csvfile", detail={"name": s.name})
    first_column = header[0] if header else ""
    if first_column not in ("DATAFLOW", "STRUCTURE") or "DSD_TIVA" not in content.text(s) or len(set(header) & set(DIMENSIONS)) < 7:
        return None
    return Recognition("csvfile" if first_column == "DATAFLOW" else "csvfilewithlabels", detail={"name": s.name})


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a cell of the flow; a blank value is null. The edition is the version in the flow's name.

    Raises:
        BadFile: the first line is not the header (an error text under HTTP 200), or a multiplier that is not the flow's.
    """
    name = file_name(path, recognition)
    with open_text(path, name) as stream:
        header = _checked_header(read_header(stream), name)
        rows = CsvRows(stream, name, _cells("DATAFLOW" if header[0] == "DATAFLOW" else "STRUCTURE_ID"), header=header)
        frames = list(rows)
    for frame in frames:
        _check_multiplier(frame, name)
    result = parsed(frames, rows.faults, rows.rows_read, DTYPES)
    editions = result.frame["edition"].unique().sort().to_list()
    return Parsed(result.frame, result.bad, result.rows_read, vintage=editions[-1] if editions else "")


def _checked_header(header: list[str], name: str) -> list[str]:
    if not header or header[0] not in ("DATAFLOW", "STRUCTURE"):
        found = ",".join(header)[:80] or "nothing"
        raise BadFile(name, "a first line DATAFLOW,... or STRUCTURE,...", found, "wait an hour (60 downloads an hour) and fetch again")
    need_columns(name, header, CSVFILE if header[0] == "DATAFLOW" else WITH_LABELS)
    return header


def _check_multiplier(frame: pl.DataFrame, name: str) -> None:
    unit = pl.col("unit_measure")
    of_levels = unit.replace_strict(UNIT_MULT, default=None, return_dtype=pl.Int8)
    right = pl.when(unit.str.starts_with("PT_")).then(UNIT_MULT_OF_SHARES).otherwise(of_levels)
    wrong = frame.with_columns(right=right).filter(~pl.col("unit_mult").eq_missing(pl.col("right")))
    if wrong.height:
        row = wrong.row(0, named=True)
        expected = "a unit PT_... or USD" if row["right"] is None else f"{row['right']} for {row['unit_measure']}"
        found = f"{row['unit_mult']} with unit {row['unit_measure']}"
        raise BadFile(name, expected, found, "values would be scaled wrongly: check the flow with the publisher", row["_row"], "UNIT_MULT")


MEASURES, YEARS = "EXGR_FVA+EXGR_DVA", "1995-2022"  # when none are asked for
PLAN_HELP = (
    "acpgvc fetch oecd_tiva [flow=MAINSH] [measures=EXGR_FVA+EXGR_DVA] [areas=ZAF+NGA] [activities=_T] [unit=PT_EXGR] [years=1995-2022] "
    "[edition=2025|2023]; "
    "without areas: all of them in one call"
)


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """One call for all areas and years (60 downloads an hour are allowed). The version is pinned, `+` joins codes and stays `+`."""
    content.need(args, ("flow", "measures", "areas", "activities", "unit", "years", "edition"), (), PLAN_HELP)
    edition = args.get("edition", "2025")
    if edition not in VERSIONS:
        raise TerminalError(f"edition must be {' or '.join(VERSIONS)}, not {edition!r}. Usage: {PLAN_HELP}")
    flow = args.get("flow", "MAINSH")
    unit = args.get("unit", "USD" if flow == "MAINLV" else "PT_EXGR")
    key = f"{args.get('measures', MEASURES)}.{args.get('areas', '')}.{args.get('activities', '_T')}.W.{unit}.A"
    span = content.years(args.get("years", YEARS))
    params = {"startPeriod": str(min(span)), "endPeriod": str(max(span)), "dimensionAtObservation": "AllDimensions", "format": "csvfile"}
    base = content.base_url("oecd_tiva", SOURCE.base_url)
    yield Request(f"{base}/data/OECD.STI.PIE,DSD_TIVA_{flow}@DF_{flow},{VERSIONS[edition]}/{key}", params, note=f"TiVA {flow} {key}")


def tasks(requests: Iterable[Request], ask: Ask, missing: Missing) -> Iterator[Task]:
    """One download a call of the plan. Where the service says since when a flow is valid, it is not downloaded again before that moves."""
    valid_from: dict[str, str] = {}
    for request in requests:
        flow = request.url.split("/data/")[1].split("/")[0]
        if flow not in valid_from:
            valid_from[flow] = _valid_from(flow, ask)
        described = f"{flow} {request.url.rsplit('/', 1)[1]} {request.params}"
        yield paged(SOURCE, request, {described: valid_from[flow]} if valid_from[flow] else {})


def _valid_from(flow: str, ask: Ask) -> str:
    """Times of the last update of the flow's versions; '' when the service does not say.

    Its answer for these flows was never seen, so nothing but a saved download depends on it.
    """
    agency, name, _ = flow.split(",")
    url = f"{content.base_url('oecd_tiva', SOURCE.base_url)}/contentconstraint/{agency}/CR_A_{name}/"
    try:
        answer = ask(Request(url, note=f"last update of {name}", is_counted=False))
    except TerminalError:
        return ""
    return " ".join(re.findall(r'validFrom="([^"]+)"', answer.path.read_text(encoding="utf-8-sig", errors="replace")))


def verify(paths: list[Path]) -> None:
    """Raises BadFile when a body is not SDMX-CSV (429 texts come under HTTP 200) or its last line was cut."""
    for path in paths:
        with open_text(path, path.name) as stream:
            columns = len(_checked_header(read_header(stream), path.name))
            last = deque(stream, 1)
        cells = next(csv.reader(line.decode() for line in last), [])
        if last and len(cells) != columns:
            raise BadFile(path.name, f"{columns} cells in the last line", f"{len(cells)}: it was cut", "fetch the answer again")


def schema() -> DataFrameSchema:
    from ingestion.schemas.oecd_tiva import schema as build

    return build()


SOURCE = SourceSpec(
    name="oecd_tiva",
    table="raw_oecd_tiva__data",
    title="Trade in Value Added (TiVA), principal indicators",
    publisher="OECD",
    homepage="https://www.oecd.org/en/topics/sub-issues/trade-in-value-added.html",
    citation="OECD, Trade in Value Added (TiVA) 2025 edition, DSD_TIVA_MAINSH@DF_MAINSH(1.1)",
    licence="OECD terms and conditions (CC BY 4.0)",
    may_redistribute=True,
    kind="value_added",
    cadence="an edition every one or two years, with revisions",
    watch=Watch(late_after_days=760, cron="0 5 15 * *"),
    hosts=("sdmx.oecd.org",),
    yearly=False,
    key=("dataflow", "edition", "measure", "ref_area", "activity", "counterpart_area", "unit_measure", "freq_code", "year"),
    partition=("dataflow", "edition", "measure", "unit_measure", "activity", "counterpart_area", "ref_area"),
    revisions=Revisions(("obs_value",), by=("ref_area", "measure")),
    is_whole=False,
    layouts={"csvfile": "SDMX-CSV 1.0: codes", "csvfilewithlabels": "SDMX-CSV 2.0: codes and labels"},
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    verify=verify,
    tasks=tasks,
    no_data={404: "NoRecordsFound|NoResultsFound"},
    budget=Budget(min_interval_s=3.0, read_timeout_s=900.0, calls_per_hour=60),  # downloads; structure calls are apart
    wire_fields={"csvfile": tuple(CSVFILE), "csvfilewithlabels": tuple(WITH_LABELS)},
    base_url="https://sdmx.oecd.org/sti-public/rest",
    one_by_one=(("measures", "measures", MEASURES), ("areas", "areas", ""), ("years", "years", YEARS)),
    plan_help=PLAN_HELP,
)
