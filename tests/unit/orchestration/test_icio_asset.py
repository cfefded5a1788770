"""Measures of tables: computed once for each content, and a table that cannot be solved says why and gives no number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from ingestion import icio_lake
from ingestion.ingest import ingest_files
from ingestion.registry import all_sources
from ingestion.sample import icio as sample
from ingestion.settings import Home
from orchestration.assets import icio

YEARS = range(1990, 2030)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the sample's tables only."""
    folder = tmp_path_factory.mktemp("icio")
    (folder / "in").mkdir()
    sample.write(folder / "in")
    home = Home(folder / "home", "sample")
    (folder / "in" / "ACPGVC-SAMPLE.txt").write_text("synthetic")
    ingest_files(home, [folder / "in"], specs={"oecd_icio": all_sources()["oecd_icio"]})
    return home


def _rows(home: Home, name: str) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(p) for p in sorted((home.lake / name).glob("*-*.parquet"))], how="vertical")


def test_every_table_is_measured_once(home: Home) -> None:
    tables = list(icio_lake.tables_in_use(home))
    assert len(tables) == 3
    assert icio.measure_tables(home, tables, YEARS, print) == tables
    assert icio.measure_tables(home, tables, YEARS, print) == []
    for name, empty in icio.empty_tables().items():
        assert dict(_rows(home, name).schema) == dict(empty.schema), name
    icio_home = _rows(home, "num_icio__measures")
    assert set(icio_home["data_origin"]) == {"sample"}
    totals = icio_home.filter(pl.col("sector") == "ALL")
    parts = icio_home.filter(pl.col("sector") != "ALL").group_by("year", "country").agg(pl.col("bm_source_exgr_musd").sum())
    joined = totals.join(parts, on=["year", "country"], suffix="_sum")
    assert joined.height == totals.height
    assert np.allclose(joined["bm_source_exgr_musd"], joined["bm_source_exgr_musd_sum"], rtol=1e-12)


def test_identities_hold_and_a_broken_one_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    icio.measure_tables(home, list(icio_lake.tables_in_use(home)), YEARS, print)
    assert icio.violated(home) == []
    monkeypatch.setattr(icio, "LARGEST_VIOLATION", -1.0)
    assert all("ICIO 2025 20" in text for text in icio.violated(home))


def test_a_table_that_cannot_be_solved_gives_a_reason_and_no_number(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    table = next(iter(icio_lake.tables_in_use(home)))
    cells = icio_lake.read_table(home, table)
    cells = replace(cells, intermediate=cells.intermediate.copy())
    cells.intermediate[0, 0] = np.nan
    monkeypatch.setattr(icio_lake, "read_table", lambda *_: cells)
    found = icio.records(home, table)
    assert [frame.height for frame in found.values()] == [1, 0, 0, 0]
    assert "expected a finite number" in found["num_icio__tables"]["problem"][0]


def test_a_table_that_left_takes_its_measures_with_it(home: Home) -> None:
    tables = list(icio_lake.tables_in_use(home))
    icio.measure_tables(home, tables, YEARS, print)
    assert icio.measure_tables(home, tables[:1], {t.year for t in tables}, print) == []
    assert set(_rows(home, "num_icio__measures")["year"]) == {tables[0].year}
