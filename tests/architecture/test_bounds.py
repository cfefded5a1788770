"""A new vintage blocks when it removes or revises too much: every source says how much that is, or why it cannot."""

from __future__ import annotations

from ingestion.registry import all_sources


def test_every_source_declares_its_bounds_or_says_why_none_can_be() -> None:
    specs = list(all_sources().values())
    assert [s.name for s in specs if (s.revisions is None) != bool(s.unbounded)] == []
    # Without bounds are only those whose newer file replaces rows one by one: nothing that it lacks falls out of use.
    assert [s.name for s in specs if s.unbounded and (s.is_whole or set(s.partition) != set(s.key) - {"_row"})] == []


def test_numbers_are_compared_wherever_rows_hold_them() -> None:
    """A measure and what it is summed by come together; without a measure are codes, texts and refusals."""
    bounded = {s.name: s.revisions for s in all_sources().values() if s.revisions}
    assert [name for name, r in bounded.items() if bool(r.measure) != bool(r.by)] == []
    assert {name for name, r in bounded.items() if not r.measure} == {"comtrade_references", "eu_uk_tariffs", "fda"}
