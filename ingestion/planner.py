"""What a fetch would cost, before it is made: calls, days, order, what is left, and what a plan without thought would cost."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingestion import content
from ingestion.fetch import check_can_fetch, slices_of, tasks_of
from ingestion.http import Client
from ingestion.ingest import Progress, silent
from ingestion.journal import Journal
from ingestion.settings import Home
from ingestion.spec import Budget, SourceSpec, Task
from ingestion.spool import Spool

# What a word of an argument stands for; of a level the codes in HS 1996.
SIZES = {"TOTAL": 1, "AG2": 96, "AG4": 1241, "AG6": 5113, **dict.fromkeys(("ACP", "all"), content.ACP.count(",") + 1)}


@dataclass(frozen=True)
class Outlook:
    """The plan of one fetch. `asked` calls were made to know it. `left`: of the allowance now, None without a limit."""

    tasks: list[Task]
    asked: int
    left: int | None
    limits: Budget
    naive: tuple[int, str] | None  # calls, and how they come about

    @property
    def calls(self) -> int:
        """Expected calls. Pages of an answer are known only when the first is there."""
        return sum(t.calls for t in self.tasks)

    @property
    def windows(self) -> int:
        """Days (or hours, where the publisher counts those) in which calls are made."""
        limit = self.limits.calls_per_day or self.limits.calls_per_hour
        if limit is None or self.left is None:
            return 1
        return (1 if self.left else 0) + -(-max(0, self.calls - self.left) // limit)

    @property
    def seconds(self) -> float:
        """Time that the distance between calls takes at least, without the waiting for another day."""
        return self.calls * self.limits.min_interval_s


def naive(spec: SourceSpec, args: Mapping[str, str]) -> tuple[int, str] | None:
    """Calls of a plan without thought, one for each combination, and how they come about. None where none can be made.

    Arguments that are left out and have no default are left out of the arithmetic too: it is never too high.
    """
    given = [(words, argument, args.get(argument, default)) for words, argument, default in spec.one_by_one]
    counts = [(_count(argument, value, args), words) for words, argument, value in given if value]
    return (math.prod(n for n, _ in counts), " x ".join(f"{n} {words}" for n, words in counts)) if counts else None


def _count(argument: str, value: str, args: Mapping[str, str]) -> int:
    if argument == "years":
        return len(content.years(value)) * (12 if args.get("freq") == "M" else 1)
    if argument == "from":  # months that a window touches
        (y0, m0), (y1, m1) = ((int(day[:4]), int(day[5:7])) for day in (value, args["to"]))
        return (y1 - y0) * 12 + m1 - m0 + 1
    return sum(SIZES.get(word, 1) for word in re.split("[,+]", value))


def outlook(home: Home, spec: SourceSpec, args: Mapping[str, str], on_progress: Progress | None = None) -> Outlook:
    """Plan a fetch. Asks the publisher only for what it lists of its data (availability), never for data.

    Raises:
        As `Client.download`; TerminalError for wrong arguments.
    """
    check_can_fetch(home, spec)
    client, journal = Client(spec, home.root / "budget", say=on_progress or silent), Journal(home, spec.name)
    spool = Spool(home, client, lambda request: on_progress(f"{spec.name}: {request.note}") if on_progress else None)
    try:
        tasks = tasks_of(spec, args, spool.ask, journal.missing)
    finally:
        spool.close()
    since = journal.since(args)
    left = client.budget_of(client.base).left()
    todo = [t for t in tasks if journal.missing(slices_of(t, since))]
    return Outlook(todo, spool.made, left, client.limits, naive(spec, args))
