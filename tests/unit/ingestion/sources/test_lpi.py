"""Logistics Performance Index: DataBank export and the workbook of editions."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from source_files import check, read, recognise, refuses, workbook

from ingestion.errors import BadFile
from ingestion.sources import lpi

Write = Callable[[str, bytes | str], Path]

HEAD = ("Country Name", "Country Code", "Series Name", "Series Code", "2018 [YR2018]", "2023 [YR2023]")
DATABANK: list[tuple[Any, ...]] = [
    HEAD,
    ("Namibia", "NAM", "Overall score", "LP.LPI.OVRL.XQ", 2.5, 2.9),
    ("Namibia", "NAM", "Overall score, lower bound", "LP.LPI.OVRL.XQ.LB", 2.25, ".."),
    (None,) * 6,
]
EDITION_2018: list[tuple[Any, ...]] = [
    (None, None, "overall LPI score", None, "overall LPI rank", None, None, "Customs ", None, "Infrastructure"),
    (),
    ("Country", "Code", "score", "lower bound", "rank", "upper bound", "% of highest performer", "score", "rank", "score"),
    ("Zaire", "ZAR", 2.0, 1.5, 120, 130, 31.5, 1.75, 119, 2.25),
]
EDITION_2007: list[tuple[Any, ...]] = [
    (None, None, "Overall LPI", None, None, "Domestic Logistics Costs"),
    (),
    ("Country", "Code", "Score", "Rank", "Confidence interval", "Score"),
    ("Zaire", "ZAR", 2.5, 100, 0.05, 3.0),
]


def test_databank_keeps_cells_with_a_value(tmp_path: Path) -> None:
    got = read("lpi", workbook(tmp_path / "a", {"Data": DATABANK}))
    assert got.vintage == "2023"
    assert got.frame.select("country_code", "series_code", "year", "value").rows() == [
        ("NAM", "LP.LPI.OVRL.XQ", 2018, 2.5), ("NAM", "LP.LPI.OVRL.XQ", 2023, 2.9), ("NAM", "LP.LPI.OVRL.XQ.LB", 2018, 2.25),
    ]  # fmt: skip


def test_editions_get_the_series_of_the_databank(tmp_path: Path) -> None:
    got = read("lpi", workbook(tmp_path / "a", {"2018": EDITION_2018, "2007": EDITION_2007, "Notes": [("x",)]}))
    assert {(r[0], r[1]): r[2] for r in got.frame.select("year", "series_code", "value").rows()} == {
        (2018, "LP.LPI.OVRL.XQ"): 2.0, (2018, "LP.LPI.OVRL.XQ.LB"): 1.5, (2018, "LP.LPI.OVRL.RK"): 120, (2018, "LP.LPI.OVRL.RK.UB"): 130,
        (2018, "LP.LPI.OVRL.RK.ZS"): 31.5, (2018, "LP.LPI.CUST.XQ"): 1.75, (2018, "LP.LPI.CUST.RK"): 119, (2018, "LP.LPI.INFR.XQ"): 2.25,
        (2007, "LP.LPI.OVRL.XQ"): 2.5, (2007, "LP.LPI.OVRL.RK"): 100, (2007, "LP.LPI.OVRL.XQ.CI"): 0.05, (2007, "LP.LPI.DOMC.XQ"): 3.0,
    }  # fmt: skip


def test_text_in_a_score_is_named(tmp_path: Path) -> None:
    rows = [*DATABANK[:2], ("Ghana", "GHA", "Overall score", "LP.LPI.OVRL.XQ", "n.a.", 2.5)]
    got = read("lpi", workbook(tmp_path / "a", {"Data": rows}))
    assert got.bad.select("_row", "column", "found").rows() == [(3, "value in line 3, 2018", "n.a.")]


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"Data": [("Country", *HEAD[1:]), *DATABANK[1:]]}, "column Country Name"),
        ({"Data": [(*HEAD[:4], "2018", "2023"), *DATABANK[1:]]}, r"columns such as 2018 \[YR2018\]"),
        ({"2018": [(*EDITION_2018[0][:7], "Drones", *EDITION_2018[0][8:]), *EDITION_2018[1:]]}, "found drones"),
        ({"2018": [*EDITION_2018[:2], ("Country", "Code", "grade", *EDITION_2018[2][3:]), *EDITION_2018[3:]]}, "found grade"),
        ({"2018": [*EDITION_2018[:2], ("Country", "ISO3", *EDITION_2018[2][2:]), *EDITION_2018[3:]]}, "column code"),
    ],
)
def test_changed_columns(tmp_path: Path, sheets: dict[str, list[tuple[Any, ...]]], message: str) -> None:
    path = workbook(tmp_path / "a", sheets)
    with pytest.raises(BadFile, match=message):
        lpi.SOURCE.parse(path, recognise("lpi", path))


def test_cut_workbook_is_still_told(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a", {"Data": DATABANK}).read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(whole[:-40])
    with pytest.raises(BadFile, match="readable workbook"):
        lpi.SOURCE.parse(cut, recognise("lpi", cut))


@pytest.mark.parametrize(
    ("column", "value"), [("country_code", "NA"), ("series_code", "OVRL"), ("year", 1999), ("value", 5.1), ("value", 0.5)]
)
def test_schema_refuses(tmp_path: Path, column: str, value: object) -> None:
    assert refuses("lpi", read("lpi", workbook(tmp_path / "a", {"Data": DATABANK})), column, value)


def test_real_files_agree_where_both_name_an_economy(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data/capabilities/lpi"
    databank = check("lpi", Path(shutil.copy(folder / "P_Data_Extract_From_Logistics_Performance_Index_(LPI).xlsx", tmp_path / "x")))
    editions = check("lpi", folder / "International_LPI_from_2007_to_2018.xlsx")
    assert (databank.good.height, databank.rows_bad, editions.rows_bad) == (19_205, 0, 0)
    overall = databank.good.filter(databank.good["series_code"] == lpi.OVERALL)
    assert overall.group_by("year").len().sort("year")["len"].to_list() == [150, 155, 155, 160, 160, 160, 139]
    assert databank.good["country_code"].n_unique() == 170
    both = overall.join(editions.good, on=["country_code", "series_code", "year"], suffix="_site")
    assert both.height > 900 and (both["value"] - both["value_site"]).abs().max() < 1e-9
