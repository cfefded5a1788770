"""OECD ICIO: archives and bare CSV, three editions, standard and extended; a toy of two economies with two industries."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from source_files import check, read, recognise, refuses, zipped

from ingestion.errors import BadFile
from ingestion.registry import all_sources

Write = Callable[[str, bytes | str], Path]

USES = [[10, 20, 5, 5], [10, 10, 0, 20], [5, 5, 40, 10], [0, 15, 20, 30]]
FINAL = [[50, 5, 5, -5], [40, 10, 10, 0], [10, 0, 120, 10], [0, 5, 110, 20]]
OUTPUT = [95, 100, 200, 200]
TAXES = [5, 2, 10, -5]
VALUE_ADDED = [65, 48, 125, 140]  # output less column sums (25, 50, 65, 65) and taxes


def table(industries: tuple[str, str] = ("A01", "C10T12"), first: str = "V1", out: str = "OUT", va: str = "VA") -> str:
    labels = [f"{e}_{i}" for e in ("CMR", "ROW") for i in industries]
    lines = [",".join([first, *labels, "CMR_HFCE", "CMR_INVNT", "ROW_HFCE", "ROW_INVNT", out])]
    lines += [",".join(map(str, [label, *USES[i], *FINAL[i], OUTPUT[i]])) for i, label in enumerate(labels)]
    lines += [f"{n}," + ",".join(map(str, [*v, 0, 0, 0, 0, 0])) for n, v in (("TLS", TAXES), (va, VALUE_ADDED), (out, OUTPUT))]
    return "\n".join(lines) + "\n"


def test_rows_of_an_archive(tmp_path: Path) -> None:
    got = read("oecd_icio", zipped(tmp_path / "a", {"2021_SML.csv": table(), "2022_SML.csv": table()}))
    assert got.frame.row(4) == (
        "ICIO 2025", 2022, "CMR", "A01", 1, [10, 20, 5, 5], [50, 5, 5, -5],
        ["CMR:HFCE", "CMR:INVNT", "ROW:HFCE", "ROW:INVNT"], 95.0, 65.0, 5.0, 5,
    )  # fmt: skip
    assert got.rows_read == 8 and got.frame["year"].to_list() == [2021] * 4 + [2022] * 4
    assert np.array_equal(got.frame["intermediate_musd"].to_list(), USES * 2)


def test_one_year_in_memory_at_a_time(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a", {"2021_SML.csv": table(), "2022_SML.csv": table()})
    recognition, pieces = recognise("oecd_icio", path), all_sources()["oecd_icio"].pieces
    assert recognition and pieces
    assert [p.frame["year"].unique().to_list() for p in pieces(path, recognition)] == [[2021], [2022]]


@pytest.mark.parametrize(
    ("name", "body", "edition"),
    [
        ("2022_SML.csv", table(), "ICIO 2025"),
        ("ICIO2025_2022.csv", table(first=""), "ICIO 2025"),
        ("2022_SML.csv", table(("A01_02", "C10T12"), out="TOTAL", va="VALU"), "ICIO 2023"),
        ("ICIO2021_2022.csv", table(("01T02", "10T12"), va="VALU"), "ICIO 2021"),
        ("2022_EXT.csv", table().replace("CMR", "CN1"), "ICIO 2025 EXT"),
        ("2022_SML.csv", "\ufeff" + table().replace("\n", "\r\n"), "ICIO 2025"),
    ],
)
def test_edition_is_told_by_industries_and_year_by_the_name(write: Write, name: str, body: str, edition: str) -> None:
    got = check("oecd_icio", write(name, body)).good
    assert set(got["edition"]) == {edition} and set(got["year"]) == {2022}
    assert got["value_added_musd"].to_list() == VALUE_ADDED


def test_final_demand_of_an_economy_without_rows(write: Write) -> None:
    """Extended tables: the parts of China carry production, final demand has columns of the whole country."""
    got = read("oecd_icio", write("2022_EXT.csv", table().replace("CMR_A", "CN1_A").replace("CMR_C", "CN1_C").replace("CMR_", "CHN_")))
    assert got.frame["country"].to_list() == ["CN1", "CN1", "ROW", "ROW"] and got.frame["final_columns"][0][0] == "CHN:HFCE"


@pytest.mark.parametrize(
    ("found", "replaced", "message"),
    [
        ("CMR_A01,10", "CMR_A01,", r"row 1, column CMR:A01: expected a number in every cell, found 1 missing cells"),
        ("CMR_A01,10", "CMR_A01,ten", r"column CMR_A01: expected a number .*ten"),
        ("CMR_A01,10", "CMR_A01,11", r"row 1, column output: expected row sum .* of CMR:A01 to be its output, 95 .*found 96"),
        ("VA,65,", "VA,66,", r"column sum .* of CMR:A01 to be its output, 95 .*found 96"),
        ("VA,65,", "WA,65,", r"column VA: expected a row VA or VALU, found TLS, WA, OUT"),
        ("TLS,", "TAX,", r"a row TLS or TAXSUB"),
        ("\nOUT,95,", "\nOUT,90,", r"row 1, column OUT: expected one output of CMR_A01, found 90 in the row and 95"),
        ("ROW_INVNT,OUT", "ROW_INVNT,SUM", r"a last column OUT or TOTAL"),
        ("ROW_HFCE", "ROW_HFCX", r"categories of final demand .*ROW_HFCX"),
        ("V1,CMR_A01", "V1,CMR_A02", r"row 1, column number 1: expected a square table"),
        ("ROW_A01,5,5,40,10,10,0,120,10,200\nROW_C10T12,0,15,20,30,0,5,110,20,200\n", "", r"found 2 rows and 4 columns of industries"),
        ("\nROW_A01,", "\nCMR_A01,", r"CMR:A01 again"),
        (",10,0,120,10,200\n", ",10,0,120\n", r"expected 10 cells in every row"),
        ("_A01", "_A9", r"a first industry of A01"),
    ],
)
def test_damage(write: Write, found: str, replaced: str, message: str) -> None:
    body = table()
    assert found in body
    path = write("2022_SML.csv", body.replace(found, replaced) if found == "_A01" else body.replace(found, replaced, 1))
    with pytest.raises(BadFile, match=message):
        read("oecd_icio", path)


def test_a_year_must_stand_in_the_name(write: Write) -> None:
    for name in ("table.csv", "2016-2022.csv"):
        with pytest.raises(BadFile, match=r"one year in the name of the file, as in 2022_SML.csv"):
            read("oecd_icio", write(name, table()))


def test_damaged_archives(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "2021-2022_SML.zip", {"2021_SML.csv": table(), "2022_SML.csv": table()}).read_bytes()
    (cut := tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    flipped = bytearray(whole)
    flipped[60] ^= 0xFF
    (broken := tmp_path / "broken").write_bytes(flipped)
    for path in (cut, broken):
        with pytest.raises(BadFile, match=r"zip archive|compressed file"):
            read("oecd_icio", path)
    mixed = zipped(tmp_path / "mixed", {"2021_SML.csv": table(), "2022_SML.csv": table(("A01_02", "C10T12"))})
    with pytest.raises(BadFile, match="one edition in an archive, ICIO 2023, found ICIO 2025"):
        read("oecd_icio", mixed)


def test_a_web_page_named_as_the_archive(write: Write) -> None:
    page = (
        "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY>You don't have permission to access "
        '"http&#58;&#47;&#47;webfs&#45;sti&#46;oecd&#46;org&#47;files&#47;x" on this server.</BODY></HTML>'
    )
    with pytest.raises(BadFile, match=r"a web page of its host: Access Denied .*Remedy: download it in a browser"):
        recognise("oecd_icio", write("2016-2022_SML.zip", page))
    assert recognise("oecd_icio", write("b", "<html>another page</html>")) is None


def test_what_is_refused_or_left_alone(write: Write, tmp_path: Path) -> None:
    found = recognise("oecd_icio", zipped(tmp_path / "a", {"ICIO2025econSML_2022.RData": "x"}))
    assert found and "R data" in str(found.refused)
    assert recognise("oecd_icio", zipped(tmp_path / "b", {"data.csv": table()})) is None
    assert recognise("oecd_icio", write("c", "country,GDP_USD,POP_TOT,A_B\n")) is None


@pytest.mark.parametrize(("column", "value"), [("edition", "ICIO"), ("country", "Cameroon"), ("sector", " "), ("final_musd", [1.0])])
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("oecd_icio", read("oecd_icio", write("2022_SML.csv", table())), column, value)


def test_fixtures(shared: Path, tmp_path: Path) -> None:
    """Hand-made files of three economies with three industries; the archive holds the bare file too."""
    folder = shared / "fixtures/icio"
    (renamed := tmp_path / "x.bin").symlink_to(folder / "2021-2022_SML.zip")
    both, one = check("oecd_icio", renamed), check("oecd_icio", folder / "2022_SML.csv")
    assert both.rows_bad == one.rows_bad == 0 and (both.good.height, one.good.height) == (18, 9)
    with zipfile.ZipFile(renamed) as z:
        if z.read("2022_SML.csv") == (folder / "2022_SML.csv").read_bytes():
            assert both.good.filter(year=2022).drop("_row").equals(one.good.drop("_row"))
