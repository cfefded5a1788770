"""What the per-year wall saves: models built for one changed year, against all years, on the built-in sample.

    python benchmarks/bench_rebuild.py [--year 2012]

The floor is the rebuild of all years in the same run. dbt builds seeds and models, without tests, as the dbt step of a run does.
Two ratios: of the models that are one Parquet file a year, and of the whole step (the small tables rebuild in full each time).
Prints `name value target pass|short`; targets are this project's own aims.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import trade_suite
from bench_ingest import show

TARGET_YEARLY_RATIO = 0.35
TARGET_STEP_RATIO = 0.75


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


def build(root: Path, rebuild: list[int], years: list[int]) -> tuple[float, float]:
    """(seconds of the step, seconds of the yearly models) of one dbt build."""
    seconds, models = trade_suite.build(root, [], rebuild, years)
    yearly = {p.parent.name for p in (root / "sample" / "warehouse").glob("*/*/no_rows_0.parquet")}
    return seconds, sum(models[m] for m in yearly)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--year", type=int, default=2012, help="the year that changed")
    year = arguments.parse_args().year
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        years = lake_of_sample(root)
        if year not in years:
            raise SystemExit(f"--year: expected one of {years[0]} to {years[-1]}, found {year}")
        trade_suite.prepare_numbers(root)
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
