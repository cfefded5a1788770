"""CEPII BACI: archives with their years, extracts, code lists and what others made of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from source_files import check, gzipped, read, recognise, refuses, zipped

from ingestion.errors import BadFile, TerminalError
from ingestion.sources import baci

Write = Callable[[str, bytes | str], Path]

HEAD = "t,i,j,k,v,q\n"
YEAR_2021 = HEAD + "2021,4,276,080131,       4.500,          NA\n2021,4,516,9999AA,1e+05,       2.500\n"
YEAR_2022 = HEAD + "2022,404,276,090111,3.1,0\n"
LISTS = {
    "country_codes_V202501.csv": "country_code,country_name,country_iso2,country_iso3\n516,Namibia,NA,NAM\n",
    "product_codes_HS96_V202501.csv": "code,description\n080131,Cashew nuts\n",
}
YEARS = {"BACI_HS96_Y2021_V202501.csv": YEAR_2021, "BACI_HS96_Y2022_V202501.csv": YEAR_2022}


def test_archive_gives_all_years(tmp_path: Path) -> None:
    got = read("baci", zipped(tmp_path / "anything", {**YEARS, **LISTS, "Readme.txt": "x"}))
    assert got.vintage == "V202501"
    assert got.frame.select("year", "exporter_code", "importer_code", "hs6", "value_kusd", "quantity_t", "_row").rows() == [
        (2021, "4", "276", "080131", Decimal("4.500"), None, 1),
        (2021, "4", "516", "9999AA", Decimal("100000.000"), 2.5, 2),
        (2022, "404", "276", "090111", Decimal("3.100"), None, 3),
    ]
    assert set(got.frame["hs_revision"]) == {"HS96"} and not got.frame["is_complete"].any()


def whole_year(codes: int, exporters: int) -> str:
    rows = [f"2021,{4 + n % exporters},{800 + n % 50},{100_000 + n % codes:06d},1.000,1.000" for n in range(max(codes, exporters))]
    return HEAD + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("codes", "exporters", "lists", "complete"),
    [(4000, 100, True, True), (3999, 100, True, False), (4000, 99, True, False), (4000, 100, False, False)],
)
def test_a_year_is_complete_by_the_whole_list_rule(tmp_path: Path, codes: int, exporters: int, lists: bool, complete: bool) -> None:
    members = {"BACI_HS96_Y2021_V202501.csv": whole_year(codes, exporters), **(LISTS if lists else {})}
    assert read("baci", zipped(tmp_path / "z", members)).frame["is_complete"].all() is complete


def test_extract_is_parse_only_and_padded(write: Write) -> None:
    body = '"t","i","j","k","v","q"\r\n2021,4,24,82390,52.051,"       13.235"\r\n2021,4,24,382390,1.0,"           NA"\r\n'
    got = read("baci", write("a", gzipped(body)))
    assert got.frame["hs6"].to_list() == ["082390", "382390"]
    assert got.frame["quantity_t"].to_list() == [13.235, None]
    assert not got.frame["is_complete"].any() and set(got.frame["baci_version"]) == {""}


def test_cut_archive_is_still_known_by_its_first_member(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "z", {**YEARS, **LISTS}).read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadFile, match="damaged"):
        baci.SOURCE.parse(cut, recognise("baci", cut))


def test_flipped_bytes_inside_a_member(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z", {"BACI_HS96_Y2021_V202501.csv": whole_year(4000, 100), **LISTS})
    body = bytearray(path.read_bytes())
    body[2000:2010] = b"\x00" * 10
    path.write_bytes(body)
    with pytest.raises(BadFile, match="damaged"):
        baci.SOURCE.parse(path, recognise("baci", path))


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({**YEARS, "BACI_HS96_Y2020_V202401b.csv": HEAD}, "one HS edition and one version"),
        ({**YEARS, "BACI_HS92_Y2020_V202501.csv": HEAD}, "one HS edition and one version"),
        ({"BACI_HS96_Y2020_V202501.csv": YEAR_2021}, "expected year 2020"),
        ({"BACI_HS96_Y2021_V202501.csv": YEAR_2021.replace("k", "hs6", 1)}, "column k"),
    ],
)
def test_archives_that_are_not_one_data_set(tmp_path: Path, members: dict[str, str], message: str) -> None:
    path = zipped(tmp_path / "z", members)
    with pytest.raises(BadFile, match=message):
        baci.SOURCE.parse(path, recognise("baci", path))


def test_short_row_names_its_running_number(tmp_path: Path) -> None:
    got = read("baci", zipped(tmp_path / "z", {**YEARS, "BACI_HS96_Y2022_V202501.csv": YEAR_2022 + "2022,4,276\n"}))
    assert got.bad.select("_row", "column").rows() == [(4, "k")]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("exporter_iso3c,exporter_country,importer_iso3c,importer_country,hs6,year,hs_version,total_q,total_v\n", "standardised"),
        ("year,exporter_code,exporter,importer_code,importer,item_code,tonnes,usd\n", "FAO"),
        ("iso3_o,iso3_d,section_code,section_name,hs2_codes,value,value_kd,quantity\n", "aggregated"),
        ("country_code;country_name_abbreviation;country_name_full;iso_2digit_alpha;iso_3digit_alpha\n", "code list"),
        ("country_code,country_name,country_iso2,country_iso3\n", "code list"),
        ('"code","description"\r\n"10121","Horses"\r\n', "code list"),
        ("t,i,j,ztf1,ztf2\n", "zeros"),
    ],
)
def test_refused(write: Write, header: str, why: str) -> None:
    assert why in (recognise("baci", write("a", header)).refused or "")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("year", 1900),
        ("exporter_code", "AFG"),
        ("importer_code", "4"),
        ("hs6", "80131"),
        ("hs6", "9999BB"),
        ("value_kusd", Decimal("0.000")),
        ("quantity_t", 0.0),
        ("hs_revision", "HS99"),
        ("baci_version", "2025"),
        ("is_complete", None),
    ],
)
def test_schema_refuses(tmp_path: Path, column: str, value: object) -> None:
    assert refuses("baci", read("baci", zipped(tmp_path / "z", {**YEARS, **LISTS})), column, value)


def test_plan_pins_edition_and_version(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [r.url for r in baci.plan({})] == ["https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_HS96_V202501.zip"]
    monkeypatch.setenv("ACPGVC_BACI_BASE_URL", "http://127.0.0.1:9")
    assert [r.url for r in baci.plan({"version": "V202601"})] == ["http://127.0.0.1:9/BACI_HS96_V202601.zip"]
    with pytest.raises(TerminalError, match="unknown argument year"):
        list(baci.plan({"year": "2020"}))


@pytest.mark.parametrize(
    ("name", "rows", "codes", "no_quantity"),
    [
        ("BACI_HS17_Y2020_V202201", 70_920, 5_059, 2_368), ("BACI_HS17_Y2020_V202301", 72_097, 5_073, 2_175),
        ("BACI_HS92_Y2021_V202301", 71_192, 4_422, 2_306),
    ],
)  # fmt: skip
def test_real_extracts(shared: Path, tmp_path: Path, name: str, rows: int, codes: int, no_quantity: int) -> None:
    real = shared / f"data/trade/baci_extract_zaf_afg/{name}.extract_i4_i710.csv.gz"
    valid = check("baci", real)
    assert (valid.good.height, valid.rows_bad) == (rows, 0)
    assert valid.good["hs6"].n_unique() == codes and valid.good["quantity_t"].null_count() == no_quantity
    assert not valid.good["is_complete"].any()
    assert read("baci", Path(shutil.copy(real, tmp_path / "a.txt"))).frame.equals(read("baci", real).frame)


def test_fixture_archives(shared: Path) -> None:
    folder = shared / "fixtures/baci"
    got = read("baci", folder / "BACI_HS96_V202501.zip")
    assert got.rows_read == 72 and got.frame.filter(pl.col("quantity_t").is_null()).height == 18
    with pytest.raises(BadFile, match="damaged"):
        baci.SOURCE.parse(folder / "BACI_HS96_V202501.cut.zip", recognise("baci", folder / "BACI_HS96_V202501.cut.zip"))
