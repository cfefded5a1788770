"""The trade models of dbt on years in the shape of BACI: a lake that holds them, and one dbt run over what depends on them.

Codes and countries are real ones, given to the generator's numbers in a shuffled order, so that chains, members and groups are met;
every number is invented (`data_origin` sample).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from baci_shaped import N_CODES, N_COUNTRIES, ROWS, write_year

# what the tables of trade_pandas are made of in SQL beside themselves
BETWEEN = (
    "stg_baci__publications",
    "stg_baci__flows",
    "int_ladder__chain_stages",
    "int_ladder__loaded",
    "int_ladder__raw_imports",
    "int_ladder__measures",
    "int_ladder__constprice",
    "int_unit_value__chain_products",
    "int_groups__baskets",
)
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


def prepare(root: Path) -> None:
    """A sample home below `root` whose only landed file is the sample's BACI archive."""
    from ingestion.ingest import ingest_files, write_landing_tables
    from ingestion.sample import MARKER, baci
    from ingestion.settings import Home

    home, inbox = Home(root, "sample"), root / "inbox"
    inbox.mkdir(parents=True)
    (inbox / MARKER).touch()
    baci.write(inbox)
    ingest_files(home, [inbox])
    write_landing_tables(home)
    prepare_numbers(root)


def prepare_numbers(root: Path) -> None:
    """The tables that dbt reads beside the raw ones: intervals, and the input-output engine's without rows."""
    import dagster as dg

    from ingestion.lake import SCHEMA_FILE, write_parquet
    from ingestion.settings import Home
    from orchestration.assets.icio import empty_tables
    from orchestration.assets.numerics import num_rejections__poisson_interval
    from orchestration.resources import Platform

    home = Home(root, "sample")
    for name, frame in empty_tables().items():
        write_parquet(frame, home.lake / name / SCHEMA_FILE)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    dg.materialize([num_rejections__poisson_interval], resources={"platform": Platform.of(home)}, run_config=quiet)


def put_year(root: Path, year: int, n_rows: int = ROWS) -> int:
    """Put an invented year into the lake of BACI in place of what it holds of it; gives its rows."""
    import duckdb

    from ingestion.sample.names import ACP, COUNTRIES, HS6
    from ingestion.settings import Home

    folder = Home(root, "sample").lake / "raw_baci__flows"
    part = next(p for p in folder.glob("year=*/*.parquet") if p.stem != "_schema")
    others = [c for c in COUNTRIES if c not in ACP]
    codes = [int(COUNTRIES[c].baci_code) for c in (*ACP, *others)][:N_COUNTRIES]
    target = folder / f"year={year}" / part.name
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root) as name, duckdb.connect() as con:
        raw = write_year(Path(name), year, n_rows)
        con.execute("set memory_limit = '2GB'; set preserve_insertion_order = false")
        con.execute(f"set temp_directory = '{name}/spill'")
        con.execute(f"""
            create table about as select hs_revision, baci_version, is_complete, data_origin, _sha256 from '{part}' limit 1;
            create table countries as select row_number() over (order by hash(code)) as n, code from (select unnest({codes}) as code);
            create table products as
                select row_number() over (order by hash(hs6)) as n, hs6 from (select unnest({list(HS6)}) as hs6) limit {N_CODES};
            copy (
                select {year}::smallint as year, e.code::varchar as exporter_code, m.code::varchar as importer_code, p.hs6,
                       v::decimal(18, 3) as value_kusd, q::double as quantity_t, about.*, row_number() over () as _row
                from '{raw}' as flow
                inner join countries as e on flow.i = e.n
                inner join countries as m on flow.j = m.n
                inner join products as p on flow.k::integer = p.n
                cross join about
                order by exporter_code, importer_code, hs6
            ) to '{target}' (format parquet, compression zstd, row_group_size 122880)
        """)
        return con.execute(f"select count(*) from '{target}'").fetchall()[0][0]


def build(root: Path, select: Sequence[str], rebuild: Sequence[int], years: Sequence[int]) -> tuple[float, dict[str, float]]:
    """(seconds of the dbt run, model -> seconds) of one build of `select` without tests.

    Raises:
        RuntimeError: dbt failed.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    from ingestion.settings import Home
    from orchestration.assets.dbt import FOLDERS
    from orchestration.dbt_manifest import dirs_of, parsed
    from orchestration.identity import identity_of
    from orchestration.settings import DBT_PROJECT, dbt_env, dbt_target

    home = Home(root.resolve(), "sample")
    os.environ.update(dbt_env(home, identity_of(home), rebuild, years))
    for folder in FOLDERS:
        (home.warehouse / folder).mkdir(parents=True, exist_ok=True)
    target = dbt_target(home)
    manifest = parsed(DBT_PROJECT, target)
    began = time.perf_counter()
    try:
        chosen = ["--select", *select] if select else []
        outcome = dbtRunner(manifest=manifest).invoke(["build", *chosen, *WITHOUT_TESTS, *dirs_of(DBT_PROJECT, target)])
    finally:
        DuckDBConnectionManager.close_all_connections()
    seconds = time.perf_counter() - began
    if not outcome.success:
        raise RuntimeError(f"dbt failed: {outcome.exception or [r.message for r in outcome.result if r.status == 'error']}")
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return seconds, {r["unique_id"].split(".")[-1]: r["execution_time"] for r in results}


def suite(root: Path, rebuild: Sequence[int], years: Sequence[int]) -> tuple[float, dict[str, float]]:
    """Everything that depends on BACI, from the lake to the marts: see `build`."""
    return build(root, ["stg_baci__editions+"], rebuild, years)


def same_as_pandas(root: Path, year: int) -> tuple[float, dict[str, float]]:
    """Only the models that write what trade_pandas writes, and what stands between them: see `build`."""
    from trade_pandas import TABLES

    return build(root, [*TABLES, *BETWEEN], [year], [year])


def bare_group_by(root: Path, year: int) -> float:
    """Seconds of the floor: DuckDB's sum by exporter and HS6 over the same Parquet."""
    import duckdb

    from ingestion.settings import Home

    files = Home(root, "sample").lake / "raw_baci__flows" / f"year={year}" / "*.parquet"
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as con:
        began = time.perf_counter()
        con.execute(f"create table x as select exporter_code, hs6, sum(value_kusd) from '{files}' group by all")
        return time.perf_counter() - began
