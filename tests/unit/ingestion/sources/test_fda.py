"""FDA import refusals: downloads in their three containers, answers, the shrimp extract."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from source_files import check, gzipped, read, recognise, refuses, zipped

from ingestion import landing, vintages
from ingestion.errors import BadFile, TerminalError
from ingestion.ingest import ingest_table
from ingestion.settings import Home
from ingestion.sources import fda

Write = Callable[[str, bytes | str], Path]
HEADER = ",".join(fda.COLUMNS)
LINE = '300,Firm,Road,,City,MG-NOTA,NA,24AGT50,{day},DNBI,300-2522501-3,11,1,,No,No,"11, 274",BLACKEYE PEAS'


def lines(*days: str) -> str:
    return "\r\n".join([HEADER, *(LINE.format(day=d) for d in days)]) + "\r\n"


def page(numbers: range, total: int, message: str = "Success", **changes: object) -> str:
    rows = [
        {
            "FEINumber": "3", "CountryCode": "NA", "ProductCode": "24AGT50", "ProductCodeDescription": "PEAS", "RefusalDate": "2026-03-12",
            "ShipmentID": n, "FDASampleAnalysis": "No ", "RefusalCharges": "118,508",
        }
        | changes
        for n in numbers
    ]  # fmt: skip
    return json.dumps({"statuscode": 400, "message": message, "totalrecordcount": total, "resultcount": len(rows), "result": rows})


@pytest.mark.parametrize("kind", ["bare", "gzip", "zip", "bom"])
def test_a_download_in_each_container(write: Write, tmp_path: Path, kind: str) -> None:
    text = lines("22-Dec-21", "7-Oct-14")
    if kind == "zip":
        path = zipped(tmp_path / "renamed", {"REFUSAL_ENTRY_2024-Aug2026.csv": text})
    else:
        path = write("renamed", gzipped(text) if kind == "gzip" else "\ufeff" + text if kind == "bom" else text)
    assert recognise("fda", path).layout == "bulk_csv"
    got = check("fda", path)
    assert got.rows_bad == 0 and got.good["refused_on"].to_list() == [dt.date(2021, 12, 22), dt.date(2014, 10, 7)]
    first = got.good.row(0, named=True)
    assert (first["country_code"], first["charge_ids"], first["year"], first["line_suffix"]) == ("NA", "11,274", 2021, None)
    assert read("fda", path).vintage == "2021-12-22"
    assert not {"LGL_NAME", "MFG_FIRM_FEI_NUM"} & set(got.good.columns)


def test_cp1252_and_neither(write: Write) -> None:
    text = lines("1-Jan-24").replace("City", "Bogotá")
    assert read("fda", write("old", text.encode("cp1252"))).frame.equals(read("fda", write("new", text)).frame)
    with pytest.raises(BadFile, match=r"neither.*Remedy"):
        read("fda", write("none", text.encode("cp1252").replace(b"\xe1", b"\x81")))


def test_rows_that_cannot_be_read_are_named(write: Write) -> None:
    got = read("fda", write("a", lines("22-Dec-21", "22-Dez-21", "")))
    assert got.bad.select("_row", "column", "found").rows() == [(2, "REFUSAL_DATE", "22-Dez-21"), (3, "REFUSAL_DATE", "nothing")]


def test_damage(write: Write, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="column ENTRY_NUM"):
        read("fda", write("renamed", lines("1-Jan-24").replace("ENTRY_NUM", "ENTRY")))
    whole = zipped(tmp_path / "whole", {"REFUSAL_ENTRY_2019_2023.csv": lines(*["1-Jan-24"] * 500)}).read_bytes()
    with pytest.raises(BadFile, match="complete zip archive"):
        read("fda", write("cut", whole[:-40]))
    with pytest.raises(BadFile, match="complete compressed file"):
        read("fda", write("cut.gz", gzipped(lines(*["1-Jan-24"] * 500))[:-9]))
    two = zipped(tmp_path / "two", {"REFUSAL_ENTRY_a.csv": "", "REFUSAL_ENTRY_b.csv": ""})
    with pytest.raises(BadFile, match="one member"):
        read("fda", two)


def test_answers(write: Write) -> None:
    paths = [write("p1", page(range(3), 5)), write("p2", page(range(3, 5), 5))]
    assert {recognise("fda", p).batch_key for p in paths} == {"totalrecordcount=5"}
    fda.verify(paths)
    got = check("fda", paths[0])
    assert got.rows_bad == 0 and got.good["entry_number"].to_list() == ["0", "1", "2"] and got.good["line_number"].null_count() == 3
    with pytest.raises(BadFile, match=r"5 lines on the pages together.*found 3"):
        fda.verify(paths[:1])
    for refused in (page(range(0), 0, "Invalid sort column"), '{"statuscode":412,"message":"Invalid sort column","result":[]}'):
        path = write("refused", refused)
        assert recognise("fda", path).layout == "api_json"
        with pytest.raises(BadFile, match="Invalid sort column"):
            fda.verify([path])
    assert read("fda", write("empty", page(range(0), 0))).rows_read == 0
    with pytest.raises(BadFile, match="field ShipmentID"):
        read("fda", write("drift", page(range(1), 1).replace("ShipmentID", "Shipment")))


def test_an_answer_of_later_months_replaces_no_earlier_ones(write: Write, tmp_path: Path) -> None:
    """Staging serves each month from the newest file that holds it; `prune` may drop only what staging does not use."""
    home = Home(tmp_path / "home", "main")
    for number, day in enumerate(("2026-03-14", "2026-04-02", "2026-04-05")):
        ingest_table(home, fda.SOURCE, [write(str(number), page(range(number, number + 1), 1, RefusalDate=day))])
    landed = landing.receipts(home, "fda")
    replaced = vintages.superseded(fda.SOURCE, landed)
    assert {r.vintage for r in landed if r.sha256 in replaced} == {"2026-04-02"}


@pytest.mark.parametrize("day", ["2026-03-14", "3/14/2026", "20260314"])
def test_days_of_answers(write: Write, day: str) -> None:
    assert read("fda", write("p", page(range(1), 1, RefusalDate=day))).frame["refused_on"].to_list() == [dt.date(2026, 3, 14)]


def test_plan_and_follow(write: Write) -> None:
    (first,) = fda.plan({"from": "2026-01-01", "to": "2026-03-31", "countries": "KE,NA"})
    assert first.method == "POST" and first.json["start"] == 1 and first.json["filters"]["CountryCode"] == ["KE", "NA"]
    (second,) = fda.follow(first, write("p", page(range(1), 5001)))
    assert second.json["start"] == 5001 and list(fda.follow(second, write("p2", page(range(1), 5001)))) == []
    with pytest.raises(TerminalError, match="argument to is missing"):
        list(fda.plan({"from": "2026-01-01"}))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("country_code", "Na"),
        ("product_code", "24AGT5"),
        ("refused_on", dt.date(1999, 1, 1)),
        ("charge_ids", "11;274"),
        ("entry_number", None),
    ],
)
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("fda", read("fda", write("a", lines("1-Jan-24"))), column, value)


def test_real_files(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data/standards/fda_import_refusals"
    renamed = Path(shutil.copy(folder / "new_data_2-14-19.csv.gz", tmp_path / "x"))
    assert recognise("fda", renamed).layout == "shrimp_extract"
    got = check("fda", renamed)
    line = ("entry_number", "document_id", "line_number", "line_suffix", "refused_on")
    assert (got.good.height, got.rows_bad, got.good.select(line).n_unique(), got.good["entry_number"].n_unique()) == (
        7_085,
        0,
        5_477,
        2_673,
    )
    entries = dict(got.good.group_by("year").agg(pl.col("entry_number").n_unique()).rows())
    assert (entries[2002], entries[2010], entries[2018]) == (197, 129, 66)
    assert "formulas" in recognise("fda", folder / "FDA_Import_Refusals_2002-2013.xlsx").refused
    assert "without refusals" in recognise("fda", folder / "ACT_SECTION_CHARGES.CSV").refused


def test_fixtures(shared: Path) -> None:
    folder = shared / "fixtures/fda"
    for name in ("REFUSAL_ENTRY_2019_2023.synthetic.zip", "REFUSAL_ENTRY_2019_2023.synthetic.csv"):
        assert check("fda", folder / name).good.height == 12
    pages = [folder / f"api_page{n}.synthetic.json" for n in (1, 2)]
    fda.verify(pages)
    assert [check("fda", p).good.height for p in pages] == [5, 5]
