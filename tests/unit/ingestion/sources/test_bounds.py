"""A second vintage of each source whose bounds are its own: what is removed or far revised is held back, what is only left out is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from source_files import workbook

from ingestion import landing
from ingestion.icio_tables import Table, to_parsed
from ingestion.ingest import ingest_table
from ingestion.registry import all_sources
from ingestion.revisions import held_back
from ingestion.row_changes import largest, row_changes
from ingestion.settings import Home
from ingestion.sources import eu_uk_tariffs, faostat_trade_matrix, fda, wto_timeseries
from ingestion.vintages import VintageChange

ROWS = 120
NONE = range(0)


def land(home: Home, source: str, path: Path) -> VintageChange | None:
    """Take in a file as if all before it had come in another year."""
    for number, r in enumerate(sorted(landing.receipts(home, source), key=lambda r: r.retrieved_at)):
        landing.write_receipt(home, replace(r, retrieved_at=f"{2001 + number}-01-01T00:00:00Z"))
    report = ingest_table(home, all_sources()[source], [path])
    assert [f.status for f in report.files] == ["accepted"], report.files
    return report.changes[0] if report.changes else None


def reasons(home: Home, source: str) -> list[str]:
    return [reason for batch in held_back(home, all_sources()[source]).values() for reason in batch]


def icio(path: Path, tripled: range = NONE, without: range = NONE) -> Path:
    """Each industry delivers 10 to itself and 50 to consumers, or three times that."""
    industries = [f"{e}_{i}" for e in ("CMR", "ROW") for i in ["A01", *(f"C{n}" for n in range(ROWS // 2 - 1))]]
    kept = [n for n in range(ROWS) if n not in without]
    labels = [industries[n] for n in kept]
    times = [3 if n in tripled else 1 for n in kept]
    output = [60 * t for t in times]
    lines = [",".join(["V1", *labels, "CMR_HFCE", "OUT"])]
    for n, t in enumerate(times):
        lines.append(",".join(map(str, [labels[n], *(10 * t if m == n else 0 for m in range(len(kept))), 50 * t, output[n]])))
    lines += [",".join(map(str, [name, *values, 0, 0])) for name, values in (("TLS", [0] * len(kept)), ("VA", [50 * t for t in times]))]
    path.write_text("\n".join([*lines, ",".join(map(str, ["OUT", *output, 0, 0]))]) + "\n", encoding="utf-8")
    return path


def matrix(path: Path, tripled: range = NONE, without: range = NONE) -> Path:
    cells = "'004,x,2,'528,Netherlands,661,'01640,Cocoa beans,5910,Export quantity,2021,2021,t"
    rows = [f"{n + 1},{cells},{300 if n in tripled else 100},A" for n in range(ROWS) if n not in without]
    path.write_text("\n".join([",".join(faostat_trade_matrix.NORMALIZED), *rows]) + "\n", encoding="utf-8")
    return path


def tariffs(path: Path, tripled: range = NONE, without: range = NONE) -> Path:
    obs = (
        '<Obs TIME_PERIOD="2021" OBS_VALUE="{}" TARIFFTYPE="MFN" OBS_VALUE_MEASURE="SimpleAverage" TOTALNOOFLINES="1" NBR_NA_LINES="0" '
        'MIN_RATE="1" MAX_RATE="9" NOMENCODE="H5"/>'
    )
    head = '<Series FREQ="A" DATATYPE="Reported" PRODUCTCODE="{:06d}" PARTNER="000" REPORTER="918">'
    rates = {n: 9 if n in tripled else 3 for n in range(ROWS) if n not in without}
    series = "".join(f"{head.format(80000 + n)}{obs.format(rate)}</Series>" for n, rate in rates.items())
    path.write_text(f'<m:StructureSpecificData xmlns:m="m"><m:DataSet>{series}</m:DataSet></m:StructureSpecificData>')
    return path


def timeseries(path: Path, tripled: range = NONE, without: range = NONE) -> Path:
    named = dict.fromkeys(wto_timeseries.FIELDS, "") | {"IndicatorCode": "HS_M_0010", "ReportingEconomyCode": "068", "Year": 2021}
    rows = [
        named | {"ProductOrSectorCode": str(n), "TextValue": None, "Value": 4.5 if n in tripled else 1.5}
        for n in range(ROWS)
        if n not in without
    ]
    path.write_text(json.dumps({"Dataset": rows}))
    return path


def survey(path: Path, tripled: range = NONE, without: range = NONE) -> Path:
    rows = [(f"Country {n}", 30 if n in tripled else 10, 1) for n in range(ROWS) if n not in without]
    return workbook(path, {"ISO 9001": [("ISO survey 2018",), ("country", "certificates", "sites"), *rows]})


def duties(path: Path, tripled: range = NONE, without: range = NONE) -> Path:
    rows = [f"{n:08d},x,{'33%' if n in tripled else '11%'},8%,Simplified,False,True,False" for n in range(ROWS) if n not in without]
    path.write_text("\n".join([",".join(eu_uk_tariffs.COLUMNS[:-1]), *rows]) + "\n", encoding="utf-8")
    return path


Make = Callable[..., Path]
MADE: dict[str, Make] = {
    "oecd_icio": icio, "faostat_trade_matrix": matrix, "wits_tariffs": tariffs, "wto_timeseries": timeseries, "iso_survey": survey,
    "eu_uk_tariffs": duties,
}  # fmt: skip

REVISED = {
    "oecd_icio": "intermediate_musd + final_musd", "faostat_trade_matrix": "value", "wits_tariffs": "rate_percent",
    "wto_timeseries": "value", "iso_survey": "certificates",
}  # fmt: skip


def vintage(folder: Path, number: int) -> Path:
    """A path for a vintage; the name tells the year of a table."""
    (folder / str(number)).mkdir()
    return folder / str(number) / "2022_SML.csv"


@pytest.mark.parametrize("source", REVISED)
def test_what_is_far_revised_is_held_back(home: Home, tmp_path: Path, source: str) -> None:
    make = MADE[source]
    assert land(home, source, make(vintage(tmp_path, 1))) is None
    change = land(home, source, make(vintage(tmp_path, 2), tripled=range(40)))
    assert change and (change.rows_before, change.rows_far_revised) == (ROWS, 40)
    assert change.largest[0].count(f"{REVISED[source]} ") == 1
    assert reasons(home, source) == [f"40 of {ROWS} rows changed {REVISED[source]} by more than half (at most 20%)"]


@pytest.mark.parametrize("source", ["oecd_icio", "faostat_trade_matrix", "eu_uk_tariffs"])
def test_what_is_removed_is_held_back(home: Home, tmp_path: Path, source: str) -> None:
    make = MADE[source]
    land(home, source, make(vintage(tmp_path, 1)))
    land(home, source, make(vintage(tmp_path, 2), without=range(100, ROWS)))
    assert reasons(home, source) == []
    land(home, source, make(vintage(tmp_path, 3), without=range(60, ROWS)))
    assert reasons(home, source) == [f"40 of {ROWS - 20} rows were removed (at most 20%)"]


@pytest.mark.parametrize("source", ["oecd_icio", "wiod", "adb_mrio", "eora26", "emerging"])
def test_a_table_without_output_is_compared_by_what_is_delivered(source: str) -> None:
    spec, industries = all_sources()[source], [("GHA", f"c{n}") for n in range(ROWS)]
    deliveries = np.eye(ROWS)
    revised = deliveries.copy()
    revised[7] *= 9  # 1 to the industry and 1 to consumers: 10 instead of 2
    old, new = (
        to_parsed(Table("E", 2015, industries, cells, np.ones((ROWS, 1)), ["GHA:F"]), source).frame.drop("_row")
        for cells in (deliveries, revised)
    )
    counts, sums = row_changes(spec, old, new)
    assert (counts.before, counts.added, counts.removed, counts.revised, counts.far_revised) == (ROWS, 0, 0, 1, 1)
    assert largest(spec, [sums], 3) == ["country=GHA sector=c7: intermediate_musd + final_musd 2 -> 10"]


def refusals(path: Path, months: range, lines: int) -> Path:
    """An answer of the FDA's interface, `lines` a month."""
    named = {"FEINumber": "3", "CountryCode": "GH", "ProductCode": "24AGT50", "ProductCodeDescription": "PEAS", "RefusalCharges": "118"}
    rows = [named | {"RefusalDate": f"2026-{m:02d}-12", "ShipmentID": n, "FDASampleAnalysis": "No"} for m in months for n in range(lines)]
    count = {"totalrecordcount": len(rows), "resultcount": len(rows)}
    path.write_text(json.dumps({"statuscode": 400, "message": "Success", **count, "result": rows}))
    return path


def test_refusals_that_the_window_left_behind_are_not_removed(home: Home, tmp_path: Path) -> None:
    """Each month the last four are asked: the first month of the answer before is in use on, and blocks nobody."""
    for number in range(3):
        change = land(home, "fda", refusals(vintage(tmp_path, number), range(1 + number, 5 + number), 50))
    assert change and (change.partitions_gone, change.rows_removed, change.rows_before) == (0, 0, 150), "each month once"
    land(home, "fda", refusals(vintage(tmp_path, 9), range(4, 8), 30))
    assert reasons(home, "fda") == ["60 of 150 rows were removed (at most 20%)"]


def test_a_download_names_lines_in_another_way_than_an_answer(home: Home, tmp_path: Path) -> None:
    land(home, "fda", refusals(vintage(tmp_path, 1), range(1, 3), 60))
    line = "300,Firm,Road,,City,GH-X,GH,24AGT50,12-Jan-26,DNBI,300-2522501-{},11,1,,No,No,118,BLACKEYE PEAS"
    download = vintage(tmp_path, 2)
    download.write_text("\n".join([",".join(fda.COLUMNS), *(line.format(n) for n in range(ROWS))]) + "\n")
    assert land(home, "fda", download) is None and reasons(home, "fda") == []


def test_notices_that_a_newer_answer_lacks_stay(home: Home, tmp_path: Path) -> None:
    """ePing is asked for the last days only: what an answer lacks is neither gone nor worth a warning."""
    item = {
        "area": "SPS",
        "documentSymbol": "G/SPS/N/KEN/12",
        "title": "x",
        "titlePlain": "x",
        "hsCodes": "0801",
        "notifyingMember": "Kenya",
    }
    item |= {"productsFreeTextPlain": "nuts", "distributionDate": "2026-01-26T00:00:00", "commentDeadlineDate": None, "spsKeywords": []}
    item |= {"proposedEntryIntoForceDate": None, "notificationType": "Regular notification"}
    for number, ids in enumerate((range(200), range(80, 200))):
        path = vintage(tmp_path, number)
        path.write_text(json.dumps({"items": [item | {"id": n} for n in ids] + [item | {"id": 900 + number}]}))
        change = land(home, "eping", path)
    assert change and (change.partitions_gone, change.rows_removed, change.is_suspicious) == (0, 0, False)


def duties(path: Path, classification: str, percent: float = 5.0) -> Path:
    named = {"IndicatorCode": "HS_M_0010", "ReportingEconomyCode": "288", "Year": 2021, "Value": percent, "TextValue": None}
    row = dict.fromkeys(wto_timeseries.FIELDS, "") | named | {"ProductOrSectorClassificationCode": classification}
    path.write_text(json.dumps({"Dataset": [row | {"ProductOrSectorCode": f"{n:06d}"} for n in range(1, ROWS + 1)]}))
    return path


def test_an_answer_in_another_classification_replaces_nothing(home: Home, tmp_path: Path) -> None:
    land(home, "wto_timeseries", duties(vintage(tmp_path, 1), "HS2"))
    assert land(home, "wto_timeseries", duties(vintage(tmp_path, 2), "HS6")) is None, "no row of the first answer has a successor"
    assert reasons(home, "wto_timeseries") == []
    change = land(home, "wto_timeseries", duties(vintage(tmp_path, 3), "HS6", 6.0))
    assert change and (change.rows_before, change.rows_revised) == (ROWS, ROWS)
