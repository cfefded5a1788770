"""Each generic test of the dbt project passes on good rows and fails on bad ones; yearly_parquet writes what it says."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MACROS = ROOT / "dbt_project" / "macros"

COLUMNS = "(id, k, share, year, x, row_status)"
MODELS = {
    "good": f"select * from (values (1, 'a', 0.25, 2001, 1, 'kept'), (1, 'b', 0.75, 2001, 2, 'superseded')) as t {COLUMNS}",
    "bad": f"select * from (values (1, 'a', 0.5, 2001, 1, 'kept'), (1, 'a', 2.0, 2001, null, 'kept')) as t {COLUMNS}",
    "empty": "select 1 as id where false",
}
# case -> (generic test, arguments, column it stands on)
CASES: dict[str, tuple[str, dict[str, object], str | None]] = {
    "unique_per_year": ("unique_per_year", {"columns": ["id", "k"]}, None),
    "sums_to": ("sums_to", {"group_by": ["id"]}, "share"),
    "relationships_where": ("relationships_where", {"to": "ref('good')", "field": "share", "from_where": "share > 0.5"}, "share"),
    "key": ("sound", {"key": ["id", "k"]}, None),
    "kept_key": ("sound", {"key": ["id", "share"], "kept_key": ["id"]}, None),
    "between": ("sound", {"between": {"share": [0, 1]}}, None),
    "at_most": ("sound", {"between": {"share": [None, 1]}}, None),
    "accepted": ("sound", {"accepted": {"share": [0.25, 0.75]}}, None),
    "refers": ("sound", {"refers": {"share": "good.share"}}, None),
    "not_null": ("sound", {"not_null": ["x"]}, None),
    "holds": ("sound", {"holds": {"a share is at most 1": "share <= 1"}, "key": ["id", "share"]}, None),
}


def _yml() -> str:
    models = []
    for model in ("good", "bad"):
        table_tests, column_tests = [], []
        for case, (test, arguments, column) in CASES.items():
            entry = {test: {"name": f"{case}__{model}", "arguments": arguments}}
            (column_tests if column else table_tests).append(entry)
        models.append(
            {
                "name": model,
                "data_tests": [*table_tests, {"not_empty": {"name": f"not_empty__{model}"}}],
                "columns": [{"name": "share", "data_tests": column_tests}],
            }
        )
    models.append({"name": "empty", "data_tests": [{"not_empty": {"name": "not_empty__empty"}}]})
    columns = [{"name": "year", "data_type": "smallint"}, {"name": "n", "data_type": "integer"}]
    models += [{"name": n, "config": {"contract": {"enforced": True}}, "columns": columns} for n in ("grown", "looking_back", "priced")]
    return json.dumps({"models": models})  # JSON is YAML


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("dbt")
    for folder in ("models", "yearly", "windows"):
        (home / folder).mkdir()
    shutil.copytree(MACROS / "tests", home / "macros" / "tests")
    shutil.copytree(MACROS / "materializations", home / "macros" / "materializations")
    shutil.copy(MACROS / "years.sql", home / "macros")
    (home / "dbt_project.yml").write_text("name: tiny\nprofile: tiny\nflags: {send_anonymous_usage_stats: false}\n")
    (home / "profiles.yml").write_text(f"tiny: {{target: t, outputs: {{t: {{type: duckdb, path: '{home}/t.duckdb', threads: 1}}}}}}\n")
    for name, sql in MODELS.items():
        (home / "models" / f"{name}.sql").write_text(sql)
    (home / "models" / "grown.sql").write_text(
        "{{ config(materialized='yearly_parquet', meta={'key': ['year', 'n']}) }}\n"
        "select cast(year as smallint) as year, cast(n as integer) as n\n"
        "from (values (2001, 2), (2001, 1), (2002, 3)) as t (year, n) where {{ this_year('year') }}"
    )
    (home / "models" / "looking_back.sql").write_text(
        "{{ config(materialized='yearly_parquet', meta={'key': ['year'], 'years_back': 1}) }}\n"
        "select cast(own.year as smallint) as year, cast(count(*) as integer) as n\n"
        "from range(2001, 2005) as own (year), range(2001, 2005) as seen (year)\n"
        "where {{ this_year('own.year') }} and {{ this_window('seen.year', 1) }} and seen.year between own.year - 1 and own.year\n"
        "group by all"
    )
    (home / "models" / "priced.sql").write_text(
        "{{ config(materialized='yearly_parquet', meta={'key': ['year'], 'base_years': [2001, 2002]}) }}\n"
        "select cast(year as smallint) as year, cast(1 as integer) as n from range(2001, 2005) as t (year) where {{ this_year('year') }}"
    )
    (home / "models" / "all.yml").write_text(_yml())
    return home


def _invoke(project: Path, command: str, years: list[int], changed: list[int]) -> dict[str, str]:
    """Node name -> status of one dbt call in process."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ |= {"ACPGVC_WAREHOUSE": str(project), "ACPGVC_ALL_YEARS": json.dumps(years), "ACPGVC_YEARS": json.dumps(changed)}
    try:
        places = ["--project-dir", str(project), "--profiles-dir", str(project)]
        done = dbtRunner().invoke([command, "-q", *places, "--log-level-file", "none"])
    finally:
        DuckDBConnectionManager.close_all_connections()
    assert done.exception is None, done.exception
    return {r.node.name: str(r.status) for r in done.result.results}


def test_every_generic_test_passes_and_fails(project: Path) -> None:
    _invoke(project, "run", [2001, 2002], [])
    status = _invoke(project, "test", [2001, 2002], [])
    for name in [*CASES, "not_empty"]:
        assert status[f"{name}__good"] == "pass", name
    for name in CASES:
        assert status[f"{name}__bad"] == "fail", name
    assert status["not_empty__empty"] == "fail"
    defined = {p.stem for p in (MACROS / "tests").glob("*.sql")}
    assert defined <= {*(test for test, *_ in CASES.values()), "not_empty"}, "a generic test without a passing and a failing case"


def test_sound_names_each_broken_rule_and_counts_its_rows(project: Path) -> None:
    import duckdb

    rules = {"x is not null": "x is not null", "small": "share < 100"}
    (project / "models" / "twice.sql").write_text("select * from {{ ref('bad') }}")
    arguments = {"key": ["id", "k"], "between": {"share": [0, 1]}, "holds": rules}
    tests = [{"sound": {"name": "twice_is_sound", "arguments": arguments, "config": {"store_failures": True, "schema": "found"}}}]
    (project / "models" / "twice.yml").write_text(json.dumps({"models": [{"name": "twice", "data_tests": tests}]}))
    _invoke(project, "run", [2001, 2002], [])
    _invoke(project, "test", [2001, 2002], [])
    with duckdb.connect(str(project / "t.duckdb"), read_only=True) as con:
        found = dict(con.execute("select rule, n_rows from main_found.twice_is_sound").fetchall())
    assert found == {"x is not null": 1, "share between 0 and 1": 1, "one row for each id, k": 1}


def test_tables_and_views_are_replaced_whole_or_not_at_all(project: Path) -> None:
    import duckdb

    def built(sql: str) -> tuple[str, list[tuple[int]], list[tuple[int]]]:
        """Status of the run, rows of the model, rows of the Python model that reads it."""
        (project / "models" / "kind.sql").write_text(sql)
        status = _invoke(project, "run", [], [])
        with duckdb.connect(str(project / "t.duckdb"), read_only=True) as con:
            return status["kind"], con.execute("from kind").fetchall(), con.execute("from in_python").fetchall()

    (project / "models" / "in_python.py").write_text("def model(dbt, session):\n    return dbt.ref('kind').df()\n")
    table, view = ("{{ config(materialized='" + kind + "') }} select " for kind in ("table", "view"))
    for n, kind in enumerate((table, table, view, table)):
        assert built(f"{kind} {n} as n") == ("success", [(n,)], [(n,)])
    assert built(f"{table} cast('x' || range as integer) from range(3)") == ("error", [(3,)], [(3,)])
    for name in ("kind.sql", "in_python.py"):
        (project / "models" / name).unlink()


def test_yearly_parquet_keeps_unchanged_years_and_drops_gone_ones(project: Path) -> None:
    import duckdb

    def rows() -> list[tuple[int, int]]:
        with duckdb.connect(str(project / "t.duckdb"), read_only=True) as con:
            return con.execute("select year, n from grown order by all").fetchall()

    folder = project / "yearly" / "grown"
    _invoke(project, "run", [2001, 2002], [2001, 2002])
    assert rows() == [(2001, 1), (2001, 2), (2002, 3)]
    before = {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in folder.glob("year=*.parquet")}
    _invoke(project, "run", [2001, 2002], [2002])
    after = {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in folder.glob("year=*.parquet")}
    assert after["year=2001.parquet"] == before["year=2001.parquet"], "an unchanged year was written again"
    assert after["year=2002.parquet"][0] > before["year=2002.parquet"][0], "a changed year was not written"
    assert after["year=2002.parquet"][1] == before["year=2002.parquet"][1], "same rows, other bytes"
    _invoke(project, "run", [2002], [])
    assert rows() == [(2002, 3)], "a year that left the lake is still read"
    _invoke(project, "run", [], [])
    assert rows() == [], "no years: a view without rows"


def test_a_model_that_looks_back_is_written_again_after_a_year_that_it_reads(project: Path) -> None:
    def written(model: str) -> dict[int, int]:
        return {y: (project / "windows" / model / f"year={y}.parquet").stat().st_mtime_ns for y in years}

    def again(model: str, changed: int) -> list[int]:
        before = written(model)
        _invoke(project, "run", years, [changed])
        after = written(model)
        return [y for y in years if after[y] != before[y]]

    years = [2001, 2002, 2003, 2004]
    _invoke(project, "run", years, years)
    assert again("looking_back", 2002) == [2002, 2003]
    assert again("priced", 2002) == years, "a base year moves every year"
    assert again("priced", 2003) == [2003]


def test_a_python_model_reads_only_the_year_that_it_writes(project: Path) -> None:
    import duckdb

    columns = [{"name": "year", "data_type": "smallint"}, {"name": "n", "data_type": "integer"}, {"name": "sum_n", "data_type": "double"}]
    (project / "models" / "summed.yml").write_text(json.dumps({"models": [{"name": "summed", "columns": columns}]}))
    (project / "models" / "summed.py").write_text(
        "def model(dbt, session):\n"
        "    dbt.config(materialized='yearly_parquet', meta={'key': ['year', 'n']})\n"
        "    rows = dbt.ref('grown').order('n desc').fetchnumpy()\n"
        "    return {'n': rows['n'], 'sum_n': rows['n'] * 0 + rows['n'].sum()}\n"
    )
    folder = project / "yearly" / "summed"
    _invoke(project, "run", [2001, 2002, 2003], [2001, 2002, 2003])
    with duckdb.connect(str(project / "t.duckdb"), read_only=True) as con:
        assert con.execute("from summed").fetchall() == [(2001, 1, 3.0), (2001, 2, 3.0), (2002, 3, 3.0)]
        assert con.execute("select typeof(n), typeof(sum_n) from summed limit 1").fetchall() == [("INTEGER", "DOUBLE")]
    before = {p.name: p.stat().st_mtime_ns for p in folder.glob("year=*.parquet")}
    assert sorted(before) == ["year=2001.parquet", "year=2002.parquet", "year=2003.parquet"], "a year without rows has its file"
    _invoke(project, "run", [2001, 2002, 2003], [2002])
    after = {p.name: p.stat().st_mtime_ns for p in folder.glob("year=*.parquet")}
    assert [name for name in sorted(before) if after[name] != before[name]] == ["year=2002.parquet"]
    for suffix in ("py", "yml"):
        (project / "models" / f"summed.{suffix}").unlink()


def test_text_that_is_written_through_a_dictionary_is_text_in_order_and_stops_at_an_unlisted_value(project: Path) -> None:
    import duckdb

    columns = [{"name": "year", "data_type": "smallint"}, {"name": "k", "data_type": "varchar"}, {"name": "source", "data_type": "varchar"}]
    listed = {"name": "listed", "config": {"contract": {"enforced": True}}, "columns": columns}
    (project / "models" / "listed.yml").write_text(json.dumps({"models": [listed]}))

    def built(source: str) -> str:
        (project / "models" / "listed.sql").write_text(
            "-- depends_on: {{ ref('good') }}\n"
            "{{ config(materialized='yearly_parquet', meta={'key': ['k', 'source'],"
            " 'dictionaries': {'k': 'good.k', 'source': ['z', 'y']}}) }}\n"
            "select cast(2001 as smallint) as year, k, source\n"
            f"from (values ('b', 'y'), ('a', 'z'), (null, 'y'), ('a', '{source}')) as t (k, source)"
        )
        return _invoke(project, "run", [2001], [2001])["listed"]

    file = project / "yearly" / "listed" / "year=2001.parquet"
    assert built("y") == "success"
    with duckdb.connect() as con:
        assert con.execute(f"select k, source from '{file}'").fetchall() == [("a", "y"), ("a", "z"), ("b", "y"), (None, "y")]
        assert con.execute(f"select distinct typeof(k), typeof(source) from '{file}'").fetchall() == [("VARCHAR", "VARCHAR")]
    before = file.read_bytes()
    assert built("x") == "error"
    assert file.read_bytes() == before
    for suffix in ("sql", "yml"):
        (project / "models" / f"listed.{suffix}").unlink()
