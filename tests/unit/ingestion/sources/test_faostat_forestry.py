"""FAOSTAT forestry: the bulk archive in both encodings, its member alone, and the tidy copy."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from source_files import check, gzipped, read, recognise, refuses

from ingestion.errors import BadFile, TerminalError
from ingestion.sources import faostat_forestry

Write = Callable[[str, bytes | str], Path]

HEAD = "Area Code,Area Code (M49),Area,Item Code,Item Code (CPC),Item,Element Code,Element,Year Code,Year,Unit,Value,Flag,Note\r\n"
BULK = (
    HEAD
    + '"107","\'384","Côte d\'Ivoire","1867","\'031","Industrial roundwood","5516","Production","2019","2019","m3","1500000.00","A",""\r\n'
    + '"107","\'384","Côte d\'Ivoire","1633","\'311","Sawnwood","5916","Export Quantity","2019","2019","m3","120.500000","E",""\r\n'
    + '"147","\'516","Namibia","1633","\'311","Sawnwood","5916","Export quantity","2019","2019","m3","","M",""\r\n'
)
ROWS = [
    ("107", "Côte d'Ivoire", "1867", "Industrial roundwood", "production", 2019, "m3", 1_500_000.0, "A"),
    ("107", "Côte d'Ivoire", "1633", "Sawnwood", "export quantity", 2019, "m3", 120.5, "E"),
    ("147", "Namibia", "1633", "Sawnwood", "export quantity", 2019, "m3", None, "M"),
]
TIDY = (
    "area_code,area,item_code,item,year,unit,exports,imports,production\n"
    '74,Gabon,1867,"Industrial roundwood, non-coniferous",2019,m3,49000.0,,2100000.0\n'
    "279,Curaçao,1876,Paper and paperboard,2019,tonnes,,3.0,\n"
)
MEMBER = "Forestry_E_All_Data_(Normalized).csv"


def archive(path: Path, encoding: str, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, body in (members or {MEMBER: BULK}).items():
            z.writestr(name, body.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_bulk_archive_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    path = archive(tmp_path / "nobody_knows.bin", encoding)
    assert recognise("faostat_forestry", path).layout == "bulk_zip"
    assert read("faostat_forestry", path).frame.drop("_row").rows() == ROWS


@pytest.mark.parametrize("body", [BULK.encode(), BULK.encode("cp1252"), gzipped(BULK)], ids=["utf-8", "cp1252", "gzip"])
def test_its_member_alone(write: Write, body: bytes) -> None:
    path = write("a", body)
    assert recognise("faostat_forestry", path).layout == "bulk_csv"
    assert read("faostat_forestry", path).frame.drop("_row").rows() == ROWS


def test_long_text_in_cp1252_comes_through_whole(write: Write) -> None:
    """More than one block of the reader, with letters that take two and three bytes in UTF-8."""
    rows = "".join(
        f'"107","\'384","Côte d’Ivoire","1867","\'031","œ{"é" * 60}","5516","Production","{y}","{y}","m3","{n}.0","A",""\r\n'
        for n, y in enumerate(range(1961, 2061))
    )
    got = read("faostat_forestry", write("a", (HEAD + rows).encode("cp1252")))
    assert got.frame["item"].unique().to_list() == ["œ" + "é" * 60]
    assert got.frame["quantity"].to_list() == [float(n) for n in range(100)]


def test_tidy_table_is_read_number_by_number(write: Write) -> None:
    got = read("faostat_forestry", write("a", gzipped(TIDY)))
    logs = "Industrial roundwood, non-coniferous"
    assert got.frame.drop("_row").rows() == [
        ("74", "Gabon", "1867", logs, "export quantity", 2019, "m3", 49_000.0, None),
        ("74", "Gabon", "1867", logs, "production", 2019, "m3", 2_100_000.0, None),
        ("279", "Curaçao", "1876", "Paper and paperboard", "import quantity", 2019, "tonnes", 3.0, None),
    ]
    assert got.rows_read == 3, "empty cells are no rows"


def test_tidy_faults_have_a_place(write: Write) -> None:
    got = read("faostat_forestry", write("a", TIDY + "74,Gabon,1633,Sawnwood,2019,m3,many,,\n74,Gabon\n"))
    assert got.bad.select("column", "found").rows() == [("item_code", "2 cells: 74,Gabon"), ("exports of area 74, item 1633, 2019", "many")]
    assert got.rows_read == 5 and got.frame.height == 3


def test_layouts_in_order_of_preference() -> None:
    assert list(faostat_forestry.SOURCE.layouts) == ["bulk_zip", "bulk_csv", "tidy_wide"]


def test_crops_share_the_columns_and_are_somebody_elses(shared: Path) -> None:
    for path in sorted((shared / "fixtures/faostat").iterdir()):
        assert recognise("faostat_forestry", path) is None, path.name


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (lambda b: b[: len(b) // 2], "complete zip archive"),
        (lambda b: b[:200] + bytes(x ^ 0xFF for x in b[200:230]) + b[230:], "(complete zip archive|compressed file)"),
    ],
    ids=["cut", "flipped bytes"],
)
def test_damaged_archive(tmp_path: Path, damage: Callable[[bytes], bytes], error: str) -> None:
    path = archive(tmp_path / "a", "cp1252")
    recognition = recognise("faostat_forestry", path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(BadFile, match=error):
        faostat_forestry.SOURCE.parse(path, recognition)


def test_a_cut_archive_is_still_known_for_what_it_is(tmp_path: Path) -> None:
    path = archive(tmp_path / "a", "utf-8")
    path.write_bytes(path.read_bytes()[:-40])
    assert recognise("faostat_forestry", path).layout == "bulk_zip"


def test_text_in_neither_encoding(write: Write) -> None:
    path = write("a", BULK.encode("cp1252").replace(b"\xf4", b"\x81"))
    with pytest.raises(BadFile, match="byte 0x81, which is in neither"):
        faostat_forestry.SOURCE.parse(path, recognise("faostat_forestry", path))


def test_a_cut_gzip_is_told(write: Write) -> None:
    path = write("a", gzipped(BULK * 3)[:-9])
    with pytest.raises(BadFile, match="complete compressed file"):
        faostat_forestry.SOURCE.parse(path, recognise("faostat_forestry", path))


def test_two_members_are_one_too_many(tmp_path: Path) -> None:
    path = archive(tmp_path / "a", "utf-8", **{MEMBER: BULK, f"copy/{MEMBER}": BULK})
    with pytest.raises(BadFile, match="one member"):
        faostat_forestry.SOURCE.parse(path, recognise("faostat_forestry", path))


@pytest.mark.parametrize(("body", "column"), [(BULK, "Element"), (TIDY, "item_code")])
def test_renamed_column_is_an_error_of_this_source(write: Write, body: str, column: str) -> None:
    path = write("a", body.replace(f",{column},", ",Other,", 1))
    with pytest.raises(BadFile, match=f"column {column}"):
        faostat_forestry.SOURCE.parse(path, recognise("faostat_forestry", path))


def test_a_key_twice_is_a_fault(write: Write) -> None:
    again = BULK.splitlines(keepends=True)[1].replace("1500000", "7")
    assert check("faostat_forestry", write("a", BULK + again)).rows_bad == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("area_code", "'384"), ("item_code", "667a"), ("element", "yield"), ("year", 1960), ("unit", "feet"), ("quantity", -1.0),
        ("flag", "none"),
    ],
)  # fmt: skip
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("faostat_forestry", read("faostat_forestry", write("a", BULK)), column, value)


def test_real_file_and_the_figures_of_its_notes(shared: Path, tmp_path: Path) -> None:
    """SOURCE.md: Gabon's exports in thousand cubic metres, logs without conifers."""
    name = shared / "data/trade/faostat_forestry_production_trade/converted_fore_prod_tidy.csv.gz"
    valid = check("faostat_forestry", Path(shutil.copy(name, tmp_path / "x")))
    assert (valid.good.height, valid.rows_bad) == (345_941, 0)
    assert valid.good["area_code"].n_unique() == 241

    def exports(area: str, item: str) -> list[int]:
        rows = valid.good.filter(
            pl.col("area") == area, pl.col("item_code") == item, pl.col("element") == "export quantity",
            pl.col("year").is_in([2008, 2010, 2011, 2015, 2019]),
        ).sort("year")  # fmt: skip
        return [round(v / 1000) for v in rows["quantity"]]

    assert exports("Gabon", "1867") == [2162, 905, 42, 37, 49]
    assert exports("Gabon", "1633") == [223, 278, 336, 526, 846]
    assert exports("Gabon", "1634") == [71, 75, 99, 113, 248]
    assert exports("Solomon Islands", "1867") == [1523, 1594, 1962, 1915, 2552]
    assert exports("Solomon Islands", "1633") == [24, 21, 25, 13, 10]


def test_fetch_asks_for_the_one_archive() -> None:
    assert [r.url.rsplit("/", 1)[1] for r in faostat_forestry.plan({})] == ["Forestry_E_All_Data_(Normalized).zip"]
    with pytest.raises(TerminalError, match="unknown argument years"):
        faostat_forestry.plan({"years": "2019"}).__iter__().__next__()
