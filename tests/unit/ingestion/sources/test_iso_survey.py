"""ISO Survey: the workbook of one standard, the workbook of one survey, damage. Layouts as public parsers describe them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from source_files import check, read, recognise, refuses

from ingestion.errors import BadFile
from ingestion.sources import iso_survey

Write = Callable[[str, bytes | str], Path]
OLD = {
    "World": [["ISO 9001 - World"], ["Year", 1993, 1994], ["Africa", 2, 3]],
    "Africa": [["ISO 9001 - Africa"], ["Year", 1993, None, 1994], ["Country", 9, None, 9], ["West Africa"],
               ["Ghana", 1, None, 2], ["Namibia", None, None, 0]],
}  # fmt: skip
NEW = {
    "ISO 9001": [["ISO Survey 2018"], ["Country", "certificates", "sites", None, "Sector", "Number"],
                 ["Ghana", 76, 81, None, "Mining", 3], [None] * 6],
    "ISO 22000": [["Results"], ["Country", "certificates", "sites"], ["Ghana", 12, None]],
}  # fmt: skip


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_one_standard(write: Write) -> None:
    path = write("renamed", workbook(OLD))
    assert recognise("iso_survey", path).layout == "per_standard"
    got = check("iso_survey", path)
    assert got.rows_bad == 0
    assert got.good.select("standard", "country_name", "year", "certificates").rows() == [
        ("ISO 9001", "Africa", 1993, 2), ("ISO 9001", "Africa", 1994, 3), ("ISO 9001", "Ghana", 1993, 1), ("ISO 9001", "Ghana", 1994, 2),
        ("ISO 9001", "Namibia", 1994, 0),
    ]  # fmt: skip


def test_one_survey(write: Write) -> None:
    path = write("renamed", workbook(NEW))
    assert recognise("iso_survey", path).layout == "per_year"
    got = check("iso_survey", path).good.select("standard", "country_name", "year", "certificates", "sites")
    assert got.rows() == [("ISO 9001", "Ghana", 2018, 76, 81), ("ISO 22000", "Ghana", 2018, 12, None)]


def test_damage(write: Write) -> None:
    unnamed = {"ISO 9001": [["ISO 9001:2015"], *NEW["ISO 9001"][1:]]}
    with pytest.raises(BadFile, match="names the year"):
        read("iso_survey", write("no_year", workbook(unnamed)))
    with pytest.raises(BadFile, match="a table of countries"):
        iso_survey.parse(write("empty", workbook({"ISO 9001": [["Year"], ["Country"]]})), iso_survey.Recognition("per_standard"))
    body = workbook(NEW)
    with pytest.raises(BadFile, match="readable workbook"):
        iso_survey.parse(write("cut", body[:-200]), iso_survey.Recognition("per_year"))
    got = read("iso_survey", write("text", workbook({"ISO 9001": [*NEW["ISO 9001"][:2], ["Ghana", "many", 1]]})))
    assert got.bad.select("column", "found").rows() == [("certificates of Ghana (sheet ISO 9001, row 3)", "many")]
    assert recognise("iso_survey", write("other", workbook({"Sheet": [["Country", "certificates", "sites"]]}))) is None


@pytest.mark.parametrize(("column", "value"), [("standard", "9001"), ("year", 1900), ("certificates", -1), ("country_name", None)])
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("iso_survey", read("iso_survey", write("a", workbook(OLD))), column, value)
