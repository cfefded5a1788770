"""EU and UK tariff lines."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from source_files import check, gzipped, read, recognise, refuses

from ingestion.errors import BadFile

Write = Callable[[str, bytes | str], Path]
HEADER = (
    "commodity,description,cet_duty_rate,ukgt_duty_rate,change,trade_remedy_applies,"
    "cet_applies_until_trade_remedy_transition_reviews_concluded,suspension_applies,atq_applies\n"
)
ROW = '01012990,"Live horses (excl. for slaughter)",11.5%,{uk},Simplified,False,False,True,False\n'


def test_lines(write: Write) -> None:
    path = write("renamed", gzipped(HEADER + ROW.format(uk="77.00 GBP/100kg")))
    first = check("eu_uk_tariffs", path).good.row(0, named=True)
    assert (first["commodity_code"], first["eu_duty"], first["uk_duty"]) == ("01012990", "11.5%", "77.00 GBP/100kg")
    assert (first["is_trade_remedy"], first["is_suspended"]) == (False, True)


def test_damage(write: Write) -> None:
    with pytest.raises(BadFile, match="column ukgt_duty_rate"):
        read("eu_uk_tariffs", write("a", HEADER.replace("ukgt_duty_rate", "uk_duty") + ROW.format(uk="8%")))
    with pytest.raises(BadFile, match="damaged"):
        read("eu_uk_tariffs", write("b", gzipped(HEADER + ROW.format(uk="8%") * 3000)[:-20]))
    got = read("eu_uk_tariffs", write("c", HEADER + ROW.format(uk="") + ROW.format(uk="8%").replace("True", "perhaps")))
    assert got.bad.select("_row", "column").rows() == [(1, "ukgt_duty_rate"), (2, "suspension_applies")]


@pytest.mark.parametrize(("column", "value"), [("commodity_code", "101299"), ("change", "Raised"), ("eu_duty", " "), ("has_quota", None)])
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("eu_uk_tariffs", read("eu_uk_tariffs", write("a", HEADER + ROW.format(uk="8%"))), column, value)


def test_real_file(shared: Path, tmp_path: Path) -> None:
    renamed = Path(shutil.copy(shared / "data/standards/eu_uk_mfn_tariffs/global-uk-tariff.csv.gz", tmp_path / "x"))
    assert recognise("eu_uk_tariffs", renamed) is not None
    got = check("eu_uk_tariffs", renamed)
    codes = got.good["commodity_code"]
    assert (got.good.height, got.rows_bad, codes.n_unique(), codes.str.slice(0, 6).n_unique()) == (11_830, 0, 11_830, 5_387)
    assert got.good.filter(pl.col("eu_duty").str.contains(r"^\d+(\.\d+)?%$")).height == 10_519
    assert got.good["is_suspended"].sum() == 1_898
