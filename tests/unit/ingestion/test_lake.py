"""The lake: same rows give the same bytes, the content hash sees rows and nothing else, no folder is ever empty."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from fake_source import fake, many, text
from ingestion import lake, landing
from ingestion.content_hash import content_sha256
from ingestion.ingest import ingest_files, ingest_table
from ingestion.settings import REPO_ROOT, Home

TABLE = "raw_fake__rows"
NESTED = pl.DataFrame(
    {
        "_row": [1, 2, 3],
        "origins": [["Ghana", "Togo"], [], None],
        "hazards": [[{"name": "Salmonella", "category": None}], [], [{"name": "", "category": "pests"}]],
        "amount": pl.Series(["1.500", None, "0.001"]).cast(pl.Decimal(18, 3)),
        "text": ["NA", "", None],
    },
    schema_overrides={"hazards": pl.List(pl.Struct({"name": pl.String, "category": pl.String}))},
)


def landed_lake(home: Home, folder: Path, **files: str) -> dict[str, bytes]:
    folder.mkdir(exist_ok=True, parents=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    ingest_files(home, [folder], specs={"fake": fake()})
    return {p.relative_to(home.lake).as_posix(): p.read_bytes() for p in sorted((home.lake / TABLE).rglob("*.parquet"))}


def test_content_hash_ignores_the_order_of_rows_and_columns_and_the_trace() -> None:
    shuffled = NESTED.reverse().select(reversed(NESTED.columns)).with_columns(pl.lit("x").alias("_sha256"), pl.col("_row") + 7)
    assert content_sha256(shuffled) == content_sha256(NESTED)


@pytest.mark.parametrize(
    ("column", "value"),
    [("text", pl.lit("")), ("origins", pl.lit(["Ghana, Togo"], dtype=pl.List(pl.String))), ("amount", pl.lit(1).cast(pl.Decimal(18, 3)))],
)
def test_content_hash_sees_every_value(column: str, value: pl.Expr) -> None:
    changed = NESTED.with_columns(pl.when(pl.col("_row") == 3).then(value).otherwise(column).alias(column))
    assert content_sha256(changed) != content_sha256(NESTED)


def test_content_hash_counts_repeated_rows() -> None:
    assert content_sha256(pl.concat([NESTED, NESTED])) != content_sha256(NESTED)


def test_content_hash_is_the_same_in_every_release_of_the_platform() -> None:
    """Pinned as docs/decisions/0012 describes it: when this changes, say so there and in the change log."""
    rows = struct.pack("<3i", 0, 1, 2)  # nulls first: the order of `amount`, which decides
    expected = (
        b"amount\tdecimal 3\n" + b"".join(n.to_bytes(16, "little") for n in (0, 1, 1500)) + b"\1\0\0"
        b'hazards\ttext ["{\\"hazards\\":[]}", "{\\"hazards\\":[{\\"name\\":\\"\\",\\"category\\":\\"pests\\"}]}", '
        b'"{\\"hazards\\":[{\\"name\\":\\"Salmonella\\",\\"category\\":null}]}"]\n' + rows +
        b'origins\ttext ["{\\"origins\\":[\\"Ghana\\",\\"Togo\\"]}", "{\\"origins\\":[]}", "{\\"origins\\":null}"]\n'
        + struct.pack("<3i", 1, 2, 0) +
        b'text\ttext ["", "NA"]\n' + struct.pack("<3i", 1, 0, 2) + b"\0\1\0"
    )  # fmt: skip
    assert content_sha256(NESTED) == hashlib.sha256(expected).hexdigest()


def test_lists_of_numbers_are_hashed_by_their_bytes() -> None:
    """Pinned as above. A missing number is not a zero, an empty list is not a missing one."""
    frame = pl.DataFrame({"uses": [[1.5, -2.0], [0.0], None, []]}, schema={"uses": pl.List(pl.Float64)})

    def digest(*numbers: float, missing: bytes) -> str:
        return hashlib.sha256(struct.pack(f"<{len(numbers)}d", *numbers) + missing).hexdigest()

    texts = sorted([digest(1.5, -2.0, missing=b"\0\0"), digest(0.0, missing=b"\0"), digest(missing=b"")])
    expected = f"uses\ttext {json.dumps(texts)}\n".encode() + struct.pack("<4i", 0, 1, 2, 3) + b"\1\0\0\0"
    assert content_sha256(frame) == hashlib.sha256(expected).hexdigest()
    for other in ([[1.5, -2.0], [None], None, []], [[1.5, -2.0], [0.0], [], []], [[1.5], [-2.0, 0.0], None, []]):
        assert content_sha256(pl.DataFrame({"uses": other}, schema=frame.schema)) != content_sha256(frame)
    assert content_sha256(frame.reverse()) == content_sha256(frame)


def test_parts_lie_by_year_and_carry_their_trace(home: Home, tmp_path: Path) -> None:
    landed_lake(home, tmp_path / "in", a=text(*many(2020), *many(2021, 3)))
    (receipt,) = landing.receipts(home)
    for year, rows in ((2020, 250), (2021, 3)):
        part = pl.read_parquet(lake.part_path(home, TABLE, year, receipt.sha256))
        assert part.columns == ["year", "country", "value", "data_origin", "_sha256", "_row"]
        assert (part.height, set(part["_sha256"]), set(part["data_origin"])) == (rows, {receipt.sha256}, {"official"})
    assert [p["rows"] for p in receipt.parts] == [250, 3]
    by_year = lake.year_parts(home, TABLE)
    assert list(by_year) == [2020, 2021]
    assert {p.file for parts in by_year.values() for p in parts} == {f"{receipt.sha256[:12]}.parquet"}


def test_an_empty_table_can_be_read(home: Home) -> None:
    for spec in (fake(), fake("flat", yearly=False)):
        ingest_table(home, spec, None, specs={})
        query = f"select count(*), min(year) from read_parquet('{home.lake}/{spec.table}/**/*.parquet', hive_partitioning=false)"
        assert duckdb.sql(query).fetchall() == [(0, None)]


def test_a_lost_lake_is_rebuilt_to_the_same_bytes(home: Home, tmp_path: Path) -> None:
    before = landed_lake(home, tmp_path / "in", a=text(*many(2020)), b=text(*many(2021), "2021,C000,1"))
    quarantine = lake.quarantine_path(home, TABLE, next(r.sha256 for r in landing.receipts(home) if r.rows_quarantined))
    for path in (home.lake / TABLE).rglob("*.parquet"):
        path.unlink()
    quarantine.unlink()
    report = ingest_table(home, fake(), None, specs={})
    assert len(report.rebuilt) == 2
    assert {p.relative_to(home.lake).as_posix(): p.read_bytes() for p in sorted((home.lake / TABLE).rglob("*.parquet"))} == before
    assert quarantine.is_file()


def test_parts_without_a_receipt_are_swept(home: Home, tmp_path: Path) -> None:
    before = landed_lake(home, tmp_path / "in", a=text(*many(2020)))
    stray = home.lake / TABLE / "year=2020" / "0123456789ab.parquet"
    stray.write_bytes(b"left by a killed run")
    assert ingest_table(home, fake(), None, specs={}).swept == [stray.name]
    assert set(before) == {p.relative_to(home.lake).as_posix() for p in (home.lake / TABLE).rglob("*.parquet")}


def test_bytes_do_not_depend_on_the_number_of_threads(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, hashlib, polars as pl; from ingestion import lake; from ingestion.content_hash import content_sha256\n"
        "f = pl.DataFrame({'k': range(300_000)})\n"
        "f = f.with_columns((pl.col('k') * 7919 % 300_007).alias('v'), pl.format('C{}', 'k').alias('t'))\n"
        "p = pathlib.Path(sys.argv[1]); lake.write_parquet(f.sort('v'), p)\n"
        "print(hashlib.sha256(p.read_bytes()).hexdigest(), content_sha256(f), pl.thread_pool_size())"
    )
    found = {
        tuple(
            subprocess.run(
                [sys.executable, "-c", code, str(tmp_path / f"{n}.parquet")],
                env=os.environ | {"POLARS_MAX_THREADS": n},
                cwd=REPO_ROOT,
                capture_output=True,
                text=True,
                check=True,
            ).stdout.split()
        )
        for n in ("1", "4")
    }
    assert len({f[2] for f in found}) == 2
    assert len({f[:2] for f in found}) == 1


def test_enumerations_are_text_to_every_reader_and_the_same_bytes_whatever_else_was_read(tmp_path: Path) -> None:
    """Parts of one table have one type; the dictionary in the file is that of its own rows."""
    spec = replace(fake(), key=("year", "country"))
    rows = pl.DataFrame({"year": [2020] * 3, "country": ["GH", "CI", "NA"], "value": [1.0, 2.0, None], "_row": [1, 2, 3]})
    rows = rows.with_columns(pl.col("year").cast(pl.Int16))
    written = {}
    for name, texts in {"text": None, "own": ["CI", "GH", "NA"], "more": ["GH", "NA", "CI", "ZW"]}.items():
        home = Home(tmp_path / name, "main")
        frame = rows.with_columns(pl.col("country").cast(pl.Enum(texts))) if texts else rows
        (part,) = lake.stage_parts(home, spec, "ab" * 32, "official", frame)
        path = lake.staged_path(home, spec.table, 2020, "ab" * 32)
        assert pl.read_parquet(path).schema == lake.lake_schema(spec)
        assert duckdb.sql(f"select typeof(country), country from '{path}'").fetchall() == [("VARCHAR", c) for c in ("CI", "GH", "NA")]
        written[name] = (part["content_sha256"], path.read_bytes())
    assert written["own"] == written["more"] and written["text"][0] == written["own"][0]
