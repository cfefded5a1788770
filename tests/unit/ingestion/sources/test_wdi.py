"""World Bank WDI: pages of the API and the bulk CSV of one indicator."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from source_files import check, read, recognise, refuses, zipped

from ingestion.errors import BadFile
from ingestion.sources import wdi

Write = Callable[[str, bytes | str], Path]

BULK = (
    '\ufeff"Data Source","World Development Indicators",\r\n\r\n"Last Updated Date","2026-07-13",\r\n\r\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2020","2021","2022",\r\n'
    '"Namibia","NAM","Access to electricity (% of population)","EG.ELC.ACCS.ZS","55.5","","56",\r\n'
    '"Kenya","KEN","Access to electricity (% of population)","EG.ELC.ACCS.ZS","","76.5","",\r\n'
)


def test_bulk_csv_keeps_cells_with_a_value(write: Write) -> None:
    got = read("wdi", write("a", BULK))
    assert got.vintage == "2026-07-13" and got.rows_read == 3
    assert got.frame.select("country_code", "year", "value", "_row").rows() == [
        ("NAM", 2020, 55.5, 1),
        ("NAM", 2022, 56.0, 2),
        ("KEN", 2021, 76.5, 3),
    ]
    assert set(got.frame["last_updated"]) == {dt.date(2026, 7, 13)}


def test_official_zip_gives_the_same(write: Write, tmp_path: Path) -> None:
    name = "API_EG.ELC.ACCS.ZS_DS2_en_csv_v2_33377.csv"
    path = zipped(tmp_path / "z", {f"Metadata_Country_{name}": "x", name: BULK, f"Metadata_Indicator_{name}": "y"})
    assert read("wdi", path).frame.equals(read("wdi", write("a", BULK)).frame)
    cut = write("cut", path.read_bytes()[:120])
    damaged = zipped(tmp_path / "first", {name: BULK}).read_bytes()
    cut.write_bytes(damaged[:-60])
    with pytest.raises(BadFile, match="damaged"):
        wdi.SOURCE.parse(cut, recognise("wdi", cut))


def test_broken_lines_and_cells_are_named(write: Write) -> None:
    bad = BULK.replace('"76.5"', '"n.a."') + '"Ghana","GHA","Access"\r\n"Togo","","Access","EG.ELC.ACCS.ZS","1","","",\r\n'
    got = read("wdi", write("a", bad))
    assert got.bad.select("column", "found").rows() == [
        ("Indicator Code", 'line 8: 3 cells: "Ghana","GHA","Access"'), ("Country Code", "line 9: nothing"), ("value of KEN 2021", "n.a."),
    ]  # fmt: skip
    assert got.rows_read == 5


@pytest.mark.parametrize(
    ("found", "replaced", "message"),
    [
        ("Last Updated Date", "Updated", "Last Updated Date"),
        ("2026-07-13", "July 2026", "Last Updated Date"),
        ("Country Code", "ISO3", "column Country Code"),
        ("Namibia", "Nämibia", "byte 0xe4"),
    ],
)
def test_wrong_head_or_encoding(write: Write, found: str, replaced: str, message: str) -> None:
    path = write("a", BULK.replace(found, replaced, 1).removeprefix("\ufeff").encode("cp1252"))
    with pytest.raises(BadFile, match=message):
        wdi.SOURCE.parse(path, recognise("wdi", path))


def test_utf_16_is_named_as_wrong_encoding(write: Write) -> None:
    path = write("a", BULK.removeprefix("\ufeff").encode("utf-16"))
    with pytest.raises(BadFile, match="expected text in UTF-8, found byte 0xff"):
        wdi.SOURCE.parse(path, recognise("wdi", path))


def page(number: int, pages: int = 2, total: int = 3, updated: str = "2026-07-01", values: tuple = (7.5, None)) -> str:
    rows = [
        {
            "indicator": {"id": "NV.IND.MANF.ZS", "value": "Manufacturing"},
            "country": {"id": "NA", "value": "Namibia"},
            "countryiso3code": "NAM" if number == 1 else "",
            "date": str(2020 + number * 2 + i),
            "value": v,
            "unit": "",
            "obs_status": "",
            "decimal": 0,
        }
        for i, v in enumerate(values)
    ]
    return json.dumps([{"page": number, "pages": pages, "per_page": "2", "total": total, "sourceid": "2", "lastupdated": updated}, rows])


def test_pages_of_the_api(write: Write) -> None:
    first, last = write("p1", page(1)), write("p2", page(2, values=(8.5,)))
    assert recognise("wdi", first).batch_key == recognise("wdi", last).batch_key is not None
    wdi.verify([first, last])
    got = read("wdi", first)
    assert got.frame.select("country_code", "year", "value").rows() == [("NAM", 2022, 7.5)] and got.rows_read == 1
    assert read("wdi", last).frame["country_code"].to_list() == ["NA"], "an aggregate without ISO3 keeps its own id"
    with pytest.raises(BadFile, match=r"expected 3 rows .* found 2"):
        wdi.verify([first])
    with pytest.raises(BadFile, match="same total and lastupdated"):
        wdi.verify([first, write("p3", page(2, updated="2026-07-02", values=(8.5,)))])


def test_empty_error_and_nan(write: Write) -> None:
    empty = write("e", '[{"page":0,"pages":0,"per_page":0,"total":0,"sourceid":null,"lastupdated":null},null]')
    assert read("wdi", empty).rows_read == 0
    wdi.verify([empty])
    error = write("x", '[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]')
    with pytest.raises(BadFile, match="120 Invalid value"):
        wdi.SOURCE.parse(error, recognise("wdi", error))
    assert read("wdi", write("n", page(1, values=(7.5, float("nan"))))).rows_read == 1


def test_bulk_file_of_former_years(write: Write) -> None:
    """One line of names in front, no vintage; Zaire's code stays what it is."""
    rows = "Zaire,ZAR,Firms (%),IC.FRM.ISOC.ZS,,9.8\nX,XXX,Firms (%),IC.FRM.ISOC.ZS,a,\n"
    path = write("renamed", "Country Name,Country Code,Indicator Name,Indicator Code,1960,1961\n" + rows)
    assert recognise("wdi", path).layout == "old_bulk_csv"
    got = read("wdi", path)
    assert got.frame.select("country_code", "year", "value", "last_updated").rows() == [("ZAR", 1961, 9.8, None)] and got.vintage == ""
    assert got.bad.select("column", "found").rows() == [("value of XXX 1960", "a")]


@pytest.mark.parametrize(
    ("folder", "code", "values"),
    [
        ("wb_enterprise_surveys", "IC.FRM.ISOC.ZS", 268),
        ("wb_enterprise_surveys", "IC.FRM.DURS", 187),
        ("wb_tariff_aggregates", "TM.TAX.MANF.SM.FN.ZS", 2_388),
        ("wb_tariff_aggregates", "TM.TAX.TCOM.BR.ZS", 1_866),
    ],
)
def test_real_surveys_and_tariffs(shared: Path, folder: str, code: str, values: int) -> None:
    got = check("wdi", shared / "data/standards" / folder / f"{code}_WDI.csv")
    assert (got.good.height, got.rows_bad, got.good["indicator_code"].unique().to_list()) == (values, 0, [code])


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("Country Name,Country Code,Indicator Name,Indicator Code,Region,1961\n", "Region"),
        ('\ufeff"Country Code","Region","IncomeGroup","SpecialNotes","TableName",\n', "country list"),
        ("country_code,year,wdi_nvindmanfzs,wdi_nygdppcapppkd\n", "derived"),
    ],
)
def test_refused(write: Write, body: str, why: str) -> None:
    assert why in (recognise("wdi", write("a", body)).refused or "")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("country_code", "Namibia"), ("indicator_code", "electricity"), ("year", 1900), ("value", 100.5), ("value", -1.0), ("value", None),
        ("last_updated", dt.date(1990, 1, 1)),
    ],
)  # fmt: skip
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("wdi", read("wdi", write("a", BULK)), column, value)


def test_plan_and_follow(write: Write) -> None:
    first, second = wdi.plan({"indicators": "SP.POP.TOTL,NV.IND.MANF.ZS", "years": "1990-2024", "countries": "KEN,GHA"})
    assert first.url == "https://api.worldbank.org/v2/country/KEN;GHA/indicator/SP.POP.TOTL"
    assert first.params == {"format": "json", "per_page": "20000", "page": "1", "date": "1990:2024", "source": "2"}
    (whole,) = wdi.plan({"indicators": "SP.POP.TOTL"})  # an answer replaces its indicator: all years, unless told otherwise
    assert whole.params["date"].startswith("1960:")
    (more,) = wdi.follow(second, write("p1", page(1)))
    assert more.params["page"] == "2" and list(wdi.follow(more, write("p2", page(2)))) == []


REAL = {
    "NY.GDP.PCAP.PP.KD_DS2_en_csv_v2_33608": (8_669, "2026-07-13"), "EG.ELC.ACCS.ZS_DS2_en_csv_v2_33377": (8_097, "2026-07-13"),
    "IT.NET.USER.ZS_DS2_en_csv_v2_33086": (6_896, "2026-07-13"), "SP.POP.TOTL_DS2_en_csv_v2_33112": (17_394, "2026-07-13"),
    "GB.XPD.RSDV.GD.ZS_DS2_en_csv_v2_232": (3_198, "2026-07-13"), "SP.POP.SCIE.RD.P6_DS2_en_csv_v2_37695": (2_475, "2026-07-13"),
    "IP.PAT.RESD_DS2_en_csv_v2_226": (4_276, "2026-01-28"), "BX.KLT.DINV.WD.GD.ZS_DS2_en_csv_v2_13": (11_800, "2026-04-08"),
    "SE.TER.ENRR_DS2_en_csv_v2_3403591": (8_699, "2024-06-28"), "NV.IND.MANF.ZS_DS2_en_csv_v2": (8_862, "2022-05-25"),
    "NV.AGR.TOTL.ZS_DS2_en_csv_v2_33230": (11_367, "2026-07-13"), "TX.VAL.TECH.MF.ZS_DS2_en_csv_v2_4771883": (2_601, "2022-12-22"),
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_downloads(shared: Path, tmp_path: Path, name: str) -> None:
    real = shared / f"data/capabilities/wdi/API_{name}.csv"
    renamed = Path(shutil.copy(real, tmp_path / "x"))
    valid = check("wdi", renamed)
    assert (valid.good.height, valid.rows_bad, read("wdi", renamed).vintage) == (REAL[name][0], 0, REAL[name][1])
    assert "NAM" in valid.good["country_code"]


def test_fixture_pages(shared: Path) -> None:
    paths = sorted((shared / "fixtures/wdi").glob("manf_page*.json"))
    wdi.verify(paths)
    assert sum(read("wdi", p).rows_read for p in paths) == 11
