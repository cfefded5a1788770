"""Four-digit export tables: two publishers and one table of means."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from source_files import check, gzipped, read, recognise, refuses

from ingestion.errors import BadFile
from ingestion.sources import hs4_exports

Write = Callable[[str, bytes | str], Path]

OTS = "year,reporter_iso,hs4,export_value_usd,import_value_usd\n1962,gha,0106,194000000,\n2018,nam,1801,0,55\n2018,nam,0106,,7\n"
ATLAS = (
    '"year","country_code","country_name","product_code","export_value_usd"\n'
    '2016,"NAM","Namibia","0101",1577\n2016,"CIV","Cote d\'Ivoire","",20\n2019,"CIV","Cote d\'Ivoire","travel",30.5\n'
)
MEANS = "country,product,value\nafg,0011,30068.0\ncan,3330,2036460983.0\n"


def test_open_trade_statistics(write: Write) -> None:
    got = read("hs4_exports", write("a", gzipped(OTS)))
    assert got.frame.drop("_row").rows() == [
        ("ots", 1962, "gha", "HS2007", "0106", 194_000_000.0),
        ("ots", 2018, "nam", "HS2007", "1801", 0.0),
        ("ots", 2018, "nam", "HS2007", "0106", None),
    ]


def test_atlas_keeps_services_and_goods_without_a_code(write: Write) -> None:
    got = read("hs4_exports", write("a", ATLAS))
    assert got.frame.drop("_row").rows() == [
        ("atlas", 2016, "NAM", "HS1992", "0101", 1577.0),
        ("atlas", 2016, "CIV", "HS1992", "", 20.0),
        ("atlas", 2019, "CIV", "HS1992", "travel", 30.5),
    ]


def test_means_stand_in_the_last_year_of_their_window(write: Write) -> None:
    got = read("hs4_exports", write("a", MEANS))
    assert got.frame.drop("_row").rows() == [
        ("ots_sitc2_means", 2000, "afg", "SITC2", "0011", 30068.0),
        ("ots_sitc2_means", 2000, "can", "SITC2", "3330", 2036460983.0),
    ]


@pytest.mark.parametrize("body", [OTS, ATLAS, MEANS])
def test_a_renamed_copy_is_the_same(write: Write, body: str) -> None:
    first, second = write("x.csv", body), write("BACI_HS96_Y2020_V202201.csv.gz", gzipped(body))
    assert recognise("hs4_exports", first).layout == recognise("hs4_exports", second).layout
    assert read("hs4_exports", first).frame.equals(read("hs4_exports", second).frame)


def test_a_table_without_a_year_is_refused(write: Write) -> None:
    assert "names no year" in (recognise("hs4_exports", write("a", "country,product,export_val\nAGO,0101,14758\n")).refused or "")


@pytest.mark.parametrize(
    "body",
    [
        "country,product,value\nafg,0101,30068.0\n",  # HS, not SITC: an undated table of somebody else
        "country,value\nabw,19185.0\n",
        "country,product,value\n",
        "year,reporter_iso\n2018,afg\n",
    ],
)
def test_not_of_this_source(write: Write, body: str) -> None:
    assert recognise("hs4_exports", write("a", body)) is None


def test_a_renamed_column_is_an_error_of_this_source(write: Write) -> None:
    path = write("a", OTS.replace("hs4", "heading", 1))
    with pytest.raises(BadFile, match="column hs4"):
        hs4_exports.SOURCE.parse(path, recognise("hs4_exports", path))


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (lambda b: gzipped(b)[:-12], "complete compressed file"),
        (lambda b: b.replace("Cote", "C\xf4te").encode("cp1252"), "UTF-8"),
        (lambda b: b.replace('"0101"', '"0101', 1).encode(), "quotes that close"),
    ],
)
def test_damage_is_told_with_its_place(write: Write, damage: Callable[[str], bytes], error: str) -> None:
    path = write("a", damage(ATLAS))
    with pytest.raises(BadFile, match=error):
        hs4_exports.SOURCE.parse(path, recognise("hs4_exports", path))


def test_bad_cells_and_rows_are_named(write: Write) -> None:
    got = read("hs4_exports", write("a", OTS + "2018,gha,1801,much,\n2018,gha\n"))
    assert got.bad.select("_row", "column", "found").rows() == [
        (4, "export_value_usd", "much"),
        (5, "hs4", "2 cells: 2018,gha"),
    ]


def test_a_key_twice_is_a_fault(write: Write) -> None:
    valid = check("hs4_exports", write("a", OTS + "1962,gha,0106,5,\n"))
    assert valid.rows_bad == 2 and "other values" in valid.bad["found"][0]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("publisher", "baci"), ("year", 1950), ("country_code", "288"), ("hs_revision", "HS1996"), ("product_code", "180100"),
        ("product_code", "101"), ("export_value_usd", -1.0),
    ],
)  # fmt: skip
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("hs4_exports", read("hs4_exports", write("a", OTS)), column, value)


REAL = {
    "ots_hs4_cross_sections/converted_hs4_exports_1962_1980_2017_2018.csv.gz": 542_455,
    "atlas_hs4_cross_sections/converted_hs4_exports_2016_2019.csv.gz": 282_085,
    "world_trade_1998_2000/world_trade_avg_1998_to_2000.csv.gz": 124_336,
}


@pytest.mark.parametrize("name", REAL)
def test_real_files(shared: Path, tmp_path: Path, name: str) -> None:
    valid = check("hs4_exports", Path(shutil.copy(shared / "data/trade" / name, tmp_path / "x")))
    assert (valid.good.height, valid.rows_bad) == (REAL[name], 0)


def test_real_figures_of_the_source_notes(shared: Path) -> None:
    """SOURCE.md of both folders: cocoa beans in million USD, and the size of the years."""
    ots, atlas = (check("hs4_exports", shared / "data/trade" / name).good for name in list(REAL)[:2])

    def beans(frame: pl.DataFrame, year: int, country: str) -> int:
        row = frame.filter(pl.col("year") == year, pl.col("country_code") == country, pl.col("product_code") == "1801")
        return round(row["export_value_usd"].item() / 1e6)

    assert [beans(ots, y, "gha") for y in (1962, 1980, 2017, 2018)] == [194, 649, 2043, 2793]
    assert [beans(ots, y, "civ") for y in (1962, 1980, 2017, 2018)] == [48, 524, 3942, 4006]
    assert [(beans(atlas, y, "CIV"), beans(atlas, y, "GHA")) for y in (2016, 2019)] == [(3623, 2095), (3120, 1288)]
    goods = pl.col("product_code").str.contains(r"^\d{4}$")
    assert atlas.filter(pl.col("year") == 2019, goods)["export_value_usd"].sum() / 1e9 == pytest.approx(17_443.6, abs=0.05)
    assert ots.filter(pl.col("year") == 2018, pl.col("export_value_usd") > 0).height == 164_639


def test_the_means_are_no_exports(shared: Path) -> None:
    """Why staging leaves them out: 0.12 trillion USD for the world, whose exports were about 6, and Canada ahead of everybody.
    They are means over the rows of all partners and years, so a country with many small buyers looks small."""
    means = check("hs4_exports", shared / "data/trade" / list(REAL)[2]).good
    assert means["export_value_usd"].sum() / 1e12 == pytest.approx(0.1197, abs=1e-4)
    totals = means.group_by("country_code").agg(pl.col("export_value_usd").sum()).sort("export_value_usd", descending=True)
    assert totals["country_code"][0] == "can"


def test_it_arrives_as_a_file_only() -> None:
    assert hs4_exports.SOURCE.plan is None and not hs4_exports.SOURCE.may_redistribute


def test_groups_of_products_and_lists_are_refused(write: Write, tmp_path: Path) -> None:
    groups = ("year", "community_name", "reporter_iso", "partner_iso", "export_value_usd", "import_value_usd")
    pl.DataFrame({c: ["1"] for c in groups}).write_parquet(tmp_path / "p")
    assert "22 groups" in (recognise("hs4_exports", tmp_path / "p").refused or "")
    products = write("l", "product_id\ths_product_code\ths_product_name_short_en\tlevel\tparent_id\n")
    assert "list of the Atlas" in (recognise("hs4_exports", products).refused or "")
