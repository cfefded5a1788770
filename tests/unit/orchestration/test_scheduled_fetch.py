"""A tick of a schedule whose fetch has to wait: the run ends well, says what it waits for, and the next tick goes on. By hand it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import polars as pl
import pytest

from ingestion import landing
from ingestion.registry import all_sources
from ingestion.settings import Home
from ingestion.spec import SourceSpec, Watch
from orchestration.assets.raw import raw_asset
from orchestration.resources import Platform
from orchestration.schedules import schedules
from tests.servers.comtrade import KEY, Comtrade
from tests.servers.publishers import worlds
from tests.servers.wire import Reply, Wire

ASKED = {"reporters": "404,288", "years": "2010-2011"}
COMTRADE = replace(all_sources()["comtrade"], watch=Watch(400, "0 2 * * *", ASKED))
BACI = all_sources()["baci"]


@pytest.fixture
def home(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("ACPGVC_PROFILE", "main")
    return Home.of("main")


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    with Wire() as server:
        for source in ("COMTRADE", "BACI"):
            monkeypatch.setenv(f"ACPGVC_{source}_BASE_URL", server.url)
            monkeypatch.setenv(f"ACPGVC_{source}_MIN_INTERVAL_S", "0")
        monkeypatch.setenv("COMTRADE_API_KEY", KEY)
        yield server


def tick(spec: SourceSpec, now: datetime) -> dg.SkipReason | Mapping[str, Any]:
    """What the schedule of a source says at a time: run this, or nothing to do."""
    schedule = next(s for s in schedules([spec]) if s.name == f"fetch_{spec.name}_at_cadence")
    said = schedule.evaluate_tick(dg.build_schedule_context(scheduled_execution_time=now))
    return said.run_requests[0].run_config if said.run_requests else dg.SkipReason(said.skip_message)


def run(home: Home, spec: SourceSpec, config: dg.SkipReason | Mapping[str, Any]) -> dg.ExecuteInProcessResult:
    assert not isinstance(config, dg.SkipReason), config
    return dg.materialize([raw_asset(spec)], resources={"platform": Platform.of(home)}, run_config=config, raise_on_error=False)


def waits(result: dg.ExecuteInProcessResult) -> str:
    (event,) = (m for m in result.get_asset_materialization_events() if m.partition is None)
    return str(event.materialization.metadata["fetch_waits"].value)


def by_hand(spec: SourceSpec, args: Mapping[str, str]) -> dict[str, Any]:
    return {"ops": {spec.table: {"config": {"fetch": dict(args)}}}}


def rows_in_lake(home: Home, spec: SourceSpec) -> int:
    parts = pl.scan_parquet(home.lake / spec.table / "**/*.parquet", hive_partitioning=False)
    return parts.select(pl.len()).collect().item()


def test_the_end_of_the_allowance_is_no_failure_and_the_next_tick_goes_on(home: Home, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACPGVC_COMTRADE_MAX_ROWS", "70")
    monkeypatch.setenv("ACPGVC_COMTRADE_CALLS_PER_DAY", "8")
    wire.publisher = api = Comtrade(["404", "288"], range(2010, 2012), cap=70)
    first = run(home, COMTRADE, tick(COMTRADE, datetime(2026, 3, 1, 2, tzinfo=UTC)))
    assert first.success
    assert waits(first).startswith("allowance spent, 5 of 9 calls left, resumes after 20")
    rows = rows_in_lake(home, COMTRADE)
    assert 0 < rows < len(api.truth()) and rows == sum(r.rows_read for r in landing.receipts(home)), "what landed stays"
    failed = run(home, COMTRADE, by_hand(COMTRADE, ASKED))
    assert not failed.success and "found it used up" in str(failed.get_step_failure_events()[0].step_failure_data)
    for budget in (home.root / "budget").glob("*.json"):
        budget.unlink()  # midnight
    second = run(home, COMTRADE, tick(COMTRADE, datetime(2026, 3, 2, 2, tzinfo=UTC)))
    assert second.success and waits(second) == "-" and rows_in_lake(home, COMTRADE) == len(api.truth())


def test_an_edition_that_is_late_is_asked_for_until_it_has_landed(home: Home, wire: Wire) -> None:
    config = tick(BACI, datetime(2025, 2, 20, 5, tzinfo=UTC))
    result = run(home, BACI, config)
    assert result.success and waits(result) == "V202501 is not published yet (HTTP 404), asked again at the next tick"
    failed = run(home, BACI, by_hand(BACI, {"version": "V202501"}))
    assert not failed.success and "found 404" in str(failed.get_step_failure_events()[0].step_failure_data)
    wire.on("/BACI_HS96_V202501.zip", Reply(b"gone", 410), Reply(worlds()["baci"].publisher(seen=wire.log[-1]).body))
    assert not run(home, BACI, config).success, "another refusal is a failure"
    assert waits(run(home, BACI, tick(BACI, datetime(2025, 3, 20, 5, tzinfo=UTC)))) == "-"
    skipped = tick(BACI, datetime(2025, 4, 20, 5, tzinfo=UTC))
    assert isinstance(skipped, dg.SkipReason) and skipped.skip_message == "V202501 is landed"
    assert not isinstance(tick(BACI, datetime(2026, 2, 20, 5, tzinfo=UTC)), dg.SkipReason)


def test_only_an_edition_may_be_missing(home: Home, wire: Wire) -> None:
    """An address that is gone is news for a person, also in a scheduled run."""
    fao = all_sources()["faostat_crops"]
    assert [s.name for s in all_sources().values() if s.watch and s.watch.awaited] == ["baci"]
    assert fao.watch and fao.watch.cron
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACPGVC_FAOSTAT_CROPS_BASE_URL", wire.url)
        assert not run(home, fao, tick(fao, datetime(2026, 1, 10, 5, tzinfo=UTC))).success


def test_arguments_that_follow_the_clock_name_spans_or_an_edition_that_is_awaited() -> None:
    """Whatever else is named by the clock would fail every year until the publisher has it."""
    for spec in all_sources().values():
        named = {k for k, text in spec.watch.arguments.items() if "{" in text} if spec.watch else set()
        assert named <= {"from", "to", "years", spec.watch.awaited if spec.watch else ""}, spec.name
