"""The budget of a host: kept by all processes of a home, over restarts, and told in words."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from fake_source import fake
from ingestion.budget import HostBudget, limits_of
from ingestion.errors import BudgetSpent, TerminalError
from ingestion.spec import Budget

TAKE = """
import sys
from pathlib import Path
from ingestion.budget import HostBudget
from ingestion.errors import BudgetSpent
from ingestion.spec import Budget
budget, taken = HostBudget(Path(sys.argv[1]), "h", Budget(0.0, 50)), 0
try:
    while True:
        budget.take()
        taken += 1
except BudgetSpent:
    print(taken)
"""


def test_processes_share_one_day(tmp_path: Path) -> None:
    runs = [subprocess.Popen([sys.executable, "-c", TAKE, str(tmp_path)], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(run.communicate(timeout=60)[0]) for run in runs) == 50
    assert HostBudget(tmp_path, "h", Budget(0.0, 50)).left() == 0


def test_a_day_ends_at_midnight_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 20_000 * 86_400 - 5.0  # five seconds to midnight
    monkeypatch.setattr(time, "time", lambda: now)
    budget = HostBudget(tmp_path, "h", Budget(0.0, 2))
    budget.take()
    budget.take()
    with pytest.raises(BudgetSpent, match=r"2 of 2 calls are made.*after 2024-10-04 00:00:00 UTC") as e:
        budget.take()
    assert e.value.opens_at.timestamp() == 20_000 * 86_400
    now += 6
    assert (budget.take(), budget.left()) == (0.0, 1)


def test_an_hour_is_the_last_sixty_minutes_and_structure_calls_are_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000_000.0
    monkeypatch.setattr(time, "time", lambda: now)
    budget = HostBudget(tmp_path, "h", Budget(0.0, calls_per_hour=1))
    budget.take()
    now += 3599
    budget.take(is_counted=False)
    with pytest.raises(BudgetSpent):
        budget.take()
    now += 2
    assert budget.take() == 0.0


def test_calls_of_two_owners_keep_their_distance(tmp_path: Path) -> None:
    waits = [HostBudget(tmp_path, "h", Budget(2.0)).take() for _ in range(3)]
    assert waits == [0.0, pytest.approx(2.0, abs=0.2), pytest.approx(4.0, abs=0.2)]
    assert HostBudget(tmp_path, "other", Budget(2.0)).take() == 0.0


def test_a_clock_that_was_set_back_does_not_stop_calls_for_years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    HostBudget(tmp_path, "h", Budget(2.0)).take()
    monkeypatch.setattr(time, "time", lambda: 1_000_000_000.0)
    assert HostBudget(tmp_path, "h", Budget(2.0)).take() == 0.0


def test_what_the_publisher_asks_for_holds_for_all(tmp_path: Path) -> None:
    one, other = HostBudget(tmp_path, "h", Budget(0.0)), HostBudget(tmp_path, "h", Budget(0.0))
    one.hold(5, "HTTP 429")
    assert other.take() == pytest.approx(5, abs=0.2)
    one.hold(3600, "out of quota")
    with pytest.raises(BudgetSpent, match="out of quota"):
        other.take()
    assert other.left() == 0


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACPGVC_FAKE_CALLS_PER_DAY", "7")
    monkeypatch.setenv("ACPGVC_FAKE_MIN_INTERVAL_S", "0.25")
    limits = limits_of(fake())
    assert (limits.calls_per_day, limits.min_interval_s, limits.read_timeout_s) == (7, 0.25, 2.0)
    monkeypatch.setenv("ACPGVC_FAKE_CALLS_PER_DAY", "many")
    with pytest.raises(TerminalError, match="ACPGVC_FAKE_CALLS_PER_DAY: expected a number from 0, found 'many'"):
        limits_of(fake())


def test_callers_without_key_have_their_own_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = fake(keyless_budget=Budget(3.0, 100))
    assert limits_of(spec).calls_per_day == 100
    monkeypatch.setenv("ACPGVC_TEST_FAKE_KEY", "k")
    assert limits_of(spec).calls_per_day is None
