"""WITS tariffs: both forms of SDMX-ML, the zero that is none, damage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from source_files import check, read, recognise, refuses

from ingestion.errors import BadFile, TerminalError
from ingestion.sources import wits_tariffs

Write = Callable[[str, bytes | str], Path]
SERIES = '<Series FREQ="A" DATATYPE="Reported" PRODUCTCODE="{code}" PARTNER="000" REPORTER="918">{obs}</Series>'
OBS = (
    '<Obs TIME_PERIOD="2021" OBS_VALUE="{value}" TARIFFTYPE="MFN" OBS_VALUE_MEASURE="SimpleAverage" TOTALNOOFLINES="{lines}" '
    'NBR_NA_LINES="{without}" MIN_RATE="{value}" MAX_RATE="9" NOMENCODE="H5"/>'
)
GENERIC = """<message:GenericData xmlns:message="m" xmlns:generic="g"><message:DataSet><generic:Series><generic:SeriesKey>
<generic:Value id="REPORTER" value="404"/><generic:Value id="PARTNER" value="000"/><generic:Value id="PRODUCTCODE" value="080131"/>
<generic:Value id="DATATYPE" value="Reported"/></generic:SeriesKey>
<generic:Obs><generic:ObsDimension value="2021"/><generic:ObsValue value="10"/><generic:Attributes>
<generic:Value id="TARIFFTYPE" value="MFN"/><generic:Value id="OBS_VALUE_MEASURE" value="SimpleAverage"/></generic:Attributes></generic:Obs>
</generic:Series></message:DataSet></message:GenericData>"""


def message(*series: str) -> str:
    return f'<?xml version="1.0"?><m:StructureSpecificData xmlns:m="m"><m:DataSet>{"".join(series)}</m:DataSet></m:StructureSpecificData>'


def one(code: str = "080131", value: str = "0", lines: int = 3, without: int = 0) -> str:
    return SERIES.format(code=code, obs=OBS.format(value=value, lines=lines, without=without))


def test_zero_is_a_rate_unless_no_line_has_one(write: Write) -> None:
    path = write("renamed", message(one("080131"), one("040110", without=3), one("170111", "7.5", without=1)))
    assert recognise("wits_tariffs", path).layout == "sdmx_xml"
    got = check("wits_tariffs", path)
    assert got.rows_bad == 0
    assert got.good.select("hs6", "rate_percent", "max_percent").rows() == [
        ("080131", 0.0, 9.0),
        ("040110", None, None),
        ("170111", 7.5, 9.0),
    ]
    assert got.good["datatype"].unique().to_list() == ["reported"] and got.good["year"].to_list() == [2021] * 3


def test_generic_form(write: Write) -> None:
    got = check("wits_tariffs", write("g", "\ufeff" + GENERIC))
    row = got.good.row(0, named=True)
    assert (row["reporter_code"], row["hs6"], row["year"], row["rate_percent"], row["n_lines"]) == ("404", "080131", 2021, 10.0, None)


def test_damage_and_drift(write: Write) -> None:
    with pytest.raises(BadFile, match="complete XML"):
        read("wits_tariffs", write("cut", message(one())[:-20]))
    with pytest.raises(BadFile, match="attribute TARIFFTYPE"):
        path = write("renamed", message(one()).replace("TARIFFTYPE", "TARIFF_TYPE"))
        wits_tariffs.parse(path, wits_tariffs.Recognition("sdmx_xml"))
    got = read("wits_tariffs", write("bad", message(one(value="free"), one("180100"))))
    assert got.bad.select("_row", "column", "found").rows() == [(1, "OBS_VALUE", "free"), (1, "MIN_RATE", "free")]
    assert recognise("wits_tariffs", write("page", "<html>no data</html>")) is None
    assert recognise("wits_tariffs", write("json", '{"dataSets": [], "structure": "TARIFFTYPE"}')).refused
    assert check("wits_tariffs", write("twice", message(one(), one(value="5")))).rows_bad == 2, (
        "two rates of one key: nobody knows which is right"
    )


def test_plan() -> None:
    calls = [r.url for r in wits_tariffs.plan({"reporters": "404,918", "years": "2020-2021"})]
    assert len(calls) == 4 and calls[0].endswith("/TRN/reporter/404/partner/000/product/all/year/2020/datatype/reported")
    members = [r.url.split("/reporter/")[1][:3] for r in wits_tariffs.plan({"reporters": "ACP,918", "years": "2020"})]
    assert (members[0], members[-1], len(members)) == ("024", "918", 80)
    with pytest.raises(TerminalError, match="datatype must be"):
        list(wits_tariffs.plan({"reporters": "404", "years": "2020", "datatype": "ave"}))


@pytest.mark.parametrize(
    ("column", "value"), [("hs6", "80131"), ("reporter_code", "4"), ("rate_percent", -1.0), ("datatype", "guess"), ("year", 1900)]
)
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("wits_tariffs", read("wits_tariffs", write("a", message(one()))), column, value)


def test_fixture(shared: Path) -> None:
    got = check("wits_tariffs", shared / "fixtures/wits/TRN_404_2021.synthetic.xml")
    assert dict(got.good.select("hs6", "rate_percent").rows())["610910"] == 35.0 and got.good.height == 5
