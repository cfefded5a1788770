"""ADB MRIO, the sheet as CSV: a toy of two economies with two industries, with and without the line of numeric codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from source_files import check, read, recognise, refuses

from ingestion.errors import BadFile
from ingestion.sample.wire import xlsx_bytes

Write = Callable[[str, bytes | str], Path]

USES = [[10, 20, 5, 5], [10, 10, 0, 20], [5, 5, 40, 10], [0, 15, 20, 30]]
FINAL = [[50, 5, 5, 0], [40, 10, 10, 0], [10, 0, 120, 10], [0, 5, 110, 20]]
OUTPUT = [100, 100, 200, 200]
TAXES, MARGIN = [5, 2, 10, 5], [1, 2, 3, 4]
VALUE_ADDED = [69, 46, 122, 126]  # output less column sums (25, 50, 65, 65), taxes and margins


def sheet(numeric_codes: bool = False, title: str = "Multiregional Input-Output Table 2022") -> str:
    empty = "," * 12
    lines = [title + empty, f'"62 economies, at current prices (industry by industry)"{empty}', f"In millions of US${empty}", empty]
    if numeric_codes:
        lines.append(",,,,0001,0002,0001,0002,1001,1002,1001,1002,")
    lines += [
        ',,,,"Agriculture, hunting",Mining,"Agriculture, hunting",Mining,Household,Government,Household,Government,TOTAL',
        ",,,,PRC,PRC,RoW,RoW,PRC,PRC,RoW,RoW,ToT",
        ",,,,c1,c2,c1,c2,F1,F2,F1,F2",  # the total has no code
    ]
    labels = [("PRC", "c1"), ("PRC", "c2"), ("RoW", "c1"), ("RoW", "c2")]
    lines += [f',"Name, long",{e},{c},' + ",".join(map(str, [*USES[i], *FINAL[i], OUTPUT[i]])) for i, (e, c) in enumerate(labels)]
    below = {"r60": [25, 50, 65, 65], "r99": TAXES, "r61": [0] * 4, "r64": VALUE_ADDED, "trs": MARGIN, "r69": OUTPUT}
    lines += [f",Name,TOT,{code}," + ",".join(map(str, [*values, 0, 0, 0, 0, 0])) for code, values in below.items()]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("numeric_codes", [False, True])
def test_rows(write: Write, numeric_codes: bool) -> None:
    got = check("adb_mrio", write("a", sheet(numeric_codes))).good
    assert got.row(2) == (
        "ADB MRIO 1", 2022, "RoW", "c1", 3, [5, 5, 40, 10], [10, 0, 120, 10],
        ["PRC:F1", "PRC:F2", "RoW:F1", "RoW:F2"], 200.0, 122.0, 10.0, 3,
    )  # fmt: skip
    assert got["country"].to_list() == ["PRC", "PRC", "RoW", "RoW"]


@pytest.mark.parametrize(
    ("found", "replaced", "message"),
    [
        ("Table 2022", "Table", r"column number 1: expected a title that ends with the year"),
        ("PRC,c1,10", "PRC,c1,", r"row 1, column PRC:c1: expected a number in every cell"),
        ("PRC,c1,10", "PRC,c1,11", r"row sum .* of PRC:c1 to be its output, 100 .*found 101"),
        (",trs,1,", ",trs,9,", r"column sum .* of PRC:c1 to be its output, 100 .*found 108"),
        (",r64,", ",r65,", r"a row r64, value added"),
        (",ToT", ",Sum", r"a last column with the total"),
    ],
)
def test_damage(write: Write, found: str, replaced: str, message: str) -> None:
    body = sheet()
    assert found in body
    with pytest.raises(BadFile, match=message):
        read("adb_mrio", write("a", body.replace(found, replaced, 1)))


def test_what_is_refused_or_left_alone(write: Write) -> None:
    constant = recognise("adb_mrio", write("a", sheet().replace("at current prices", "at constant 2010 prices")))
    assert constant and "constant prices" in str(constant.refused)
    workbook = recognise("adb_mrio", write("b", xlsx_bytes("ADB MRIO 2022", [["Multiregional Input-Output Table 2022"]])))
    assert workbook and "save the publisher's sheet as CSV" in str(workbook.refused)
    assert recognise("adb_mrio", write("c", "Input-Output Table 2022,,\n")) is None
    assert recognise("wiod", write("d", sheet())) is None


@pytest.mark.parametrize(("column", "value"), [("edition", "ADB MRIO"), ("country", "China"), ("sector", "")])
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("adb_mrio", read("adb_mrio", write("a", sheet())), column, value)
