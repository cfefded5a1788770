"""A run from the outside: what is published, what stops it, who may write. Over a tiny dbt project and an empty landing zone."""

from __future__ import annotations

import fcntl
import shutil
import uuid
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ingestion.drop import InputRecord
from ingestion.registry import all_sources
from ingestion.settings import Home
from orchestration import build, runner
from orchestration.expectations import coverage, suite
from orchestration.expectations.suite import Finding
from orchestration.identity import Identity
from orchestration.release import candidate, candidate_folder, publish
from orchestration.run_lock import HomeBusy, run_lock

TINY = Path(__file__).parent / "tiny_dbt"
PASSED = Finding("t.f", "expect", "rows add up", True, "0", [])
FAILED = Finding("t.f", "expect", "rows add up", False, "1", [])


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """The tiny project without its failing test and model; its test of severity warn still fails."""
    folder = tmp_path / "dbt"
    shutil.copytree(TINY, folder)
    core = folder / "models" / "marts" / "core"
    for name in ("mart_broken.sql", "mart_after_broken.sql"):
        (core / name).unlink()
    yml = core / "fct_thing.yml"
    yml.write_text(yml.read_text().replace("values: [2]", "values: [2, 4]"))
    return folder


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home, with writing, gate and publishing of a release reduced to their outcome."""
    monkeypatch.setenv("ACPGVC_HOME", str(tmp_path / "home"))
    home = Home.of("main")

    def write(home: Home, identity: Identity, *_: object) -> Path:
        folder = candidate_folder(home, identity.release_id)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    monkeypatch.setattr(candidate, "write_candidate", write)
    monkeypatch.setattr(publish, "publish", lambda home, folder: folder.rename(home.release / folder.name.removeprefix(".candidate-")))
    monkeypatch.setattr(suite, "run_suite", lambda *_: [PASSED])
    monkeypatch.setattr(coverage, "indicator_coverage", lambda _: [])
    return home


def _run(project: Path, monkeypatch: pytest.MonkeyPatch, job: str = "incremental") -> tuple[runner.RunOutcome, list[str]]:
    original, said = build.build_defs, list[str]()
    monkeypatch.setattr(build, "build_defs", lambda home: original(home=home, project=project))
    try:
        return runner.run_job("main", job, on_event=said.append), said
    finally:
        monkeypatch.setattr(build, "build_defs", original)


def _released(home: Home) -> list[str]:
    return [p.name for p in home.release.glob("[!.]*")]


def test_sound_run_publishes(platform: Home, sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one run: partitioned and unpartitioned assets, after a killed run, with a damaged file and a failing test of severity
    warn. None of these stops the release."""
    record = InputRecord(finished=True, files={"b" * 64: {"names": ["x"], "status": "rejected", "problem": "x.csv: cut", "current": True}})
    record.write(platform, "raw_wdi__indicators")
    monkeypatch.setenv("DAGSTER_HOME", str(runner.dagster_home()))
    with dg.DagsterInstance.get() as instance:
        dead = instance.create_run_for_job(dg.Definitions(jobs=[_empty_job]).resolve_job_def("empty"), run_id=str(uuid.uuid4()))
        instance.report_engine_event("started", dead)
    outcome, said = _run(sound, monkeypatch)
    assert outcome.errors == [] and outcome.success
    assert _released(platform) == [outcome.release_id]
    checks = {(c.asset, c.name): c for c in outcome.checks}
    wdi = checks["raw_wdi__indicators", "schema"]
    assert (wdi.passed, wdi.severity, wdi.message) == (False, "WARN", "x.csv: cut")
    assert [c.name for c in outcome.checks if not c.passed and c.severity == "ERROR"] == []
    assert checks["rel_candidate", "gx_fct_trade"].passed
    assert {"landing and parsing", "models", "checks", "release"} == set(outcome.timings)
    assert "dbt: started" in said
    with dg.DagsterInstance.get() as instance:
        assert instance.get_run_by_id(dead.run_id).status is dg.DagsterRunStatus.FAILURE
        assert instance.get_materialized_partitions(dg.AssetKey("raw_comtrade__data")) == set()
        run, _ = instance.get_runs()  # all years in one run
        hosts = {host for spec in all_sources().values() if spec.plan for host in spec.hosts}
        assert run.run_op_concurrency.all_pools == {"duckdb", *hosts}, "no download lands beside a build"


def test_failed_test_blocks_the_release_and_nothing_else(platform: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome, _ = _run(TINY, monkeypatch)
    assert not outcome.success and outcome.release_id is None and _released(platform) == []
    assert any("accepted_values_fct_thing_twice" in e for e in outcome.errors)
    assert any("mart_broken" in e for e in outcome.errors)
    assert (platform.lake / "raw_landing__files" / "raw_landing__files.parquet").is_file()


def test_failed_gate_keeps_the_candidate_aside(platform: Home, sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "run_suite", lambda table, *_: [FAILED if table == "fct_trade" else PASSED])
    outcome, _ = _run(sound, monkeypatch)
    assert not outcome.success and _released(platform) == []
    assert [(c.name, c.message) for c in outcome.checks if not c.passed and c.severity == "ERROR"] == [("gx_fct_trade", "rows add up: 1")]
    assert len(list(platform.release.glob(".candidate-*"))) == 1


def test_second_writer_is_refused(tmp_path: Path, holder: Any) -> None:
    """The lock of a living process is respected, that of a dead one is not in the way."""
    with holder(tmp_path, fcntl.LOCK_EX) as other:
        for is_shared in (False, True):
            with pytest.raises(HomeBusy, match=f"found process {other.pid}. Remedy"), run_lock(tmp_path, is_shared=is_shared):
                pass
    with run_lock(tmp_path), run_lock(tmp_path):
        pass


def test_downloads_share_a_home_and_a_build_does_not(tmp_path: Path, holder: Any) -> None:
    with holder(tmp_path, fcntl.LOCK_SH) as other:
        with run_lock(tmp_path, is_shared=True):
            pass
        with pytest.raises(HomeBusy, match=f"found process {other.pid}. Remedy"), run_lock(tmp_path):
            pass


@dg.op
def nothing() -> None:
    """Does nothing."""


@dg.job(name="empty")
def _empty_job() -> None:
    nothing()
