"""Strict reading: each way of damage names its place."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from ingestion import tabular, text_stream
from ingestion.errors import BadFile
from ingestion.tabular import Cell, CsvRows
from ingestion.text_stream import open_text

CELLS = {
    "code": Cell("c", pl.String, "a code"),
    "number": Cell("n", pl.Float64, "a number", required=False),
    "flag": Cell("f", pl.Boolean, "true or false", required=False),
}


def rows(path: Path) -> CsvRows:
    with open_text(path, path.name) as stream:
        csv_rows = CsvRows(stream, path.name, CELLS)
        csv_rows.frames = list(csv_rows)  # type: ignore[attr-defined]
    return csv_rows


def write(tmp_path: Path, body: bytes) -> Path:
    path = tmp_path / "x.csv"
    path.write_bytes(body)
    return path


def test_text_stays_text(tmp_path: Path) -> None:
    got = rows(write(tmp_path, b'\xef\xbb\xbfn,c,f\r\n 1.5 , NA ,true\r\n,"010111",\r\n'))
    assert got.frames[0].rows() == [(1, "NA", 1.5, True), (2, "010111", None, None)]
    assert got.rows_read == 2 and not got.faults


def test_short_and_long_rows_and_cells_are_named(tmp_path: Path) -> None:
    got = rows(write(tmp_path, b"c,n,f\na,1,true\nb,2\nc,3,false,9\n,4,true\nd,x,true\ne,5,maybe\nf,nan,\ng,6,true\n"))
    frame, bad = pl.concat(got.frames), pl.concat(got.faults).sort("_row")
    assert frame["_row"].to_list() == [1, 8]
    assert bad["_row"].to_list() == [2, 3, 4, 5, 6, 7]
    assert bad["column"].to_list() == ["f", "after f", "c", "n", "f", "n"]
    assert bad["found"].to_list()[2:] == ["nothing", "x", "maybe", "nan"]
    assert got.rows_read == 8


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
@pytest.mark.parametrize("quoted_from", [0, 20, 40, 100])
def test_blocks_without_quotes_and_the_rest_with_them_count_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quoted_from: int, end: str
) -> None:
    """Wherever the first quote or the end of a block falls, each row is read once, under its own number."""
    lines = [f"{'x' * (n % 9)}a,{n},true" if n < quoted_from else f'"{n}, ""b""",{n},false' for n in range(1, 61)]
    lines[13], lines[47] = "short,1", "long,1,true,4"
    whole = rows(write(tmp_path, ("c,n,f\n" + "\n".join(lines)).encode()))
    body = ("c,n,f\n" + (end or "\n").join(lines) + end).encode()
    for size in (64, 65, 79, 128):
        for module in (tabular, text_stream):
            monkeypatch.setattr(module, "BLOCK_BYTES", size)
        got = rows(write(tmp_path, body))
        assert pl.concat(got.frames).equals(pl.concat(whole.frames)) and got.rows_read == 60
        assert pl.concat(got.faults).sort("_row").select("_row", "column").rows() == [(14, "f"), (48, "after f")]
    assert pl.concat(whole.frames)["number"].to_list() == [n for n in range(1, 61) if n not in (14, 48)]


def test_wrong_encoding_names_row_and_column(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as e:
        rows(write(tmp_path, "c,n,f\na,1,true\nCôte,2,true\n".encode("cp1252")))
    assert (e.value.row, e.value.column) == (2, "number 1")
    assert "0xf4" in e.value.found


def test_missing_column_is_named_with_what_stands_there(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"column n: expected column n, found .*amount"):
        rows(write(tmp_path, b"c,amount,f\na,1,true\n"))


def test_cut_gzip(tmp_path: Path) -> None:
    body = gzip.compress(b"c,n,f\n" + b"".join(b"%d,%d,true\n" % (i, i * 7919) for i in range(5000)))
    with pytest.raises(BadFile, match="damaged"):
        rows(write(tmp_path, body[:-500]))


def test_unclosed_quote_does_not_swallow_the_rest(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="row 2"):
        rows(write(tmp_path, b'c,n,f\na,1,true\n"b,2,true\nc,3,true\nd,4,true\n'))


def test_header_only_and_blank_lines(tmp_path: Path) -> None:
    assert rows(write(tmp_path, b"c,n,f\n")).rows_read == 0
    assert rows(write(tmp_path, b"c,n,f\n\n\n")).rows_read == 0
