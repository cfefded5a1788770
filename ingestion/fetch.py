"""Fetch from a publisher: plan, ask within the budget, prove whole, then the same pipeline as for a dropped folder.

A fetch is a row of tasks. What a task brings is landed as a whole or not at all; what landed is not asked again, also when
the fetch was killed or the allowance of the day was used up in between. Two processes share the tasks.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import Any

from ingestion.drop import Offer
from ingestion.errors import BudgetSpent, IngestionError, NoData, NotFound, TerminalError
from ingestion.http import Answer, Client
from ingestion.ingest import Progress, ingest_offers, silent
from ingestion.journal import Journal
from ingestion.paged import paged
from ingestion.recognise import claim_of
from ingestion.report import IngestReport
from ingestion.settings import Home
from ingestion.spec import Ask, Haul, Missing, Request, SourceSpec, Task
from ingestion.spool import Spool

LANDED_AT = 40  # so many files of tasks that a kill would not cost are landed in one go


def fetch(home: Home, spec: SourceSpec, args: Mapping[str, str], on_progress: Progress | None = None) -> IngestReport:
    """Ask for what `spec.plan(args)` names and did not land yet, and ingest it. Stops at the first file that is rejected.

    Raises:
        TransientError: the publisher could not answer now.
        BudgetSpent: the allowance is used up; says until when.
        TerminalError: wrong arguments, key or profile, or an answer that may not be used.
        All of them say what landed before, and how many calls are left.
    """
    check_can_fetch(home, spec)
    journal = Journal(home, spec.name)
    since = journal.begin(args)
    told = _Told(spec, on_progress)
    spool = Spool(home, Client(spec, home.root / "budget", say=on_progress or silent), told.before_call)
    report = IngestReport()
    with ExitStack() as held:
        basket = _Basket(home, spec, journal, spool, report, on_progress)
        try:
            tasks = tasks_of(spec, args, spool.ask, journal.missing)
            for is_second_look in (False, True):  # what another process was at is looked at again at the end
                todo = [t for t in tasks if journal.missing(slices_of(t, since))]
                told.begin(todo)
                for task in todo:
                    if report.rejected:
                        break
                    if held.enter_context(spool.lease(task.name, wait=is_second_look)) and journal.missing(slices_of(task, since)):
                        basket.add(task, slices_of(task, since), *_run(spec, task, spool, journal))
                        told.done(task)
                    if basket.is_full:
                        basket.land()
                        held.close()
                basket.land()
                held.close()
        except IngestionError as e:
            basket.land()  # what is whole is kept
            e.landed, e.calls = report, (told.left, told.planned)
            raise
        finally:
            spool.close()
    if not report.rejected:
        journal.end(args)
    return report if report.tables else ingest_offers(home, spec, None, on_progress, {spec.name: spec})


def comes_later(spec: SourceSpec, args: Mapping[str, str], error: IngestionError) -> str:
    """Why a fetch that is made again by itself has not failed with this error; '' when it has.

    An allowance that is used up comes back, and an edition whose name follows the clock may not be there yet.
    """
    if isinstance(error, BudgetSpent):
        left, planned = error.calls
        calls = f"{left:,} of {planned:,} calls left" if planned else "before it was known what to ask"
        return f"allowance spent, {calls}, resumes after {error.opens_at:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(error, NotFound) and spec.watch and spec.watch.awaited in args:
        return f"{args[spec.watch.awaited]} is not published yet (HTTP 404), asked again at the next tick"
    return ""


def check_can_fetch(home: Home, spec: SourceSpec) -> None:
    """Raises TerminalError when the source has no interface, or the profile is not for real data."""
    if spec.plan is None:
        raise TerminalError(f"{spec.name}: expected a source with an interface, found one of files. Remedy: acpgvc run --drop FOLDER")
    if home.profile == "sample":
        raise TerminalError("expected profile main for a fetch, found sample: real data never enters the sample. Remedy: --profile main")


def tasks_of(spec: SourceSpec, args: Mapping[str, str], ask: Ask, missing: Missing) -> list[Task]:
    """The tasks of a fetch, in order. May ask the publisher what there is.

    Raises:
        As `Client.download`; TerminalError for wrong arguments.
    """
    assert spec.plan is not None
    requests = spec.plan(args)
    return list(spec.tasks(requests, ask, missing) if spec.tasks else (paged(spec, r) for r in requests))


def slices_of(task: Task, since: str) -> Mapping[str, str]:
    """What a task covers, each with its token; without the publisher's, the token is the fetch itself."""
    return task.slices or {task.name: since}


def _run(spec: SourceSpec, task: Task, spool: Spool, journal: Journal) -> tuple[Haul, list[Answer]]:
    """The answers of a task, each in one of the source's layouts and all of them whole (none when the publisher has no rows),
    and all bodies that came on the way."""
    have = journal.headers(next(iter(task.slices), task.name)) if task.request else {}
    came: list[Answer] = []

    def ask(request: Request, token: str = "") -> Answer:
        came.append(spool.ask(request, token, have if request is task.request else None))
        return came[-1]

    try:
        haul = task.run(ask)
        if not any(a.is_unchanged for _, a in haul.answers):
            _check(spec, [_offer(spool.client, r, a, haul.proof) for r, a in haul.answers])
        return haul, came
    except NoData:
        return Haul([]), came
    except BudgetSpent:
        raise  # what came is good, and goes on later
    except TerminalError:
        spool.drop(came)
        raise


def _check(spec: SourceSpec, offers: list[Offer]) -> None:
    """HTTP 200 proves nothing: what came must be one of the source's own layouts, and whole.

    Raises:
        TerminalError: it is an error page, a cut answer or archive, or an unknown layout.
    """
    for offer in offers:
        claim = claim_of(offer, {spec.name: spec})
        if claim.recognition is None or claim.recognition.refused:
            found = claim.recognition.refused if claim.recognition else claim.why
            raise TerminalError(
                f"{offer.name}: expected an answer of {spec.name}, found {found}. "
                f"Remedy: fetch again later; when it stays, the publisher changed its interface: report this"
            )
    paths = [offer.path for offer in offers]
    if spec.verify:
        for together in [paths] if spec.follow else [[p] for p in paths]:
            spec.verify(together)


def described(client: Client, request: Request, answer: Answer, proof: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What was asked, without secrets, as a receipt holds it."""
    about: dict[str, Any] = {"kind": "fetch", "method": request.method, "url": answer.url, "params": dict(request.params)}
    about |= {"json": request.json} if request.json is not None else {}
    about |= {"proof": proof} if proof else {}
    return json.loads(client.redact(json.dumps(about)))


def _offer(client: Client, request: Request, answer: Answer, proof: Mapping[str, Any]) -> Offer:
    about = described(client, request, answer, proof)
    return Offer(answer.path, (request.note or answer.url,), answer.sha256, answer.size_bytes, about, answer.headers)


class _Basket:
    """Whole hauls on their way into the landing zone."""

    def __init__(
        self, home: Home, spec: SourceSpec, journal: Journal, spool: Spool, report: IngestReport, on_progress: Progress | None
    ) -> None:
        self.home, self.spec, self.journal, self.spool, self.report, self.on_progress = home, spec, journal, spool, report, on_progress
        self.hauls: list[tuple[Mapping[str, str], Haul]] = []
        self.came: list[Answer] = []
        self.costs_calls = False

    def add(self, task: Task, slices: Mapping[str, str], haul: Haul, came: list[Answer]) -> None:
        self.hauls.append((slices, haul))
        self.came += came
        self.costs_calls |= not task.slices  # a kill before landing would lose it

    @property
    def is_full(self) -> bool:
        return self.costs_calls or sum(max(1, len(h.answers)) for _, h in self.hauls) >= LANDED_AT

    def land(self) -> None:
        """Ingest what is there, write down that it is landed, forget the bytes."""
        hauls, self.hauls, self.costs_calls = self.hauls, [], False
        fresh = [(s, h) for s, h in hauls if not any(a.is_unchanged for _, a in h.answers)]
        for slices, _ in (pair for pair in hauls if pair not in fresh):
            self.journal.retoken(slices)
        offers = [_offer(self.spool.client, r, a, h.proof) for _, h in fresh for r, a in h.answers]
        refused: set[str] = set()
        if offers:
            # One offer per content, in the order of hashes, as a dropped folder gives them.
            distinct = [offer for _, offer in sorted({o.sha256: o for o in reversed(offers)}.items())]
            landed = ingest_offers(self.home, self.spec, distinct, self.on_progress, {self.spec.name: self.spec})
            refused = {f.sha256 for f in landed.files if f.status in ("rejected", "refused")}
            self.report.extend(landed)
        for slices, haul in fresh:
            files = [a.sha256 for _, a in haul.answers]
            if haul.is_settled and not refused & set(files):
                self.journal.record(slices, files, haul.answers[0][1].headers if haul.answers else {})
        self.spool.drop(self.came)
        self.came = []


class _Told:
    """Says what is asked, how many calls are left, and how long they take at the pace so far."""

    def __init__(self, spec: SourceSpec, say: Progress | None) -> None:
        self.spec, self.say = spec, say
        self.made, self.left, self.planned, self.started = 0, 0, 0, time.monotonic()

    def begin(self, tasks: Iterable[Task]) -> None:
        self.left = sum(t.calls for t in tasks)
        self.planned = self.planned or self.left

    def done(self, task: Task) -> None:
        self.left -= task.calls

    def before_call(self, request: Request) -> None:
        pace = (time.monotonic() - self.started) / self.made if self.made else 0.0
        self.made += 1
        if self.say:
            togo = f", about {self.left} to go" + (f" in {_span(pace * self.left)}" if pace else "") if self.left > 1 else ""
            self.say(f"{self.spec.name} call {self.made}{togo}: {request.note or request.url}")


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
