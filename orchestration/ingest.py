"""From an asset's configuration to the one door of the ingestion: drop folder and download are the same from there on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ingestion.ingest import ingest_offers, ingest_table
from ingestion.report import IngestReport
from ingestion.settings import Home
from ingestion.spec import SourceSpec


def take_in(home: Home, spec: SourceSpec, drop: str | None, fetch: Mapping[str, str], say: Callable[[str], None]) -> IngestReport:
    """Take in what `drop` holds of this source, then what `fetch` brings.

    Raises:
        TerminalError: sample and real data would mix, a path is missing, the publisher refuses.
        TransientError: the publisher did not answer after the HTTP layer's own retries.
    """
    report = ingest_table(home, spec, [Path(drop)] if drop else None, say)
    if fetch:
        from ingestion.fetch import fetch as download

        report.extend(ingest_offers(home, spec, download(home, spec, fetch, say), say))
    return report
