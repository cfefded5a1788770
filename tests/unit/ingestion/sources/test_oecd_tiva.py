"""OECD TiVA as SDMX-CSV, with and without labels."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from source_files import check, read, recognise, refuses

from ingestion.errors import BadFile, TerminalError
from ingestion.sources import oecd_tiva

Write = Callable[[str, bytes | str], Path]

HEAD = "DATAFLOW,MEASURE,REF_AREA,ACTIVITY,COUNTERPART_AREA,UNIT_MEASURE,FREQ,TIME_PERIOD,OBS_VALUE,UNIT_MULT\r\n"
SHARES = "OECD.STI.PIE:DSD_TIVA_MAINSH@DF_MAINSH(1.1)"
LEVELS = "OECD.STI.PIE:DSD_TIVA_MAINLV@DF_MAINLV(1.1)"
FILE = (
    f"{HEAD}{SHARES},EXGR_FVA,ZAF,_T,W,PT_EXGR,A,2022,20,0\r\n{SHARES},EXGR_DVA,NGA,C26_27,W,PT_EXGR,A,2022,,0\r\n"
    f"{LEVELS},EXGR,CMR,_T,W,USD,A,2021,1.25,6\r\n"
)


def test_rows(write: Write) -> None:
    got = read("oecd_tiva", write("a", FILE))
    assert got.vintage == "1.1"
    assert got.frame.row(0) == ("DSD_TIVA_MAINSH@DF_MAINSH", "1.1", "EXGR_FVA", "ZAF", "_T", "W", "PT_EXGR", "A", 2022, 20.0, 0, 1)
    assert got.frame["obs_value"].to_list() == [20.0, None, 1.25]


def test_labels_change_nothing(write: Write) -> None:
    head = (
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,MEASURE,Measure,REF_AREA,Reference area,ACTIVITY,Economic activity,"
        "COUNTERPART_AREA,Counterpart area,UNIT_MEASURE,Unit of measure,FREQ,Frequency of observation,TIME_PERIOD,Time period,"
        "OBS_VALUE,Observation value,UNIT_MULT,Unit multiplier\r\n"
    )
    body = (
        f'DATAFLOW,{SHARES},"Trade in value added (TiVA): shares",I,EXGR_FVA,,ZAF,South Africa,_T,"Total, all activities",'
        "W,World,PT_EXGR,Percent,A,Annual,2022,,20,,0,Units\r\n"
    )
    labelled = write("a", head + body)
    assert recognise("oecd_tiva", labelled).layout == "csvfilewithlabels"
    assert read("oecd_tiva", labelled).frame.row(0) == read("oecd_tiva", write("b", FILE)).frame.row(0)


@pytest.mark.parametrize(
    ("found", "replaced", "message"),
    [
        (",20,0\r", ",20,3\r", "row 1, column UNIT_MULT: expected 0 for PT_EXGR"),
        (",1.25,6\r", ",1.25,0\r", "row 3, column UNIT_MULT: expected 6 for USD"),
        ("USD", "EUR", "expected a unit PT_... or USD"),
        ("OBS_VALUE", "VALUE", "column OBS_VALUE"),
    ],
)
def test_wrong_scale_or_column(write: Write, found: str, replaced: str, message: str) -> None:
    path = write("a", FILE.replace(found, replaced, 1))
    with pytest.raises(BadFile, match=message):
        oecd_tiva.SOURCE.parse(path, recognise("oecd_tiva", path))


def test_error_text_under_200(write: Write) -> None:
    path = write("a", "Too Many Requests")
    assert recognise("oecd_tiva", path) is None
    with pytest.raises(BadFile, match="Too Many Requests"):
        oecd_tiva.verify([path])
    oecd_tiva.verify([write("b", FILE)])


def test_text_in_a_value_and_a_cut_line(write: Write) -> None:
    got = read("oecd_tiva", write("a", FILE + f"{SHARES},EXGR_FVA,SEN,_T,W,PT_EXGR,A,2022,x,0\r\n{SHARES},EXGR_FVA,CIV,_T"))
    assert got.bad.select("_row", "column").rows() == [(4, "OBS_VALUE"), (5, "COUNTERPART_AREA")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("dataflow", "ICIO"),
        ("edition", "latest"),
        ("measure", "exgr"),
        ("ref_area", ""),
        ("activity", "C 26"),
        ("counterpart_area", None),
        ("unit_measure", "%"),
        ("freq_code", "M"),
        ("year", 1990),
        ("obs_value", 100.5),
        ("unit_mult", 3),
    ],
)
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("oecd_tiva", read("oecd_tiva", write("a", FILE)), column, value)


def test_plan_keeps_the_plus_and_pins_the_version() -> None:
    (call,) = oecd_tiva.plan({"areas": "ZAF+NGA"})
    url = requests.Request("GET", call.url, params=dict(call.params)).prepare().url
    assert url.startswith(
        "https://sdmx.oecd.org/sti-public/rest/data/OECD.STI.PIE,DSD_TIVA_MAINSH@DF_MAINSH,1.1/EXGR_FVA+EXGR_DVA.ZAF+NGA._T.W.PT_EXGR.A?"
    )
    assert url.endswith("startPeriod=1995&endPeriod=2022&dimensionAtObservation=AllDimensions&format=csvfile")
    (levels,) = oecd_tiva.plan({"flow": "MAINLV", "measures": "EXGR_DVA"})
    assert "DSD_TIVA_MAINLV@DF_MAINLV,1.1/EXGR_DVA.._T.W.USD.A" in levels.url


def test_editions_are_versions_and_stay_apart(write: Write) -> None:
    (old,) = oecd_tiva.plan({"edition": "2023", "years": "1995-2020"})
    assert "DSD_TIVA_MAINSH@DF_MAINSH,1.0/" in old.url
    with pytest.raises(TerminalError, match="edition must be 2025 or 2023"):
        list(oecd_tiva.plan({"edition": "2021"}))
    both = check("oecd_tiva", write("a", FILE + FILE.partition("\r\n")[2].replace("(1.1)", "(1.0)")))
    assert both.rows_bad == 0 and sorted(both.good["edition"]) == ["1.0"] * 3 + ["1.1"] * 3, "the edition is part of the key"


def test_real_answer(shared: Path, tmp_path: Path) -> None:
    real = shared / "data/value_added/oecd_tiva_2025_sdmx/exgr_fva_c26_27_2017_2022.csv"
    valid = check("oecd_tiva", real)
    assert (valid.good.height, valid.rows_bad) == (72, 0)
    assert valid.good["obs_value"].min() == 18.02 and valid.good["ref_area"].n_unique() == 12
    assert read("oecd_tiva", Path(shutil.copy(real, tmp_path / "x"))).frame.equals(read("oecd_tiva", real).frame)


@pytest.mark.parametrize(("name", "rows"), [("MAINLV_1.1.csvfile", 40), ("MAINLV_1.1.csvfilewithlabels", 40), ("MAINSH_1.1.csvfile", 17)])
def test_fixtures(shared: Path, name: str, rows: int) -> None:
    assert read("oecd_tiva", shared / f"fixtures/oecd/DF_{name}.synthetic.csv").frame.height == rows
