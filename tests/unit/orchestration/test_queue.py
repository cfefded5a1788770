"""What dagster.yaml makes of runs that wait: one run a host, hosts side by side, and a build alone. The queue is Dagster's own."""

import fcntl
import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._daemon.run_coordinator import QueuedRunCoordinatorDaemon  # what decides; public code only starts it

from ingestion.atomic import locked
from ingestion.registry import all_sources
from ingestion.settings import Home
from orchestration import runner
from orchestration.assets.raw import raw_asset
from orchestration.resources import Platform
from orchestration.run_lock import PID_TAG

SOURCES = ("faostat_crops", "faostat_forestry", "rasff", "wdi", "fda", "baci", "oecd_tiva")
REPOSITORY = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("here"), "ours")
QUEUED, STARTED = dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTED


@dg.asset(pool="duckdb")
def warehouse() -> None:
    """Stands for dbt, whose pool `test_runner.py` looks at."""


@pytest.fixture(scope="module")
def jobs() -> dict[str, dg.JobDefinition]:
    raw = [raw_asset(all_sources()[name]) for name in SOURCES]
    wanted = [dg.define_asset_job("build", dg.AssetSelection.all())]
    wanted += [dg.define_asset_job(f"fetch_{name}", dg.AssetSelection.assets(all_sources()[name].table)) for name in SOURCES]
    platform = Platform(root="/nowhere", profile="main")
    made = dg.Definitions([*raw, warehouse], jobs=wanted, resources={"platform": platform}, executor=dg.in_process_executor)
    return {job.name: made.resolve_job_def(job.name) for job in wanted}


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACPGVC_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("DAGSTER_HOME", "")
        first: list[dg.DagsterInstance] = []
        making = threading.Thread(target=lambda: first.append(runner.dagster_instance()))
        with locked(runner.dagster_home() / ".instance.lock"):  # of two first downloads, one makes the tables: two would break them
            making.start()
            making.join(0.3)
            assert making.is_alive() and not list(runner.dagster_home().rglob("*.db"))
        making.join(20)
        with first[0]:
            yield first[0]


class Queue:
    """Runs of jobs in an instance."""

    def __init__(self, instance: dg.DagsterInstance, jobs: dict[str, dg.JobDefinition]) -> None:
        self.instance, self.jobs = instance, jobs

    def add(self, *names: str, status: dg.DagsterRunStatus = QUEUED, tags: dict[str, str] | None = None) -> str:
        for name in names:
            run_id = str(uuid.uuid4())
            origin = RemoteJobOrigin(REPOSITORY, name)
            self.instance.create_run_for_job(self.jobs[name], run_id=run_id, status=status, tags=tags, remote_job_origin=origin)
        return run_id

    def next(self) -> list[str]:
        """Names of the jobs that would be started now. A pool is known from the second look on."""
        daemon = QueuedRunCoordinatorDaemon(interval_seconds=1)
        for _ in range(2):
            runs = daemon._get_runs_to_dequeue(self.instance, self.instance.get_concurrency_config(), None)
        return [run.job_name for run in runs]


@pytest.fixture
def queue(instance: dg.DagsterInstance, jobs: dict[str, dg.JobDefinition]) -> Iterator[Queue]:
    yield Queue(instance, jobs)
    for run in instance.get_runs():
        instance.delete_run(run.run_id)


def test_one_run_a_host_and_hosts_side_by_side(queue: Queue) -> None:
    queue.add("fetch_faostat_crops", "build", "fetch_faostat_forestry", "fetch_rasff")
    assert queue.next() == ["fetch_faostat_crops", "fetch_rasff"]
    queue.add("fetch_faostat_forestry", status=STARTED)  # of the command line: it counts too
    assert queue.next() == ["fetch_rasff"]


def test_at_most_four_downloads(queue: Queue) -> None:
    queue.add(*[f"fetch_{name}" for name in SOURCES if name != "faostat_forestry"])
    assert len(queue.next()) == 4


@pytest.mark.parametrize("waiting", ["build", "fetch_rasff"])
def test_nothing_runs_beside_a_build(queue: Queue, waiting: str) -> None:
    queue.add(waiting)
    assert queue.next() == [waiting]
    queue.add("build", status=STARTED)
    assert queue.next() == []


def test_dead_runs_leave_the_queue_free(queue: Queue) -> None:
    """A killed process cannot end its run; a living one keeps it, and what waits in the queue has none yet."""
    gone = queue.add("fetch_rasff", status=STARTED, tags={PID_TAG: "4194305"})  # above the highest id that there can be
    alive = queue.add("fetch_wdi", status=STARTED, tags={PID_TAG: str(os.getpid())})
    unknown = queue.add("fetch_fda", status=STARTED)
    waits = queue.add("fetch_rasff")
    assert queue.next() == []
    runner.clear_dead_runs(queue.instance, is_alone=False)
    found = {run.run_id: run.status for run in queue.instance.get_runs()}
    assert found == {gone: dg.DagsterRunStatus.FAILURE, alive: STARTED, unknown: STARTED, waits: QUEUED}
    assert queue.next() == ["fetch_rasff"]
    runner.clear_dead_runs(queue.instance, is_alone=True)
    found = {run.run_id: run.status for run in queue.instance.get_runs()}
    assert (found[alive], found[unknown], found[waits]) == (STARTED, dg.DagsterRunStatus.FAILURE, QUEUED)


def test_a_run_waits_for_what_the_queue_does_not_know(tmp_path: Path, holder: Any, capfd: pytest.CaptureFixture[str]) -> None:
    """Of a command that is no run: a download beside a download goes on, anything else waits, and says for whom."""
    done: list[str] = []

    @dg.op
    def work(context: dg.OpExecutionContext, platform: Platform) -> None:
        run = context.instance.get_run_by_id(context.run_id)
        done.append(f"{run.job_name} {run.tags[PID_TAG]}")

    def run(name: str) -> None:
        platform = Platform.of(Home(tmp_path, "main"))
        dg.GraphDefinition(name=name, node_defs=[work]).to_job(resource_defs={"platform": platform}).execute_in_process()

    with holder(tmp_path, fcntl.LOCK_SH) as other:
        run("fetch_rasff")
        assert done == [f"fetch_rasff {os.getpid()}"]
        building = threading.Thread(target=run, args=("build",))
        building.start()
        building.join(0.2)
        assert len(done) == 1
    building.join(20)
    assert done[1:] == [f"build {os.getpid()}"]
    assert f"found process {other.pid}; this run waits until it ends" in capfd.readouterr().err
