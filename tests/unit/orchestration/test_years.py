"""A year is built again when its inputs, its rivals for priority or the code changed, and after a run that did not end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion import landing
from ingestion.drop import InputRecord
from ingestion.receipt import Receipt
from ingestion.settings import Home
from orchestration import years


def _receipt(sha256: str, content: dict[int, str], vintage: str = "") -> Receipt:
    parts = [{"year": y, "rows": 1, "content_sha256": c} for y, c in content.items()]
    values = {
        **dict.fromkeys(("layout", "licence", "parser"), "x"),
        **{"source": "baci", "table": "raw_baci__flows", "layout_rank": 0, "batch": sha256, "batch_size": 1, "request": {}, "headers": {}},
        **{"retrieved_at": "2024-01-01T00:00:00Z", "sha256": sha256, "content_sha256": sha256, "duplicate_of": None, "size_bytes": 1},
        **{"vintage": vintage, "may_redistribute": True, "data_origin": "official", "rows_read": 1, "rows_quarantined": 0},
        **{"first_year": None, "last_year": None, "parts": parts, "partition_columns": [], "partitions": {}},
    }
    return Receipt.from_json(json.dumps(values))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path, "main")
    landing.write_receipt(home, _receipt("a" * 64, {2020: "p", 2021: "q"}, "V1"))
    return home


def test_unchanged_years_are_skipped(home: Home) -> None:
    plan = years.plan_years(home, "code")
    assert plan.rebuild == [2020, 2021]
    years.remember(home, plan)
    assert years.plan_years(home, "code").rebuild == []
    assert years.plan_years(home, "code", rebuild_all=True).rebuild == [2020, 2021]


def test_new_part_of_one_year_rebuilds_that_year(home: Home) -> None:
    years.remember(home, years.plan_years(home, "code"))
    landing.write_receipt(home, _receipt("b" * 64, {2021: "r"}, "V1"))
    assert years.plan_years(home, "code").rebuild == [2021]


def test_blocked_table_rebuilds_every_year(home: Home) -> None:
    """A damaged file in the last input takes the table out of every year, and mending it brings them back."""
    years.remember(home, years.plan_years(home, "code"))
    record = InputRecord(finished=True, files={"b" * 64: {"names": ["x"], "status": "rejected", "problem": "cut", "current": True}})
    record.write(home, "raw_baci__flows")
    assert years.plan_years(home, "code").rebuild == [2020, 2021]


def test_exports_by_heading_rebuild_their_year(home: Home) -> None:
    """Complexity has lists of them in its files of a year: a year that only they have is a year of the lake."""
    years.remember(home, years.plan_years(home, "code"))
    receipt = replace(_receipt("c" * 64, {1962: "s", 2021: "t"}), source="hs4_exports", table="raw_hs4_exports__cross_sections")
    landing.write_receipt(home, receipt)
    assert years.plan_years(home, "code").rebuild == [1962, 2021]


def test_functions_of_python_models_belong_to_the_code_of_a_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    function = tmp_path / "indicators" / "complexity.py"
    function.parent.mkdir()
    function.write_text("one")
    monkeypatch.setattr(years, "REPO_ROOT", tmp_path)
    before = years.code_fingerprint()
    function.write_text("two")
    assert years.code_fingerprint() != before


def test_other_code_rebuilds_every_year(home: Home) -> None:
    years.remember(home, years.plan_years(home, "code"))
    assert years.plan_years(home, "other code").rebuild == [2020, 2021]


def test_forgotten_years_are_rebuilt(home: Home) -> None:
    """What a killed run leaves: years are forgotten before dbt starts."""
    years.remember(home, years.plan_years(home, "code"))
    years.forget(home, [2020])
    assert years.plan_years(home, "code").rebuild == [2020]


def test_years_that_left_the_lake_lose_their_files(home: Home) -> None:
    old = home.warehouse / "yearly" / "fct_trade" / "year=1999.parquet"
    old.parent.mkdir(parents=True)
    old.touch()
    years.remember(home, years.plan_years(home, "code"))
    assert not old.exists()


def test_code_is_what_dbt_compiles_and_the_lock(tmp_path: Path) -> None:
    (tmp_path / "p" / "target").mkdir(parents=True)
    (tmp_path / "p" / "m.sql").write_text("select 1")
    lock = tmp_path / "lock"
    lock.write_text("duckdb==1")
    first = years.code_fingerprint(tmp_path / "p", lock)
    (tmp_path / "p" / "target" / "run.sql").write_text("written by dbt")
    assert years.code_fingerprint(tmp_path / "p", lock) == first
    lock.write_text("duckdb==2")
    second = years.code_fingerprint(tmp_path / "p", lock)
    (tmp_path / "p" / "m.sql").write_text("select 2")
    assert len({first, second, years.code_fingerprint(tmp_path / "p", lock)}) == 3
