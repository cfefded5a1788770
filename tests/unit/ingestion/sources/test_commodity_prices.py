"""World Bank Pink Sheet: workbooks of monthly and yearly prices."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from source_files import check, read, recognise, refuses, workbook

from ingestion.errors import BadFile
from ingestion.sources import commodity_prices

Rows = list[tuple[Any, ...]]
TITLE = ("World Bank Commodity Price Data (The Pink Sheet)",)

MONTHLY: Rows = [
    TITLE,
    ("monthly prices in nominal US dollars, 1960 to present",),
    ("(monthly series are available only in nominal US dollars)",),
    ("Updated on June 02, 2026",),
    (None, "Cocoa", "Plywood", "Lamb **"),
    (None, "($/kg)", "(¢/sheet)", "($/kg)"),
    ("1960M01", 0.63, "…", "..."),
    ("1960M02", 0.61, 105, 0.5),
    (None, None, None, None),
]


def annual(kind: str, price: float, *further: tuple[Any, ...]) -> Rows:
    head: Rows = [TITLE, (f"annual prices, 1960 to present, {kind} US dollars",), (), ("Updated on May 02, 2025",), (), ()]
    return [*head, (None, "Cocoa", "MUV Index"), (None, "($/kg)", "(2010=100)"), *further, (1977, price, 40), ("Note: a source",)]


def test_monthly(tmp_path: Path) -> None:
    got = read(
        "commodity_prices", workbook(tmp_path / "a", {"Description": [TITLE], "Monthly Prices": MONTHLY, "Monthly Indices": MONTHLY})
    )
    assert got.vintage == "2026-06-02" and set(got.frame["updated_on"]) == {dt.date(2026, 6, 2)}
    assert got.frame.select("price_basis", "frequency", "commodity", "unit", "year", "month", "price", "_row").rows() == [
        ("nominal", "M", "Cocoa", "$/kg", 1960, 1, 0.63, 1), ("nominal", "M", "Cocoa", "$/kg", 1960, 2, 0.61, 2),
        ("nominal", "M", "Plywood", "cents/sheet", 1960, 2, 105.0, 3), ("nominal", "M", "Lamb", "$/kg", 1960, 2, 0.5, 4),
    ]  # fmt: skip


def test_annual_with_a_line_of_series_ids(tmp_path: Path) -> None:
    ids = (None, "KCOCOA", "KMUV")
    sheets = {"Annual Prices (Nominal)": annual("nominal", 3.79, ids), "Annual Prices (Real)": annual("real 2010", 8.29)}
    got = read("commodity_prices", workbook(tmp_path / "a", sheets)).frame.filter(pl.col("commodity") == "Cocoa")
    assert got.select("price_basis", "frequency", "year", "month", "price").rows() == [
        ("nominal", "A", 1977, None, 3.79), ("real_2010", "A", 1977, None, 8.29),
    ]  # fmt: skip


def test_text_in_a_price_is_named(tmp_path: Path) -> None:
    rows = [*MONTHLY[:6], ("1960M01", "n.a.", 1, 2)]
    got = read("commodity_prices", workbook(tmp_path / "a", {"Monthly Prices": rows}))
    assert got.bad.select("_row", "column", "found").rows() == [(1, "price of Cocoa, 1960M01 in sheet Monthly Prices, line 7", "n.a.")]


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"Monthly Indices": MONTHLY}, "expected a sheet Monthly Prices"),
        ({"Monthly Prices": [*MONTHLY[:3], ("Updated in June",), *MONTHLY[4:]]}, "expected a line Updated on"),
        ({"Monthly Prices": [*MONTHLY[:5], *MONTHLY[6:]]}, "expected a line of units"),
        ({"Monthly Prices": MONTHLY, "Annual Prices (Real)": annual("real 2010", 8.29)}, "one date of the update"),
    ],
)
def test_changed_workbook(tmp_path: Path, sheets: dict[str, Rows], message: str) -> None:
    path = workbook(tmp_path / "a", sheets)
    with pytest.raises(BadFile, match=message):
        commodity_prices.SOURCE.parse(path, recognise("commodity_prices", path))


def test_cut_workbook_is_still_told(tmp_path: Path) -> None:
    cut = tmp_path / "cut"
    cut.write_bytes(workbook(tmp_path / "a", {"Monthly Prices": MONTHLY}).read_bytes()[:-40])
    with pytest.raises(BadFile, match="readable workbook"):
        commodity_prices.SOURCE.parse(cut, recognise("commodity_prices", cut))


@pytest.mark.parametrize(
    ("column", "value"),
    [("price_basis", "real"), ("frequency", "Q"), ("commodity", ""), ("unit", "EUR/kg"), ("year", 1900), ("month", 13), ("price", 0.0)],
)
def test_schema_refuses(tmp_path: Path, column: str, value: object) -> None:
    assert refuses("commodity_prices", read("commodity_prices", workbook(tmp_path / "a", {"Monthly Prices": MONTHLY})), column, value)


def test_real_workbooks(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data/capabilities/commodity_prices"
    monthly = check("commodity_prices", Path(shutil.copy(folder / "CMO-Historical-Data-Monthly.xlsx", tmp_path / "x")))
    assert (monthly.good.height, monthly.rows_bad) == (50_167, 0)  # 797 months x 71 commodities less 6,420 missing
    assert (monthly.good["commodity"].n_unique(), monthly.good.select("year", "month").n_unique()) == (71, 797)
    annual_ = check("commodity_prices", folder / "CMO-Historical-Data-Annual.xlsx")
    assert annual_.rows_bad == 0 and annual_.good["year"].unique().sort().to_list() == list(range(1960, 2025))
    cocoa = {(b, y): p for b, y, p in annual_.good.filter(pl.col("commodity") == "Cocoa").select("price_basis", "year", "price").rows()}
    assert round(cocoa["real_2010", 1977], 2) == 8.29 and round(cocoa["nominal", 2010], 2) == round(cocoa["real_2010", 2010], 2) == 3.13
    months = monthly.good.filter((pl.col("commodity") == "Cocoa") & (pl.col("year") == 2024))
    assert abs(months["price"].mean() - cocoa["nominal", 2024]) < 0.001
