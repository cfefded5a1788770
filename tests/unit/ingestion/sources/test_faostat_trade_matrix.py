"""FAOSTAT detailed trade matrix: the bulk archive by years, its member alone, what others cut."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from source_files import read, recognise, refuses

from ingestion.errors import BadFile
from ingestion.sources import faostat_trade_matrix

Write = Callable[[str, bytes | str], Path]

HEAD = ",".join(faostat_trade_matrix.NORMALIZED) + "\r\n"


def row(reporter: str, partner: str, element: str, year: int, value: str, flag: str = "A") -> str:
    unit = "t" if "quantity" in element.lower() else "1000 USD"
    cells = (reporter, "'384", "Côte d'Ivoire", partner, "'528", "Netherlands", "661", "'01640", "Cocoa beans", "5910", element)
    return ",".join(f'"{c}"' for c in (*cells, year, year, unit, value, flag)) + "\r\n"


BULK = (
    HEAD + row("107", "150", "Export quantity", 2021, "300.5") + row("107", "150", "Export quantity", 2020, "200")
    + row("107", "150", "Export Value", 2021, "900") + row("81", "150", "Export quantity", 2020, "", "M")
)  # fmt: skip
MEMBER = "Trade_DetailedTradeMatrix_E_All_Data_(Normalized).csv"


def archive(path: Path, encoding: str = "utf-8") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(MEMBER, BULK.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_years_of_the_archive(tmp_path: Path, encoding: str) -> None:
    path = archive(tmp_path / "nobody_knows.bin", encoding)
    recognition = recognise("faostat_trade_matrix", path)
    assert recognition.layout == "bulk_zip"
    faults, *years = faostat_trade_matrix.pieces(path, recognition)
    assert faults.rows_read == 0 and [set(p.frame["year"]) for p in years] == [{2020}, {2021}]
    assert [p.frame.select("reporter_code", "partner_code", "element", "value", "_row").rows() for p in years] == [
        [("107", "150", "export quantity", 200.0, 2), ("81", "150", "export quantity", None, 4)],
        [("107", "150", "export quantity", 300.5, 1), ("107", "150", "export value", 900.0, 3)],
    ]


def test_faults_come_first_and_are_counted(write: Write) -> None:
    path = write("a", BULK + row("107", "150", "Export quantity", 2019, "many") + '"107","\'384"\r\n')
    assert recognise("faostat_trade_matrix", path).layout == "bulk_csv"
    got = read("faostat_trade_matrix", path)
    assert got.bad.select("_row", "column", "found").rows() == [(5, "Value", "many"), (6, "Reporter Countries", '2 cells: "107","\'384"')]
    assert got.rows_read == 6


def test_cut_archive_and_renamed_column(write: Write, tmp_path: Path) -> None:
    cut = write("cut", archive(tmp_path / "a").read_bytes()[:-40])
    renamed = write("renamed", BULK.replace("Partner Country Code,", "Partner,", 1))
    for path, message in ((cut, "complete zip archive"), (renamed, "column Partner Country Code")):
        with pytest.raises(BadFile, match=message):
            faostat_trade_matrix.parse(path, recognise("faostat_trade_matrix", path))


@pytest.mark.parametrize(
    ("column", "value"),
    [("reporter_code", "CIV"), ("partner_code", ""), ("item_code", "cocoa"), ("element", "production"), ("year", 1950), ("value", -1.0)],
)
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("faostat_trade_matrix", read("faostat_trade_matrix", write("a", BULK)), column, value)


def test_plan_asks_for_the_one_archive() -> None:
    (call,) = faostat_trade_matrix.plan({})
    assert call.url == f"https://bulks-faostat.fao.org/production/{faostat_trade_matrix.ARCHIVE}"


def test_what_others_cut_is_refused(shared: Path) -> None:
    path = shared / "data/trade/faostat_trade_matrix_top_partners/oacps_reporters_faostattm.csv.gz"
    assert "lower bounds" in (recognise("faostat_trade_matrix", path).refused or "")
