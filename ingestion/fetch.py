"""Fetch from a publisher: plan, download, follow, then the same pipeline as for a dropped folder."""

from __future__ import annotations

import json
import shutil
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion import atomic
from ingestion.drop import Offer
from ingestion.errors import TerminalError
from ingestion.http import Answer, Client
from ingestion.ingest import Progress, ingest_offers
from ingestion.recognise import claim_of
from ingestion.report import IngestReport
from ingestion.settings import Home
from ingestion.spec import Request, SourceSpec

MAX_CALLS = 10_000  # per fetch; a `follow` that never ends is a fault


def fetch(home: Home, spec: SourceSpec, args: Mapping[str, str], on_progress: Progress | None = None) -> IngestReport:
    """Download what `spec.plan(args)` asks for, with all further pages, and ingest it.

    Nothing is ingested unless every page came: an answer is complete or it is not there.

    Raises:
        TransientError: the publisher could not answer now.
        TerminalError: wrong arguments, key or profile, used-up quota, or an answer that may not be used.
    """
    if spec.plan is None:
        raise TerminalError(f"{spec.name}: expected a source with an interface, found one of files. Remedy: acpgvc run --drop FOLDER")
    if home.profile == "sample":
        raise TerminalError("expected profile main for a fetch, found sample: real data never enters the sample. Remedy: --profile main")
    client, quota = Client(spec), DailyCalls(home, spec)
    folder = atomic.temp_beside(home.folder / "incoming" / spec.name)
    folder.mkdir(parents=True)
    try:
        todo: deque[Request] = deque(spec.plan(args))
        offers: list[Offer] = []
        number = 0
        while todo:
            request = todo.popleft()
            number += 1
            if number > MAX_CALLS:
                raise TerminalError(f"{spec.name}: expected at most {MAX_CALLS} calls, found more to do. Remedy: ask for less at a time")
            if on_progress:
                on_progress(f"{spec.name} call {number} of {number + len(todo)}: {request.note or request.url}")
            quota.count()
            answer = client.download(request, folder / f"{number:05d}")
            offers.append(_offer(client, request, answer))
            _check_claim(spec, offers[-1])
            if spec.follow:
                todo.extend(spec.follow(request, answer.path))
        return ingest_offers(home, spec, _distinct(offers), on_progress, {spec.name: spec})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _offer(client: Client, request: Request, answer: Answer) -> Offer:
    described: dict[str, Any] = {"kind": "fetch", "method": request.method, "url": answer.url, "params": dict(request.params)}
    if request.json is not None:
        described["json"] = request.json
    described = json.loads(client.redact(json.dumps(described)))
    return Offer(answer.path, (request.note or answer.url,), answer.sha256, answer.size_bytes, described, answer.headers)


def _check_claim(spec: SourceSpec, offer: Offer) -> None:
    """HTTP 200 proves nothing: what came must be one of the source's own layouts.

    Raises:
        TerminalError: it is an error page, a cut answer or archive, or an unknown layout.
    """
    claim = claim_of(offer, {spec.name: spec})
    if claim.recognition is None:
        raise TerminalError(
            f"{offer.name}: expected an answer of {spec.name}, found {claim.why}. "
            f"Remedy: fetch again later; when it stays, the publisher changed its interface: report this"
        )
    if spec.verify and claim.recognition.batch_key is None:  # pages are verified together, when all of them are there
        spec.verify([offer.path])


def _distinct(offers: list[Offer]) -> list[Offer]:
    """One offer per content, in the order of hashes, as a dropped folder gives them."""
    return [offer for _, offer in sorted({o.sha256: o for o in reversed(offers)}.items())]


class DailyCalls:
    """Counts calls per day (UTC) in a small file, so that a reserve of the publisher's quota is left for a person."""

    def __init__(self, home: Home, spec: SourceSpec) -> None:
        self.spec = spec
        self.path: Path = home.folder / "calls" / f"{spec.name}.json"

    def count(self) -> None:
        """Count one call.

        Raises:
            TerminalError: the budget of the day is used up.
        """
        limit = self.spec.budget.calls_per_day
        if limit is None:
            return
        today = datetime.now(UTC).date().isoformat()
        with atomic.locked(self.path.with_suffix(".lock")):
            try:
                seen = json.loads(self.path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                seen = {}
            made = int(seen.get("calls", 0)) if seen.get("day") == today else 0
            if made >= limit:
                raise TerminalError(
                    f"{self.spec.name}: expected at most {limit} calls a day, found them used up. Remedy: run again tomorrow"
                )
            atomic.write_bytes(self.path, json.dumps({"day": today, "calls": made + 1}).encode())
