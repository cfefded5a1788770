"""UNCTADstat: downloads of the data centre, three reports of one form."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from source_files import check, gzipped, read, recognise, refuses

from ingestion.errors import BadFile, TerminalError
from ingestion.sources import unctadstat

Write = Callable[[str, bytes | str], Path]

PCI = (
    "Year,Economy,Economy Label,Category,Category Label,Productive Capacities Index,Productive Capacities Index Footnote,"
    "Productive Capacities Index Missing value\r\n"
    "2000,1,Individual economies,0,Overall index,,,Not applicable\r\n"
    "2022,24,Angola,0,Overall index,25.5,All indicators in the category have been imputed.,\r\n"
)
LSCI_INDEX = "Index (Average Q1 2023 = 100)"
LSCI = (
    f"Quarter,Quarter Label,Economy,Economy Label,{LSCI_INDEX},{LSCI_INDEX} Footnote,{LSCI_INDEX} Missing value,"
    '"Growth rate, year-on-year","Growth rate, year-on-year Footnote","Growth rate, year-on-year Missing value"\n'
    '2006Q01,"Q1 2006",024,"Angola",61.5,,,,,"No value reported or collected"\n'
    '2006Q02,"Q2 2006",024,"Angola",62.5,,,1.5,,\n'
)
TRADE = (
    "Year,Economy,Economy Label,Flow,Flow Label,Number of products,Number of products Footnote,Number of products Missing value,"
    "Concentration Index,Concentration Index Footnote,Concentration Index Missing value\n"
    '1995,0000,"World",02,"Exports",261,,,0.05,,\n1995,024,"Angola",02,"Exports",41,,,0.9,Estimated,\n'
)


def test_a_line_gives_a_row_for_each_measure(write: Write) -> None:
    got = read("unctadstat", write("a", LSCI))
    assert got.frame.select("report", "economy_code", "year", "quarter", "measure", "value", "missing_value", "_row").rows() == [
        ("US.LSCI", "024", 2006, 1, LSCI_INDEX, 61.5, None, 1),
        ("US.LSCI", "024", 2006, 1, "Growth rate, year-on-year", None, "No value reported or collected", 2),
        ("US.LSCI", "024", 2006, 2, LSCI_INDEX, 62.5, None, 3),
        ("US.LSCI", "024", 2006, 2, "Growth rate, year-on-year", 1.5, None, 4),
    ]


def test_codes_saved_without_zeros_get_them_back(write: Write) -> None:
    got = read("unctadstat", write("a", PCI)).frame
    assert got.select("economy_code", "category_code", "year", "quarter", "value").rows() == [
        ("001", "0", 2000, None, None), ("024", "0", 2022, None, 25.5),
    ]  # fmt: skip
    assert got["footnote"][1].startswith("All indicators")


def test_flows_and_groups_keep_their_codes(write: Write) -> None:
    got = read("unctadstat", write("a", gzipped(TRADE))).frame
    assert got.select("economy_code", "category_code", "category").unique(maintain_order=True).rows() == [
        ("0000", "02", "Exports"), ("024", "02", "Exports"),
    ]  # fmt: skip


API = (
    "Year,Economy_Code,Economy_Label,Category_Code,Category_Label,Productive_Capacities_Index,Productive_Capacities_Index_Missing_value\n"
    '2022,"516",Namibia,0,Overall index,33.5,\n2022,"024",Angola,0,Overall index,,Not applicable\n'
)


def test_answer_of_the_interface_is_read_as_a_download(write: Write) -> None:
    path = write("a", gzipped(API))
    assert recognise("unctadstat", path).layout == "api_csv"
    got = read("unctadstat", path).frame
    assert got.select("report", "measure", "economy_code", "category_code", "year", "value", "footnote", "missing_value").rows() == [
        ("US.PCI", "Productive Capacities Index", "516", "0", 2022, 33.5, None, None),
        ("US.PCI", "Productive Capacities Index", "024", "0", 2022, None, None, "Not applicable"),
    ]
    unctadstat.verify([path])
    with pytest.raises(BadFile, match="damaged"):
        unctadstat.verify([write("cut", gzipped(API)[:-9])])


def test_plan_names_the_columns_it_will_recognise() -> None:
    (call,) = unctadstat.plan({"report": "US.PCI", "measures": "M9:Productive_Capacities_Index", "years": "2021-2022"})
    assert call.url == "https://unctadstat-user-api.unctad.org/US.PCI/cur/Facts" and call.is_form and call.method == "POST"
    assert call.json["$select"].split(" ,") == [
        "Year", "Economy/Code as Economy_Code", "Economy/Label as Economy_Label", "Category/Code as Category_Code",
        "Category/Label as Category_Label", "M9/Value as Productive_Capacities_Index",
        "M9/MissingValue/Label as Productive_Capacities_Index_Missing_value",
    ]  # fmt: skip
    assert (call.json["$filter"], call.json["compress"]) == ("Year in (2021,2022)", "gz")
    for args in ({"report": "US.LSCI", "measures": "M9:Index"}, {"report": "US.PCI", "measures": "M9:Growth"}):
        with pytest.raises(TerminalError, match=r"expected a report with its measures \(US.PCI: Productive_Capacities_Index"):
            list(unctadstat.plan(args))


def test_broken_lines_and_cells_are_named(write: Write) -> None:
    got = read("unctadstat", write("a", LSCI.replace("62.5", "n.a.") + '2006Q5,"Q5",024,"Angola",1,,,1,,\n2006Q03,"Q3 2006",024\n'))
    assert got.bad.select("_row", "column", "found").rows() == [
        (3, "value", "n.a."), (5, "period", "2006Q5"), (6, "period", "2006Q5"), (7, "Economy Label", '3 cells: 2006Q03,"Q3 2006",024'),
    ]  # fmt: skip
    assert got.rows_read == 7


@pytest.mark.parametrize(("found", "replaced"), [("Economy Label", "Name"), (",Year", ",Jahr"), ("Index Missing value", "Index Gap")])
def test_renamed_column(write: Write, found: str, replaced: str) -> None:
    path = write("a", ("," + PCI).replace(found, replaced, 1)[1:])
    with pytest.raises(BadFile, match="column"):
        unctadstat.SOURCE.parse(path, recognise("unctadstat", path))


def test_cut_and_wrong_encoding(write: Write) -> None:
    cut = write("cut", gzipped(TRADE * 50)[:-9])
    with pytest.raises(BadFile, match="damaged"):
        unctadstat.SOURCE.parse(cut, recognise("unctadstat", cut))
    latin = write("latin", TRADE.replace("Angola", "Côte d'Ivoire").encode("cp1252"))
    with pytest.raises(BadFile, match="byte 0xf4"):
        unctadstat.SOURCE.parse(latin, recognise("unctadstat", latin))


@pytest.mark.parametrize(
    ("column", "value"),
    [("economy_code", "24"), ("year", 1900), ("value", 101.0), ("value", -1.0), ("category_code", "overall"), ("report", "US.Other")],
)
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("unctadstat", read("unctadstat", write("a", PCI)), column, value)


# Lines of SOURCE.md, measures a line, economies with three digits and a value.
REAL = {"US_PCI": (54_234, 1), "US_ConcentDiversIndices": (16_724, 3), "US_LSCI": (13_740, 4)}


@pytest.mark.parametrize("name", REAL)
def test_real_downloads(shared: Path, tmp_path: Path, name: str) -> None:
    lines, measures = REAL[name]
    valid = check("unctadstat", Path(shutil.copy(shared / f"data/capabilities/unctadstat/{name}.csv.gz", tmp_path / "x")))
    assert (valid.good.height, valid.rows_bad) == (lines * measures, 0)


def test_real_lowest_and_highest(shared: Path) -> None:
    import polars as pl

    got = read("unctadstat", shared / "data/capabilities/unctadstat/US_PCI.csv.gz").frame
    overall = got.filter((pl.col("year") == 2022) & (pl.col("category_code") == "0") & (pl.col("economy_code").str.len_chars() == 3))
    ranked = overall.drop_nulls("value").sort("value")
    assert ranked["economy"].head(3).to_list() == ["Niger", "Malawi", "Chad"] and ranked["economy"].tail(1).item() == "Denmark"
    assert got["value"].null_count() == 1_242


def test_fixture_without_a_measure_is_refused(shared: Path, tmp_path: Path) -> None:
    path = shared / "fixtures/unctadstat/US.TradeMerchTotal.synthetic.csv.gz"
    assert "measure is unknown" in (recognise("unctadstat", path).refused or "")
    plain = tmp_path / "x"
    plain.write_bytes(gzip.decompress(path.read_bytes()))
    assert recognise("unctadstat", plain).refused
