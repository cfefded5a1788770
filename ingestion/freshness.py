"""How old a source is, judged by the newest data it has: a file of an old year that comes late makes nothing fresh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ingestion.receipt import Receipt
from ingestion.spec import SourceSpec


@dataclass(frozen=True)
class Freshness:
    """`as_of`: when the newest data came; `newest_year`: their last year (None where the table has no years)."""

    as_of: datetime
    newest_year: int | None
    is_late: bool


def freshness(spec: SourceSpec, receipts: Sequence[Receipt], now: datetime) -> Freshness | None:
    """Judge the receipts of one source at the time `now` (UTC, aware); None when the source is not loaded.

    Only files that reach the last year of the source count, in its newest vintage: what a backfill brings is neither.
    Late is what is older than the declaration's `watch` allows; a source without `watch` is never late.
    """
    live = [r for r in receipts if not r.duplicate_of]
    if not live:
        return None
    newest = max((r.last_year for r in live if r.last_year is not None), default=None)
    reaching = [r for r in live if r.last_year == newest]
    vintage = max(r.vintage for r in reaching)
    came = max(r.retrieved_at for r in reaching if r.vintage == vintage)
    as_of = datetime.fromisoformat(came).replace(tzinfo=UTC)
    return Freshness(as_of, newest, spec.watch is not None and now - as_of > timedelta(days=spec.watch.late_after_days))
