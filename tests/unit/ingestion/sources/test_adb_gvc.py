"""Statistics of the ADB's team: three Parquet files of one form."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from source_files import check, read, recognise, refuses

from ingestion.errors import BadFile
from ingestion.sources import adb_gvc

Write = Callable[[str, bytes | str], Path]

LABELS = {"t": [2020, 2020], "s": [1, 2], "agg": [0, 0], "i": [0, 0]}
GVCP = pl.DataFrame(
    LABELS
    | {"Exports": [100.0, 0.0], "va": [400.0, 5.0], "GVC_trade_f": [25.0, 0.0], "GVC_trade_b": [30.0, 0.0], "GVC_trade": [55.0, 0.0]}
    | {"GVC_prod": [20.0, 0.0], "GVCP_trade_f": [0.25, float("nan")], "GVCP_trade_b": [0.3, None], "GVCP_trade": [0.55, None]}
    | {"GVCP_prod": [0.05, 0.0]},
)


def saved(frame: pl.DataFrame, path: Path) -> Path:
    frame.write_parquet(path)
    return path


def test_rows(tmp_path: Path) -> None:
    got = read("adb_gvc", saved(GVCP, tmp_path / "a")).frame
    assert got.select("statistics", "edition", "year", "economy_number", "sector_level", "sector_number", "data_origin", "_row").rows() == [
        ("participation", "ADB MRIO 1", 2020, "1", 0, "0", "modelled", 1),
        ("participation", "ADB MRIO 1", 2020, "2", 0, "0", "modelled", 2),
    ]
    assert got.select("exports_musd", "forward_share", "backward_share", "participation_share", "rca", "plv").rows() == [
        (100.0, 0.25, 0.3, 0.55, None, None), (0.0, None, None, None, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (GVCP.rename({"GVCP_trade": "GVCP"}), "column GVCP_trade"),
        (GVCP.with_columns(pl.col("Exports").cast(pl.String)), "column Exports: expected numbers, found String"),
        (GVCP.with_columns(pl.col("s").cast(pl.Float64)), "column s: expected whole numbers"),
        (GVCP.with_columns(s=pl.Series([1, 3])), "without a gap"),
    ],
)
def test_changed_columns(tmp_path: Path, frame: pl.DataFrame, message: str) -> None:
    path = saved(frame, tmp_path / "a")
    with pytest.raises(BadFile, match=message):
        adb_gvc.SOURCE.parse(path, recognise("adb_gvc", path))


def test_damaged_in_the_middle(tmp_path: Path) -> None:
    path = saved(pl.concat([GVCP] * 500).with_columns(va=pl.int_range(1000).cast(pl.Float64)), tmp_path / "a")
    recognition, body = recognise("adb_gvc", path), bytearray(path.read_bytes())
    body[200:400] = b"\xff" * 200
    path.write_bytes(body)
    with pytest.raises(BadFile, match="readable Parquet file"):
        adb_gvc.SOURCE.parse(path, recognition)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("statistics", "other"),
        ("year", 1990),
        ("economy_number", "AUS"),
        ("sector_level", 6),
        ("participation_share", 0.6),
        ("data_origin", "official"),
    ],
)
def test_schema_refuses(tmp_path: Path, column: str, value: object) -> None:
    many = pl.concat([GVCP.head(1).with_columns(s=pl.lit(n, dtype=pl.Int64)) for n in range(1, 74)])
    assert refuses("adb_gvc", read("adb_gvc", saved(many, tmp_path / "a")), column, value)


def test_refused(tmp_path: Path, write: Write) -> None:
    summary = pl.DataFrame({c: [1] for c in ("t", "s", "i", "i5", "i15", "x", "zuse", "va", "zsales", "y")})
    assert "totals of the tables" in (recognise("adb_gvc", saved(summary, tmp_path / "a")).refused or "")
    assert "without figures" in (recognise("adb_gvc", write("b", "mrio,code,iso_a3,name,region\n1,AUS,AUS,Australia,\n")).refused or "")


REAL = {"gvcp": (24_528, "participation"), "production_lengths": (24_528, "lengths"), "rca": (24_090, "advantage")}


@pytest.mark.parametrize("name", REAL)
def test_real_files(shared: Path, tmp_path: Path, name: str) -> None:
    renamed = Path(shutil.copy(shared / f"data/value_added/adb_mrio_gvc/{name}_72c_2017_2022.parquet", tmp_path / "x"))
    valid = check("adb_gvc", renamed)
    assert (valid.good.height, valid.rows_bad) == (REAL[name][0], 0)
    assert set(valid.good["statistics"]) == {REAL[name][1]} and set(valid.good["edition"]) == {"ADB MRIO 72"}
