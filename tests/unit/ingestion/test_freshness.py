"""A source is as fresh as its newest data: what a backfill brings counts for nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from fake_source import fake
from ingestion.freshness import freshness
from ingestion.registry import all_sources
from ingestion.spec import Watch

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SPEC = fake(watch=Watch(late_after_days=60))


def receipt(came: str, last_year: int | None = 2025, vintage: str = "1", duplicate_of: str | None = None) -> Any:
    return SimpleNamespace(retrieved_at=f"{came}T00:00:00Z", last_year=last_year, vintage=vintage, duplicate_of=duplicate_of)


@pytest.mark.parametrize(
    ("receipts", "as_of", "is_late"),
    [
        ([receipt("2026-05-01")], "2026-05-01", False),
        ([receipt("2026-03-01")], "2026-03-01", True),
        ([receipt("2026-03-01"), receipt("2026-05-30", last_year=2001)], "2026-03-01", True),  # a backfill of an old year
        ([receipt("2026-03-01", vintage="2"), receipt("2026-05-30", vintage="1")], "2026-03-01", True),  # an old vintage, late
        ([receipt("2026-03-01"), receipt("2026-05-30", duplicate_of="x")], "2026-03-01", True),  # the same rows again
        ([receipt("2026-03-01"), receipt("2026-05-30", last_year=2026)], "2026-05-30", False),
        ([receipt("2026-05-30", last_year=None)], "2026-05-30", False),
    ],
)
def test_age_is_that_of_the_newest_data(receipts: list[Any], as_of: str, is_late: bool) -> None:
    found = freshness(SPEC, receipts, NOW)
    assert found and (f"{found.as_of:%Y-%m-%d}", found.is_late) == (as_of, is_late)


def test_without_data_or_calendar_nothing_is_late() -> None:
    assert freshness(SPEC, [], NOW) is None
    found = freshness(fake(), [receipt("2001-01-01")], NOW)
    assert found and not found.is_late


def test_what_is_fetched_by_calendar_has_an_interface() -> None:
    watched = [s for s in all_sources().values() if s.watch and s.watch.cron]
    assert watched and [s.name for s in watched if s.plan is None] == []
