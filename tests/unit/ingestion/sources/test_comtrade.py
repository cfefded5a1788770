"""UN Comtrade: rows as CSV and as API answers, the cuts that come under HTTP 200, and converted files."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from source_files import check, gzipped, read, recognise, refuses

from ingestion import landing, vintages
from ingestion.comtrade_answer import caps
from ingestion.errors import BadFile
from ingestion.ingest import ingest_table
from ingestion.revisions import held_back
from ingestion.settings import Home
from ingestion.sources import comtrade

Write = Callable[[str, bytes | str], Path]

ROW = {
    "typeCode": "C",
    "freqCode": "A",
    "refPeriodId": 20100101,
    "refYear": 2010,
    "refMonth": 52,
    "period": "2010",
    "reporterCode": 76,
    "flowCode": "M",
    "partnerCode": 32,
    "partner2Code": 0,
    "classificationCode": "H3",
    "classificationSearchCode": "HS",
    "isOriginalClassification": True,
    "cmdCode": "080131",
    "aggrLevel": 6,
    "isLeaf": True,
    "customsCode": "C00",
    "mosCode": "0 ",
    "motCode": 0,
    "netWgt": 0,
    "isNetWgtEstimated": False,
    "cifvalue": 12.5,
    "fobvalue": None,
    "primaryValue": 12.5,
    "legacyEstimationFlag": 0,
    "isReported": True,
    "isAggregate": False,
}


def rows(*changes: dict) -> list[dict]:
    return [{**dict.fromkeys(comtrade.FIELDS), **ROW, **c} for c in changes]


def as_csv(data: list[dict]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(comtrade.FIELDS)
    for r in data:
        writer.writerow(["" if (v := r[f]) is None else str(v).lower() if isinstance(v, bool) else v for f in comtrade.FIELDS])
    return out.getvalue()


def answer(data: list[dict], **head: object) -> str:
    return json.dumps({"elapsedTime": "0.1 secs", "count": len(data), "data": data, "error": "", **head})


MONTHLY = {"freqCode": "M", "refMonth": 3, "period": "201003", "netWgt": 7.5}


def test_csv_and_json_give_the_same_rows(write: Write) -> None:
    data = rows({}, MONTHLY, {"partnerCode": 699})
    plain = read("comtrade", write("a", as_csv(data)))
    packed = read("comtrade", write("b", gzipped(as_csv(data))))
    api = read("comtrade", write("c", answer(data)))
    assert plain.frame.equals(packed.frame) and plain.frame.equals(api.frame)
    assert plain.frame.row(0, named=True) | {"_row": 0} == {
        "freq_code": "A", "year": 2010, "month": None, "period": "2010", "reporter_code": "76", "flow_code": "M", "partner_code": "32",
        "partner2_code": "0", "classification_code": "H3", "cmd_code": "080131", "aggr_level": 6, "customs_code": "C00", "mos_code": "0",
        "mot_code": "0", "net_weight_kg": None, "is_net_weight_estimated": False, "cif_value_usd": 12.5, "fob_value_usd": None,
        "primary_value_usd": 12.5, "is_reported": True, "is_aggregate": False, "_row": 0,
    }  # fmt: skip
    assert plain.frame["month"].to_list() == [None, 3, None]


def test_repeated_key_is_a_fault_and_second_partner_is_not(write: Write) -> None:
    valid = check("comtrade", write("a", as_csv(rows(*[{"partnerCode": i} for i in range(200)], {"partner2Code": 276}))))
    assert valid.rows_bad == 0
    assert check("comtrade", write("b", as_csv(rows(*[{"partnerCode": i} for i in range(200)], {"partnerCode": 7})))).rows_bad == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (answer([], error="Invalid reporter"), "Invalid reporter"),
        (answer([], count=40), "expected 40 rows"),
        (answer(rows({}))[:-40], "complete JSON"),
        (answer([{k: v for k, v in rows({})[0].items() if k != "cmdCode"}]), "column cmdCode"),
    ],
)
def test_answers_that_are_not_whole(write: Write, body: str, message: str) -> None:
    path = write("a", body)
    with pytest.raises(BadFile, match=message):
        comtrade.SOURCE.parse(path, recognise("comtrade", path))


OLD_SITE_HEADER = (
    "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,Reporter Code,Reporter,Reporter ISO,"
    "Partner Code,Partner,Partner ISO,2nd Partner Code,2nd Partner,2nd Partner ISO,Customs Proc. Code,Customs,Mode of Transport Code,"
    "Mode of Transport,Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,Alt Qty Unit Code,Alt Qty Unit,Alt Qty,Netweight (kg),"
    "Gross weight (kg),Trade Value (US$),CIF Trade Value (US$),FOB Trade Value (US$),Flag"
)


def old_site(*changes: dict[str, str]) -> str:
    row = {
        "Classification": "H3", "Year": "2010", "Period": "2010", "Aggregate Level": "6", "Trade Flow Code": "1", "Reporter Code": "76",
        "Partner Code": "32", "Commodity Code": "080131", "Netweight (kg)": "0", "Trade Value (US$)": "12.5", 
        "CIF Trade Value (US$)": "12.5", "Flag": "0",
    }  # fmt: skip
    lines = [",".join((row | c).get(name, "") for name in OLD_SITE_HEADER.split(",")) for c in ({}, *changes)]
    return "\r\n".join([OLD_SITE_HEADER, *lines]) + "\r\n"


def test_rows_of_the_old_site_are_rows_of_today(write: Write) -> None:
    monthly = {"Period": "201003", "Trade Flow Code": "4", "Flag": "6", "Netweight (kg)": "7.5", "Commodity Code": "80131"}
    old = read("comtrade", write("a", old_site(monthly)))
    unsaid = {"isReported": None, "isAggregate": None}
    new = rows(unsaid, {**MONTHLY, **unsaid, "flowCode": "RM", "isNetWgtEstimated": True})
    assert old.frame.equals(read("comtrade", write("b", answer(new))).frame)
    again = (
        old_site(monthly).replace("(US$)", "_US__").replace(" ", "_").replace("2nd_", "X2nd_").replace(",,", ",NA,").replace(",,", ",NA,")
    )
    assert old.frame.equals(read("comtrade", write("c", again)).frame)


def test_faults_of_the_old_site_name_its_columns(write: Write) -> None:
    got = read("comtrade", write("a", old_site({"Trade Value (US$)": "n/a"}, {"Flag": "3"}, {"Period": ""})))
    assert got.bad.select("_row", "column").rows()[:2] == [(2, "Trade Value (US$)"), (3, "Flag")]
    assert set(got.bad["_row"]) == {2, 3, 4} and got.frame.height == 1


def test_body_cut_at_the_cap(write: Write) -> None:
    assert caps() == {500, 100_000, 250_000}
    path = write("a", answer(rows(*[{"partnerCode": i} for i in range(500)])))
    with pytest.raises(BadFile, match="cut without notice"):
        comtrade.verify([path])
    comtrade.verify([write("b", answer(rows({}))), write("c", answer([]))])


def test_renamed_column_is_an_error_of_this_source(write: Write) -> None:
    path = write("a", as_csv(rows({})).replace("primaryValue", "value_usd", 1))
    with pytest.raises(BadFile, match="column primaryValue"):
        comtrade.SOURCE.parse(path, recognise("comtrade", path))


def test_bad_cells_go_to_quarantine(write: Write) -> None:
    got = read("comtrade", write("a", as_csv(rows({}, {"primaryValue": "n/a"}, {"isReported": "perhaps", "partnerCode": 4}))))
    assert got.bad.select("_row", "column", "found").rows() == [(2, "primaryValue", "n/a"), (3, "isReported", "perhaps")]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("refYear,reporterCode,reporterISO,partnerCode,partnerISO,flowCode,cmdCode,months,primaryValue,netWgt,rows\n", "converted"),
        ('"","Classification","Year","Trade_Flow_Code","Reporter_Code","Commodity_Code","Trade_Value__US__"\n', "old Comtrade site"),
        ("\t".join(comtrade.FIELDS) + "\n", "bulk file"),
        ('{"elapsedTime": "0.1", "count": 1, "data": [{"period": 2021, "datasetChecksum": 1}]}', "getDa"),
        ('{"elapsedTime": "0.1", "count": 1, "data": [{"fileUrl": "x"}]}', "bulk files"),
    ],
)
def test_refused(write: Write, header: str, why: str) -> None:
    assert why in (recognise("comtrade", write("a", header)).refused or "")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("freq_code", "Q"),
        ("year", 1900),
        ("month", 13),
        ("period", "2010-01"),
        ("period", "2011"),
        ("reporter_code", "BRA"),
        ("flow_code", "m"),
        ("classification_code", "HS"),
        ("cmd_code", "8"),
        ("customs_code", "0"),
        ("net_weight_kg", -1.0),
        ("primary_value_usd", -0.5),
        ("mos_code", "0 "),
        ("mot_code", ""),
        ("aggr_level", 9),
        ("cif_value_usd", -3.0),
        ("partner_code", None),
    ],
)
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("comtrade", read("comtrade", write("a", as_csv(rows({}, {"partnerCode": 4})))), column, value)


def test_imports_in_a_later_file_replace_no_exports(write: Write, tmp_path: Path) -> None:
    """Else the build is held back for rows that nobody removed, and `prune` drops the exports."""
    home = Home(tmp_path / "home", "main")
    for flow in ("X", "M"):
        ingest_table(home, comtrade.SOURCE, [write(flow, as_csv(rows(*({"flowCode": flow, "partnerCode": 4 * n} for n in range(1, 121)))))])
    landed = landing.receipts(home, "comtrade")
    assert [r.rows_read for r in landed] == [120, 120]
    assert vintages.superseded(comtrade.SOURCE, landed) == set() and held_back(home, comtrade.SOURCE) == {}


@pytest.mark.parametrize("code", ["030231", "030346"])
def test_real_tuna_files(shared: Path, tmp_path: Path, code: str) -> None:
    real = shared / f"data/trade/comtrade_tuna_hs6_monthly/comtrade_M_{code}.csv.gz"
    valid = check("comtrade", real)
    with gzip.open(real, "rt", encoding="utf-8", newline="") as f:
        in_file = sum(1 for _ in csv.reader(f)) - 1
    assert (valid.good.height, valid.rows_bad) == (in_file, 0)
    assert set(valid.good["cmd_code"]) == {code} and valid.good["month"].null_count() == 0
    assert valid.good.filter(pl.col("partner_code") == "0").is_empty()  # no World rows in these files
    renamed = shutil.copy(real, tmp_path / "holiday.photo")
    assert read("comtrade", Path(renamed)).frame.equals(read("comtrade", real).frame)
