"""Runs a job in this process, for the command line. A thin door: what happens in a run is in the assets."""

from __future__ import annotations

import logging
import os
import sqlite3
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.atomic import is_running, locked, write_bytes
from ingestion.settings import REPO_ROOT, Home, Profile, home_root
from orchestration.run_lock import PID_TAG, is_download, run_lock
from orchestration.settings import silence_telemetry

if TYPE_CHECKING:
    import dagster as dg

NOISE = ("Dependencies for step", "A dbt subsetted execution")  # said by Dagster, of no use to a person at a terminal
SAID = ("dagster_dbt/failed_row_count", "status", "failed_expectations")  # metadata of a check that explains it in a line
UNFINISHED = ("NOT_STARTED", "STARTING", "STARTED", "CANCELING")


@dataclass(frozen=True)
class CheckOutcome:
    """One asset check of a run. `severity` is 'ERROR' (no release) or 'WARN'."""

    asset: str
    name: str
    passed: bool
    severity: str
    message: str = ""


@dataclass
class RunOutcome:
    """What came of a run. `errors` hold one text per failed step, causes before consequences; `timings` are seconds by stage."""

    success: bool
    release_id: str | None = None
    errors: list[str] = field(default_factory=list)
    checks: list[CheckOutcome] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)


def dagster_home() -> Path:
    """Dagster's own folder below the home, with a fresh copy of the repository's dagster.yaml."""
    folder = home_root() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes(folder / "dagster.yaml", (REPO_ROOT / "dagster.yaml").read_bytes())  # whole at any time: others may be reading it
    return folder


def dagster_instance() -> dg.DagsterInstance:
    """Dagster's instance below the home. One process at a time makes it: two that make its tables at once break them."""
    import dagster as dg

    folder = dagster_home()
    os.environ["DAGSTER_HOME"] = str(folder)
    with locked(folder / ".instance.lock"):
        return dg.DagsterInstance.get()


def run_job(
    profile: Profile,
    job: str = "incremental",
    drop_dir: Path | None = None,
    fetch: Mapping[str, Mapping[str, str]] | None = None,
    on_event: Callable[[str], None] | None = None,
) -> RunOutcome:
    """Run `job` on `profile` and wait for it. `fetch` maps a source to the arguments of its download.

    Raises:
        HomeBusy: another process writes to this home.
        dagster.DagsterInvariantViolationError: no such job.
    """
    silence_telemetry()
    home = Home.of(profile)
    os.environ["ACPGVC_PROFILE"] = profile
    with run_lock(home.root, is_shared=is_download(job)):
        from orchestration.build import build_defs

        with dagster_instance() as instance, held_open(home_root() / "dagster"):
            clear_dead_runs(instance, is_alone=not is_download(job))
            definitions = build_defs(home=home)
            run_id = str(uuid.uuid4())
            if on_event:
                instance.add_event_listener(run_id, _listener(on_event))
                _follow_dbt(on_event)
            resolved = definitions.resolve_job_def(job)
            result = resolved.execute_in_process(
                run_config=_run_config(resolved, drop_dir, fetch or {}),
                instance=instance,
                run_id=run_id,
                raise_on_error=False,
            )
            return outcome_of(result)


@contextmanager
def held_open(folder: Path) -> Generator[None]:
    """Keep one connection to each of Dagster's SQLite files while a run writes to them.

    Dagster opens and closes one for every event; whenever the last one closes, SQLite writes its whole log back to the file.
    With one held open a thousand events cost a quarter of the time.
    """
    connections = [sqlite3.connect(file) for file in folder.rglob("*.db")]
    try:
        for connection in connections:
            connection.execute("select count(*) from sqlite_master").fetchall()  # a connection that has read nothing holds nothing
        yield
    finally:
        for connection in connections:
            connection.close()


def clear_dead_runs(instance: dg.DagsterInstance, *, is_alone: bool) -> None:
    """End the runs of killed processes. They keep their places in the pools, so that the next run would stay in the queue for ever.

    `is_alone`: the caller holds the home alone, so that a run that never said its process has none any more. Runs in the queue
    have none yet.
    """
    import dagster as dg

    unfinished = dg.RunsFilter(statuses=[dg.DagsterRunStatus[s] for s in UNFINISHED])
    for run in instance.get_runs(filters=unfinished):
        pid = run.tags.get(PID_TAG)
        is_dead = is_alone if pid is None else not is_running(int(pid))
        if is_dead:
            instance.report_run_failed(run, message="The process of this run ended before the run did.")


def _run_config(job: dg.JobDefinition, drop_dir: Path | None, fetch: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What the run brings, said to every raw asset of the job; Dagster's console log stays quiet, the listener speaks."""
    from ingestion.registry import all_sources

    ops = {node.name for node in job.graph.nodes}
    config: dict[str, dict[str, Any]] = {}
    for name, spec in all_sources().items():
        config[spec.table] = {"drop": str(drop_dir.resolve()) if drop_dir else None, "fetch": dict(fetch[name]) if name in fetch else None}
    config["raw_landing"] = {"drop": str(drop_dir.resolve()) if drop_dir else None}
    return {
        "ops": {op: {"config": {k: v for k, v in c.items() if v is not None}} for op, c in config.items() if op in ops},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }


def _listener(on_event: Callable[[str], None]) -> Callable[[Any], None]:
    """One short line for what a person wants to see of a run: steps that start, tables that are there, checks that fail."""

    def listen(entry: Any) -> None:
        event = entry.dagster_event
        if event is None:
            if entry.level >= 20 and not entry.user_message.startswith(NOISE):
                on_event(entry.user_message)
        elif event.event_type_value == "STEP_START":
            on_event(f"{event.step_key}: started")
        elif event.event_type_value == "ASSET_CHECK_EVALUATION" and not event.event_specific_data.passed:
            on_event(f"check failed: {event.event_specific_data.check_name}")
        elif event.event_type_value in ("STEP_UP_FOR_RETRY", "STEP_FAILURE"):
            on_event(f"{event.step_key}: {'failed, will try again' if event.event_type_value == 'STEP_UP_FOR_RETRY' else 'failed'}")

    return listen


def _follow_dbt(on_event: Callable[[str], None]) -> None:
    """Pass on what dbt says of each node as it finishes."""

    class Follow(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            on_event(record.getMessage())

    dbt = logging.getLogger("acpgvc.dbt")
    dbt.handlers.clear()
    dbt.addHandler(Follow())
    dbt.propagate = False
    dbt.setLevel(logging.INFO)


def outcome_of(result: dg.ExecuteInProcessResult) -> RunOutcome:
    """Read a finished run."""
    outcome = RunOutcome(success=result.success)
    for e in result.get_asset_check_evaluations():
        message = e.description or ", ".join(f"{k.split('/')[-1]} {e.metadata[k].value}" for k in SAID if k in e.metadata)
        outcome.checks.append(CheckOutcome(e.asset_key.to_user_string(), e.check_name, e.passed, e.severity.value, message))
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            said = data.user_failure_data.description if data.user_failure_data else None
            error = data.error.cause or data.error if data.error else None
            outcome.errors.append(f"{event.step_key}: {said or (error.message.strip() if error else event.message)}")
        elif event.is_step_success:
            stage = stage_of(str(event.step_key))
            outcome.timings[stage] = outcome.timings.get(stage, 0.0) + event.step_success_data.duration_ms / 1000
    for m in result.get_asset_materialization_events():
        if m.asset_key is not None and m.asset_key.to_user_string() == "rel_published":
            outcome.release_id = str(m.materialization.metadata["release_id"].value)
    return outcome


def stage_of(step: str) -> str:
    """'landing and parsing', 'models', 'checks' or 'release': what a step counts as."""
    if step == "dbt":
        return "models"
    if step in ("rel_candidate", "rel_published"):
        return "release"
    is_ingestion = step.startswith(("raw_", "num_")) and not step.endswith(("_schema", "_vintage"))
    return "landing and parsing" if is_ingestion else "checks"
