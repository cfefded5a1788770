"""World Bank WITS GVC output: six witnesses in one table."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from source_files import check, gzipped, read, recognise, refuses

from ingestion.errors import BadFile
from ingestion.sources import wits_gvc

Write = Callable[[str, bytes | str], Path]

HEAD = "country,sect,t,source,outp,outpd,outptt,gvco,gvcobp,gvcofp,gvcomix"
ROWS = "KEN,1,2015,eora,100,60,30,10,5,3,2\nFIJ,10,2019,adb,50,52,-3,1,0.5,-0.25,0.75\nRoW,6,1995,wiodo,9,9,0,0,0,0,0\n"
FILE = f"{HEAD}\n{ROWS}"


def test_rows_and_origin(write: Write) -> None:
    got = read("wits_gvc", write("a", FILE))
    assert got.frame.select("country_code", "sector_code", "year", "witness", "output_musd", "gvc_forward_musd", "data_origin").rows() == [
        ("KEN", "1", 2015, "eora", 100.0, 3.0, "modelled"),
        ("FIJ", "10", 2019, "adb", 50.0, -0.25, "official"),
        ("RoW", "6", 1995, "wiodo", 9.0, 0.0, "official"),
    ]


def test_copies_with_added_shares_come_second(write: Write) -> None:
    added = ",".join(wits_gvc.ADDED)
    wide = HEAD + "," + added + "\n" + "".join(f"{row}{',' * len(wits_gvc.ADDED)}\n" for row in ROWS.splitlines())
    path = write("a", gzipped(wide))
    assert recognise("wits_gvc", path).layout == "with_added_shares" == list(wits_gvc.SOURCE.layouts)[1]
    assert read("wits_gvc", path).frame.equals(read("wits_gvc", write("b", FILE)).frame)


def test_parts_that_do_not_add_up_are_faults(write: Write) -> None:
    many = "".join(f"KEN,{n % 26 + 1},{1990 + n // 26},eora,100,60,30,10,5,3,2\n" for n in range(200))
    valid = check("wits_gvc", write("a", f"{HEAD}\n{many}GHA,1,2015,eora,100,60,31,10,5,3,2\n"))
    assert valid.bad.select("_row", "expected").rows() == [(201, "output_musd = domestic_musd + traditional_trade_musd + gvc_musd")]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("country,t,outp,gross output,trans_outp_p\n", "converted"),
        ("\ufeffsect,source,sect_name,sect_group\n", "dictionary of sector"),
        ("\ufeffcountry,country_name,Region\n", "dictionary of country"),
    ],
)
def test_refused(write: Write, header: str, why: str) -> None:
    assert why in (recognise("wits_gvc", write("a", header)).refused or "")


def test_renamed_column_is_an_error_of_this_source(write: Write) -> None:
    path = write("a", FILE.replace("gvcofp", "forward", 1))
    with pytest.raises(BadFile, match="column gvcofp"):
        wits_gvc.SOURCE.parse(path, recognise("wits_gvc", path))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("country_code", "404"), ("sector_code", "01"), ("year", 1900), ("witness", "icio"), ("output_musd", -1.0), ("output_musd", 101.0),
        ("gvc_backward_musd", 6.0), ("data_origin", "guessed"),
    ],
)  # fmt: skip
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("wits_gvc", read("wits_gvc", write("a", FILE)), column, value)


REAL = {
    "sector_01_all_sources": 10_217, "sector_02_all_sources": 10_217, "sector_06_all_sources": 10_217, "sector_10_all_sources": 10_217,
    "tiva_5_sectors": 10_010, "adb_5_sectors": 5_040, "wiodo_5_sectors": 3_485, "wiodn_5_sectors": 3_300, "wiodlr_5_sectors": 4_680,
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_files(shared: Path, tmp_path: Path, name: str) -> None:
    real = shared / f"data/value_added/wb_wits_gvc_output/{name}.csv.gz"
    valid = check("wits_gvc", real)
    assert (valid.good.height, valid.rows_bad) == (REAL[name], 0)
    assert read("wits_gvc", Path(shutil.copy(real, tmp_path / "x"))).frame.equals(read("wits_gvc", real).frame)


def test_it_arrives_as_a_file_only() -> None:
    assert wits_gvc.SOURCE.plan is None and wits_gvc.SOURCE.hosts == ()
