"""RASFF: search pages, the spreadsheet export and two collections of it."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from source_files import check, gzipped, read, recognise, refuses

from ingestion.errors import BadFile
from ingestion.rasff_text import aligned_hazards, braced_hazards, moment, origins, plain_hazards
from ingestion.sources import rasff

Write = Callable[[str, bytes | str], Path]

CELLS = {
    "reference": "2026.2638",
    "category": "fruits and vegetables",
    "type": "food",
    "subject": "Pesticides in grape leaves ",
    "date": "26-03-2026 16:16:33",
    "notifying_country": "Austria",
    "classification": "alert notification",
    "risk_decision": "serious",
    "distribution": "Austria",
    "forAttention": "",
    "forFollowUp": "",
    "operator": "Austria",
    "origin": "Syria,Bonaire, Sint Eustatius and Saba",
    "hazards": "chlorpyrifos  unauthorised substance - {pesticide residues},E220- sulfur dioxide  undeclared - {allergens},phosmet",
}


def workbook(*rows: dict[str, object], header: list[str] = rasff.EXPORT) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "RASFF_window_results"
    book.active.append(header)
    for r in rows:
        book.active.append([r[c] for c in rasff.EXPORT])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_workbook(write: Write) -> None:
    path = write("no_ending", workbook(CELLS, {**CELLS, "date": datetime(2026, 3, 27), "reference": "2026.2639", "hazards": None}))
    assert recognise("rasff", path).layout == "window_xlsx"
    got = read("rasff", path)
    first = got.frame.row(0, named=True)
    assert first["notified_at"] == datetime(2026, 3, 26, 16, 16, 33) and first["subject"] == "Pesticides in grape leaves"
    assert first["origins"] == ["Syria", "Bonaire, Sint Eustatius and Saba"]
    assert first["hazards"] == [
        {"name": "chlorpyrifos unauthorised substance", "category": "pesticide residues"},
        {"name": "E220- sulfur dioxide undeclared", "category": "allergens"},
        {"name": "phosmet", "category": None},
    ]
    assert got.frame["hazards"].list.len().to_list() == [3, 0]
    assert not {"operator", "distribution", "forAttention"} & set(got.frame.columns)


def test_damaged_workbook_and_renamed_column(write: Write) -> None:
    renamed = write("b", workbook(CELLS, header=[c.replace("date", "datum") for c in rasff.EXPORT]))
    with pytest.raises(BadFile, match="column date"):
        rasff.SOURCE.parse(renamed, recognise("rasff", renamed))
    body = bytearray(workbook(*[{**CELLS, "reference": f"2026.{n}", "subject": f"subject {n * 7919}"} for n in range(3000)]))
    body[len(body) // 2 : len(body) // 2 + 40] = b"\x00" * 40
    damaged = write("a", bytes(body))
    with pytest.raises(BadFile, match="readable workbook"):
        rasff.SOURCE.parse(damaged, rasff.Recognition("window_xlsx"))


def test_cut_workbook_is_still_known_by_its_texts(write: Write) -> None:
    whole = workbook(*[{**CELLS, "reference": f"2026.{n}", "subject": f"subject {n * 7919}"} for n in range(500)])
    cut = write("cut", whole[:-200])
    with pytest.raises(BadFile, match="readable workbook"):
        rasff.SOURCE.parse(cut, recognise("rasff", cut))


def test_collections(write: Write) -> None:
    collected = (
        ",".join(rasff.COLLECTED)
        + "\n2024.9652,poultry meat,food,salmonella,2024-12-31 16:50:10.000000,Netherlands,alert notification,serious"
        + ',,,,,"Poland,Germany","2,4-D,aflatoxin total",2024,2\n'
        + "2024.9652,poultry meat,food,salmonella,2025-01-03 16:43:21,Netherlands,alert notification,serious,,,,,,,2024,1\n"
    )
    got = check("rasff", write("a", gzipped(collected)))
    assert got.rows_bad == 0, "a reference may come twice: the later state wins in staging"
    assert got.good["origins"].to_list() == [["Poland", "Germany"], []]
    assert [h["name"] for h in got.good["hazards"][0]] == ["2,4-D", "aflatoxin total"]
    cases = (
        '\ufeff"Date of Case",Reference,"Notification From","Country Origin",Product,'
        '"Product Category","Hazard Substance","Hazard Category"\r\n'
        '"Oct 30, 2024","2024.8046",Italy,"Ghana; Togo","Nuts","Nuts","Formaldehyde - migration - migration; n/a","Migration; n/a"\r\n'
    )
    case = read("rasff", write("b", cases)).frame.row(0, named=True)
    assert (case["notified_at"], case["origins"]) == (datetime(2024, 10, 30), ["Ghana", "Togo"])
    assert case["hazards"] == [{"name": "Formaldehyde - migration", "category": "migration"}]
    assert case["classification"] is None and case["risk_decision"] is None


def page(number: int, pages: int = 2, total: int = 3, size: int = 2) -> str:
    ids = range((number - 1) * size, min(number * size, total)) if number else range(0)
    notices = [
        {
            "notifId": 900000 + i,
            "reference": f"2026.{9000 + i}",
            "ecValidationDate": "01-11-2026 10:00:00",
            "subject": "Salmonella ",
            "notifyingCountry": {"isoCode": "DE", "organizationName": "Germany"},
            "originCountries": [{"isoCode": "NG", "organizationName": "Nigeria"}],
            "notificationClassification": {"description": "border rejection notification"},
            "riskDecision": {"description": "serious"},
            "productCategory": {"description": "nuts"},
            "productType": {"description": "food"},
        }
        for i in ids
    ]
    return json.dumps({"notifications": notices, "totalPages": pages, "totalElements": total})


def test_pages(write: Write) -> None:
    paths = [write(f"p{n}", page(n)) for n in (0, 1, 2)]
    assert {recognise("rasff", p).batch_key for p in paths} == {"totalElements=3|totalPages=2"}
    rasff.verify(paths)
    got = read("rasff", paths[1]).frame.row(0, named=True)
    assert (got["origins"], got["notif_id"], got["notifying_country"]) == (["Nigeria"], "900000", "Germany")
    with pytest.raises(BadFile, match=r"expected 3 notices.*found 2"):
        rasff.verify(paths[:2])
    with pytest.raises(BadFile, match="same totals"):
        rasff.verify([paths[1], write("shrunk", page(2, pages=1, total=2))])
    with pytest.raises(BadFile, match="2 of them distinct"):
        rasff.verify([paths[1], write("twice", page(1).replace(" ", "  "))])


def test_plan_and_follow(write: Write) -> None:
    (first,) = rasff.plan({"origins": "5118"})
    assert first.method == "POST" and first.json["originCountry"] == [5118]
    assert first.json["parameters"] == {"pageNumber": 1, "itemsPerPage": 100}
    (second,) = rasff.follow(first, write("p1", page(1)))
    assert second.json["parameters"]["pageNumber"] == 2 and first.json["parameters"]["pageNumber"] == 1
    assert list(rasff.follow(second, write("p2", page(2)))) == []


def test_page_of_one_notice_is_refused(write: Write) -> None:
    body = '{"id": 1, "reference": "2026.1", "notificationBasis": {}, "product": {}, "risk": {}}'
    assert "names of officials" in (recognise("rasff", write("a", body)).refused or "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("26-03-2026 16:16:33", datetime(2026, 3, 26, 16, 16, 33)),
        ("2024-12-31 16:50:10.000000", datetime(2024, 12, 31, 16, 50, 10)),
        ("2025-01-03 16:43:21", datetime(2025, 1, 3, 16, 43, 21)),
        ("Oct 30, 2024", datetime(2024, 10, 30)),
        ("Jan 2, 2020", datetime(2020, 1, 2)),
        ("31-02-2026 10:00:00", None),
        ("03/04/2025", None),
        ("Okt 30, 2024", None),
        ("", None),
    ],
)
def test_dates(text: str, expected: datetime | None) -> None:
    assert moment(text) == expected


def test_lists() -> None:
    assert origins("Poland,,Spain") == ["Poland", "Spain"] and origins(None) == []
    assert [h["name"] for h in plain_hazards("3-monochlor-1,2-propanediol (3-MCPD)  ,glycidyl esters")] == [
        "3-monochlor-1,2-propanediol (3-MCPD)",
        "glycidyl esters",
    ]
    assert braced_hazards("thiamethoxam   - {pesticide residues}") == [{"name": "thiamethoxam", "category": "pesticide residues"}]
    assert aligned_hazards("Aflatoxin B1 - mycotoxins", "Mycotoxins") == [{"name": "Aflatoxin B1", "category": "mycotoxins"}]
    assert aligned_hazards("n/a", "n/a") == [] and aligned_hazards("lead", "n/a") == [{"name": "lead", "category": None}]


def test_row_without_date_is_quarantined(write: Write) -> None:
    got = read("rasff", write("a", workbook(CELLS, {**CELLS, "date": "soon"}, {**CELLS, "reference": None})))
    assert got.bad.select("_row", "column", "found").rows() == [(2, "date", "soon"), (3, "reference", "nothing")]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reference", "RASFF-1"), ("notified_at", datetime(1950, 1, 1)), ("classification", "rejected"), ("risk_decision", "high"),
        ("notifying_country", None), ("origins", [""]), ("origins", None), ("hazards", [{"name": "", "category": None}]), ("notif_id", "x"),
    ],
)  # fmt: skip
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    parsed = read("rasff", write("a", workbook(CELLS)))
    if isinstance(value, list):
        value = pl.Series([value], dtype=parsed.frame.schema[column])
        parsed = rasff.Parsed(parsed.frame, parsed.bad, 1)
        from ingestion.validate import schema_faults

        assert not schema_faults(rasff.SOURCE, "bad", parsed.frame.with_columns(value.alias(column))).is_empty()
        return
    assert refuses("rasff", parsed, column, value)


@pytest.mark.parametrize(
    ("name", "layout", "rows", "references"),
    [
        ("rasff_notifications.csv.gz", "window_csv", 8_413, 8_386), ("RASFF_window_results.xlsx", "window_xlsx", 902, 902),
        ("rasff_export_2020_to_2024-10-30.csv.gz", "cases_8_columns", 21_871, 21_871),
    ],
)  # fmt: skip
def test_real_files(shared: Path, tmp_path: Path, name: str, layout: str, rows: int, references: int) -> None:
    real = shared / "data/standards/rasff" / name
    renamed = Path(shutil.copy(real, tmp_path / "x"))
    assert recognise("rasff", renamed).layout == layout
    valid = check("rasff", renamed)
    assert (valid.good.height, valid.rows_bad, valid.good["reference"].n_unique()) == (rows, 0, references)
    assert valid.good.equals(check("rasff", real).good)


def test_real_counts(shared: Path) -> None:
    notices = read("rasff", shared / "data/standards/rasff/rasff_notifications.csv.gz").frame
    assert notices.filter(pl.col("classification") == "border rejection notification").height == 2_524
    assert notices.filter(pl.col("origins").list.contains("Nigeria")).height == 73
    cases = read("rasff", shared / "data/standards/rasff/rasff_export_2020_to_2024-10-30.csv.gz").frame
    assert cases.filter(pl.col("origins").list.len() == 0).height == 505
    assert cases.filter(pl.col("origins").list.contains("Nigeria")).height == 246
