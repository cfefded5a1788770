"""What the per-year wall saves: models built for one changed year, against all years, on the built-in sample.

    python benchmarks/bench_rebuild.py [--year 2012]

The floor is the rebuild of all years in the same run. dbt builds seeds and models, without tests, as the dbt step of a run does.
Two ratios: of the models that are one Parquet file a year, and of the whole step (the small tables rebuild in full each time).
Prints `name value target pass|short`; targets are this project's own aims.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench_ingest import show

TARGET_YEARLY_RATIO = 0.35
TARGET_STEP_RATIO = 0.75
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


def lake_of_sample(root: Path) -> list[int]:
    """Generate and ingest the sample below `root`; gives the years of its lake."""
    from ingestion.ingest import ingest_files
    from ingestion.sample import write_sample
    from ingestion.settings import Home
    from orchestration.years import code_fingerprint, plan_years

    home = Home(root, "sample")
    write_sample(root / "inbox")
    ingest_files(home, [root / "inbox"])
    return sorted(plan_years(home, code_fingerprint()).fingerprints)


def write_intervals(root: Path) -> None:
    """The one numeric table that dbt reads beside the raw ones."""
    import dagster as dg

    from ingestion.settings import Home
    from orchestration.assets.numerics import num_rejections__poisson_interval
    from orchestration.resources import Platform

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    dg.materialize([num_rejections__poisson_interval], resources={"platform": Platform.of(Home(root, "sample"))}, run_config=quiet)


def build(root: Path, rebuild: list[int], years: list[int]) -> tuple[float, float]:
    """(seconds of the step, seconds of the yearly models) of one dbt build.

    Raises:
        RuntimeError: dbt failed.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    from ingestion.settings import Home
    from orchestration import dbt_in_process
    from orchestration.identity import identity_of
    from orchestration.settings import DBT_PROJECT, dbt_env, dbt_target, warehouse_file

    home = Home(root, "sample")
    os.environ.update(dbt_env(home, identity_of(home), rebuild, years))
    (home.warehouse / "temp").mkdir(parents=True, exist_ok=True)
    warehouse_file(home).unlink(missing_ok=True)
    dirs = dbt_in_process.dirs_of(DBT_PROJECT, dbt_target(home))
    manifest = dbt_in_process.parsed(dirs)
    began = time.perf_counter()
    try:
        outcome = dbtRunner(manifest=manifest).invoke(["build", *WITHOUT_TESTS, *dirs])
    finally:
        DuckDBConnectionManager.close_all_connections()
    seconds = time.perf_counter() - began
    if not outcome.success:
        raise RuntimeError(f"dbt failed: {outcome.exception or [r.message for r in outcome.result if r.status == 'error']}")
    results = json.loads((dbt_target(home) / "run_results.json").read_text(encoding="utf-8"))["results"]
    yearly = {i for i, node in manifest.nodes.items() if node.config.get("materialized") == "yearly_parquet"}
    return seconds, sum(r["execution_time"] for r in results if r["unique_id"] in yearly)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--year", type=int, default=2012, help="the year that changed")
    year = arguments.parse_args().year
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        years = lake_of_sample(root)
        if year not in years:
            raise SystemExit(f"--year: expected one of {years[0]} to {years[-1]}, found {year}")
        write_intervals(root)
        build(root, years, years)  # the first build pays for what later ones find warm
        all_step, all_yearly = build(root, years, years)
        one_step, one_yearly = build(root, [year], years)
    show("rebuild_years", len(years), "years")
    show("rebuild_all_yearly_models", all_yearly, "s")
    show("rebuild_one_yearly_models", one_yearly, "s")
    show("rebuild_one_to_all_yearly_models", one_yearly / all_yearly, "x", TARGET_YEARLY_RATIO)
    show("rebuild_all_step", all_step, "s")
    show("rebuild_one_step", one_step, "s")
    show("rebuild_one_to_all_step", one_step / all_step, "x", TARGET_STEP_RATIO)


if __name__ == "__main__":
    main()
