"""WIOD in its three layouts: a toy world of two economies with two industries, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from source_files import check, read, recognise, refuses

from ingestion.errors import BadFile
from ingestion.sample.wire import xlsx_bytes

Write = Callable[[str, bytes | str], Path]

# Deliveries of AUS:1, AUS:2, RoW:1, RoW:2 to the same four, then to final demand of AUS and RoW (two categories each).
USES = [[10, 20, 5, 5], [10, 10, 0, 20], [5, 5, 40, 10], [0, 15, 20, 30]]
FINAL = [[50, 5, 5, 0], [40, 10, 10, 0], [10, 0, 120, 10], [0, 5, 110, 20]]
OUTPUT = [100, 100, 200, 200]  # row sums of both
TAXES = [5, 2, 10, 5]
MARGIN = [1, 2, 3, 4]
VALUE_ADDED = [69, 46, 122, 126]  # output less column sums (25, 50, 65, 65), taxes and margins

SHEET_NAMES = ",,,,Agriculture,Mining,Agriculture,Mining,Households,Government,Households,Government,Total"
SHEET = "\n".join(
    [
        '"World Input-Output Table, 1995"' + "," * 12,
        "," * 12,
        "(industry-by-industry),,,,AtB,C,AtB,C,,,,,",
        "(millions of US$)" + SHEET_NAMES,
        ",,,,AUS,AUS,RoW,RoW,AUS,AUS,RoW,RoW,TOT",
        ",,,,c1,c2,c1,c2,c37,c39,c37,c39,c60",
        *(
            f'{isic},"{title}, all",{country},{code},' + ",".join(map(str, [*USES[i], *FINAL[i], OUTPUT[i]]))
            for i, (isic, title, country, code) in enumerate(
                [("AtB", "Farms", "AUS", "c1"), ("C", "Mines", "AUS", "c2"), ("AtB", "Farms", "RoW", "c1"), ("C", "Mines", "RoW", "c2")]
            )
        ),
        *(
            f",{title},TOT,{code}," + ",".join(map(str, values)) + ",,,,,"
            for title, code, values in [
                ("Intermediate", "r60", [25, 50, 65, 65]), ("Taxes", "r99", TAXES), ("Value added", "r64", VALUE_ADDED),
                ("Margins", "r65", MARGIN), ("Output", "r69", OUTPUT),
            ]
        ),
    ]
) + "\n"  # fmt: skip

WIDE = "\n".join(
    [
        "IndustryCode,IndustryDescription,Country,RNr,Year,AUS1,AUS2,ROW1,ROW2,AUS57,AUS59,ROW57,ROW59,TOT",
        *(
            f'{isic},"Title, with comma",{country},{number},2014,' + ",".join(map(str, [*USES[i], *FINAL[i], OUTPUT[i]]))
            for i, (isic, country, number) in enumerate([("A01", "AUS", 1), ("B", "AUS", 2), ("A01", "ROW", 1), ("B", "ROW", 2)])
        ),
        *(
            f"{code},Total,TOT,{number},2014," + ",".join(map(str, values)) + ",0,0,0,0,0"
            for number, (code, values) in enumerate(
                [("II_fob", [25, 50, 65, 65]), ("TXSP", TAXES), ("VA", VALUE_ADDED), ("IntTTM", MARGIN), ("GO", OUTPUT)], 65
            )
        ),
    ]
) + "\n"  # fmt: skip


def converted(path: Path, **changed: object) -> Path:
    """As the shared files: whole numbers, no value added, no year."""
    rows = ["AUS.c1", "AUS.c2", "RoW.c1", "RoW.c2"]
    columns = {"row": rows} | {r: [USES[i][j] for i in range(4)] for j, r in enumerate(rows)}
    columns |= {c: [FINAL[i][j] for i in range(4)] for j, c in enumerate(["AUS.c37", "AUS.c39", "RoW.c37", "RoW.c39"])}
    pl.DataFrame(columns | {"output": OUTPUT} | changed).write_parquet(path)
    return path


def test_sheet_of_2013(write: Write) -> None:
    got = read("wiod", write("a", SHEET))
    assert got.frame.row(1) == (
        "WIOD 2013", 1995, "AUS", "c2", 2, [10, 10, 0, 20], [40, 10, 10, 0],
        ["AUS:c37", "AUS:c39", "RoW:c37", "RoW:c39"], 100.0, 46.0, 2.0, 2,
    )  # fmt: skip
    assert np.array_equal(got.frame["intermediate_musd"].to_list(), USES) and got.rows_read == 4
    assert check("wiod", write("renamed.bin", SHEET)).good.equals(got.frame)


def test_wide_table_of_2016_as_csv_and_parquet(write: Write, tmp_path: Path) -> None:
    got = read("wiod", write("a", WIDE))
    assert got.frame.row(3) == (
        "WIOD 2016", 2014, "ROW", "B", 4, [0, 15, 20, 30], [0, 5, 110, 20],
        ["AUS:c57", "AUS:c59", "ROW:c57", "ROW:c59"], 200.0, 126.0, 5.0, 4,
    )  # fmt: skip
    parquet = tmp_path / "b"
    pl.read_csv(WIDE.encode(), schema_overrides={"Year": pl.Float64, "RNr": pl.Float64}).write_parquet(parquet)
    assert read("wiod", parquet).frame.equals(got.frame)


def test_a_row_number_written_by_r_comes_first(write: Write) -> None:
    numbered = "\n".join(f"{i or ''},{line}" for i, line in enumerate(WIDE.splitlines()))
    assert read("wiod", write("a", numbered)).frame.equals(read("wiod", write("b", WIDE)).frame)


def test_converted_file_needs_a_year(tmp_path: Path) -> None:
    got = read("wiod", converted(tmp_path / "wiot_1999.parquet"))
    assert got.frame.row(0)[:5] == ("WIOD 2013", 1999, "AUS", "c1", 1)
    assert got.frame["value_added_musd"].null_count() == 4
    with pytest.raises(BadFile, match="wiot_<year>"):
        read("wiod", converted(tmp_path / "b"))


def test_rounded_cells_may_miss_output_by_half_a_unit_each(tmp_path: Path) -> None:
    """Eight cells of a row: at most 4."""
    assert read("wiod", converted(tmp_path / "wiot_1999.parquet", output=[104, 100, 200, 200])).rows_read == 4
    path = converted(tmp_path / "wiot_1999.parquet", output=[105, 100, 200, 200])
    with pytest.raises(BadFile, match=r"row sum .* of AUS:c1 to be its output, 105 .* found 100"):
        read("wiod", path)


@pytest.mark.parametrize(
    ("file", "found", "replaced", "message"),
    [
        (SHEET, "AUS,c1,10,20,5", "AUS,c1,10,20,", "row 1, column RoW:c1: expected a number in every cell, found 1 missing"),
        (SHEET, "AUS,c1,10,20,5", "AUS,c1,10,twenty,5", "column AUS:c2: expected a number .*twenty"),
        (SHEET, "AUS,c1,10,20", "AUS,c1,10,21", "row sum .* of AUS:c1 to be its output"),
        (SHEET, "69,46,", "69,48,", "column sum .* of AUS:c2 to be its output, 100 .* found 102"),
        (SHEET, "r64", "r46", "expected a row r64, value added"),
        (SHEET, ",,,,c1,c2,c1", ",,,,c1,c2,c9", "row 3, column number 3: expected a square table: RoW:c1"),
        (SHEET, "Table, 1995", "Table", "a title that ends with the year"),
        (SHEET, "RoW,c1,", "AUS,c1,", "AUS:c1 again"),
        (SHEET, SHEET[SHEET.index("RoW,c2,0,15") + 9 :], "", "expected 13 cells in every row"),
        (SHEET, "\n".join(SHEET.splitlines()[8:10]), "", "found 2 rows and 4 columns of industries"),
        (WIDE, "\n".join(WIDE.splitlines()[3:5]), "", "found 2 rows and 4 columns of industries"),
        (WIDE, "RNr", "Number", "column RNr"),
        (WIDE, "VA,Total", "VALU,Total", "column VA: expected rows TXSP and VA"),
        (WIDE, "ROW,2,2014", "ROW,2,2013", "column Year: expected one year"),
        (WIDE, ",TOT\n", ",OUT\n", "column TOT"),
    ],
)  # fmt: skip
def test_damage(write: Write, file: str, found: str, replaced: str, message: str) -> None:
    assert file.count(found) >= 1
    path = write("a", file.replace(found, replaced, 1))
    with pytest.raises(BadFile, match=message):
        read("wiod", path)


def test_rows_cut_off_a_converted_file(tmp_path: Path) -> None:
    """Without this check two columns of industries would pass as final demand: every row sum is right."""
    path = converted(tmp_path / "wiot_1999.parquet")
    pl.read_parquet(path).head(2).write_parquet(path)
    with pytest.raises(BadFile, match="found 2 rows and 4 columns of industries"):
        read("wiod", path)


def test_a_workbook_is_refused_with_the_way_out(write: Write) -> None:
    found = recognise("wiod", write("a", xlsx_bytes("WIOT_1995", [["Title, 1995"], [""], ["", "", "", "", "AtB", "15t16"]])))
    assert found and "save its sheet as CSV" in str(found.refused)


def test_others_are_left_alone(write: Write, tmp_path: Path) -> None:
    assert recognise("wiod", write("a", "PAR1 cut")) is None
    pl.DataFrame({"t": [2017], "s": [1], "output": [1.0]}).write_parquet(tmp_path / "b")
    assert recognise("wiod", tmp_path / "b") is None
    assert recognise("wiod", write("c", "a,b,c\n1,2,3\n4,5,6\n7,8,9\n")) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [("edition", "WIOD"), ("year", 1900), ("country", "au"), ("sector", ""), ("position", 0), ("intermediate_musd", [1.0])],
)
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("wiod", read("wiod", write("a", SHEET)), column, value)


def test_real_tables(shared: Path, tmp_path: Path) -> None:
    """The year stands in no column: world output tells it, whatever the file is called (figures of SOURCE.md)."""
    for year, trillion in ((1995, 55.2), (2011, 141.8)):
        (renamed := tmp_path / f"{year}.bin").symlink_to(shared / f"data/value_added/wiod_2013_release/wiot_{year}.parquet")
        valid = check("wiod", renamed)
        assert valid.rows_bad == 0 and valid.good.height == 1435 and set(valid.good["year"]) == {year}
        assert valid.good["output_musd"].sum() == pytest.approx(trillion * 1e6, abs=5e4)
        assert valid.good["intermediate_musd"].list.len().unique().to_list() == [1435]
        assert valid.good["country"].n_unique() == 41 and valid.good["final_columns"][0].len() == 205
