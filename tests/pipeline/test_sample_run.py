"""One run on the built-in sample, from the generator to the release, through the real command line."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.settings import REPO_ROOT, Home
from orchestration.identity import identity_of
from orchestration.settings import WAREHOUSE_FILE, dbt_env
from orchestration.years import plan_years
from tests.pipeline.finished_run import UNACCOUNTED, FinishedRun


def test_it_publishes_a_release_with_findings_and_the_next_command(sample_run: FinishedRun) -> None:
    assert sample_run.ended.code == 0, sample_run.ended.output
    assert "findings" in sample_run.ended.output and "SYNTHETIC" in sample_run.ended.output and "next:" in sample_run.ended.output
    assert sample_run.one("select is_sample from dim_release") is True


def test_the_current_members_are_79(sample_run: FinishedRun) -> None:
    assert sample_run.query("select count(*) as n from v_acp_current") == [{"n": "79"}]


@pytest.mark.parametrize(
    "sql",
    [
        "from fct_trade",
        "from mart_gvc_participation where gvc_output_share is not null or backward_content_oecd is not null",
        "from fct_rejection where is_border_rejection",
        "from fct_indicator where source = 'wdi' and value is not null",
    ],
    ids=["trade", "value added", "standards", "context"],
)
def test_each_kind_of_data_has_rows(sample_run: FinishedRun, sql: str) -> None:
    assert sample_run.one(f"select count(*) {sql}") > 0


def test_a_value_or_a_reason_never_both_nor_neither(sample_run: FinishedRun) -> None:
    assert sample_run.one("select count(*) from fct_indicator where (value is null) = (null_reason is null)") == 0


def test_every_row_of_every_file_is_accounted_for(sample_run: FinishedRun) -> None:
    assert sample_run.rows(UNACCOUNTED) == []
    written = [p for p in (sample_run.folder / "inbox").iterdir() if p.name not in ("ACPGVC-SAMPLE.txt", ".generator")]
    assert sample_run.one("select count(distinct sha256) from mart_row_account") == len(written)


def test_every_row_says_that_it_is_synthetic(sample_run: FinishedRun) -> None:
    tables = sample_run.tables_with("data_origin")
    assert len(tables) >= 8
    origins = {t: sample_run.rows(f"select distinct data_origin from {t}") for t in tables}
    assert origins == {t: [("sample",)] for t in tables}


def test_a_second_run_finds_nothing_new_before_dagster_is_imported(sample_run: FinishedRun) -> None:
    done = sample_run.again("run", python=("-X", "importtime"))
    assert done.returncode == 0, done.stderr
    assert "nothing new" in done.stdout
    imported = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "orchestration" in imported and imported & {"dagster", "dagster_dbt", "dbt"} == set()


def test_the_release_verifies(sample_run: FinishedRun) -> None:
    done = sample_run.again("release", "verify")
    assert done.returncode == 0, done.stdout + done.stderr


def test_explain_goes_from_the_number_to_the_bytes(sample_run: FinishedRun) -> None:
    done = sample_run.again("explain", "ladder_position", "GHA", "2015", "--scope", "cocoa")
    assert done.returncode == 0, done.stderr
    formula = sample_run.one("select formula from dim_indicator where indicator_id = 'ladder_position'")
    said = re.sub(r"\s+", " ", done.stdout)
    assert "SYNTHETIC" in done.stdout + done.stderr and formula[:40] in said
    landed = {p.stem for p in (sample_run.folder / "landing").glob("*/*/*.blob")}
    named = set(re.findall(r"\b[0-9a-f]{12,64}\b", said))
    assert any(blob.startswith(name) for blob in landed for name in named), done.stdout


# With the project as the run read it: reading it again takes a quarter of the time of the tests.
UNIT_TESTS = """
import sys
from pathlib import Path
from dbt.cli.main import dbtRunner
from orchestration.dbt_manifest import parsed
from orchestration.settings import DBT_PROJECT

places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target-path", sys.argv[1], "--log-level-file", "none"]
done = dbtRunner(manifest=parsed(DBT_PROJECT, Path(sys.argv[1]))).invoke(["test", "--select", "test_type:unit", *places])
sys.exit(0 if done.success else 1)
"""


def test_dbt_unit_tests_pass(sample_run: FinishedRun, tmp_path: Path) -> None:
    """They try the arithmetic of the models on rows of their own, so production runs leave them out. Here on a copy of the warehouse."""
    home = Home(sample_run.home, "sample")
    shutil.copytree(home.warehouse, tmp_path / "warehouse")
    years = plan_years(home, "").fingerprints
    where = {"ACPGVC_WAREHOUSE": str(tmp_path / "warehouse"), "ACPGVC_WAREHOUSE_FILE": str(tmp_path / "warehouse" / WAREHOUSE_FILE)}
    done = subprocess.run(
        [sys.executable, "-c", UNIT_TESTS, str(tmp_path / "target")],
        cwd=REPO_ROOT,
        env={**os.environ, **dbt_env(home, identity_of(home), years=years), **where, "DO_NOT_TRACK": "1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    results = json.loads((tmp_path / "target" / "run_results.json").read_text())["results"]
    declared = json.loads((tmp_path / "target" / "manifest.json").read_text())["unit_tests"]
    assert {r["unique_id"] for r in results if r["status"] == "pass"} == set(declared) and declared
