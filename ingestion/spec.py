"""What a source is: a declaration plus `recognise`, `plan` and `parse`. One source feeds one raw table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # polars and pandera are heavy: `acpgvc status` and the nothing-new decision never load them
    import polars as pl
    from pandera.polars import DataFrameSchema

    from ingestion.http import Answer
    from ingestion.sniff import Sniff


@dataclass(frozen=True)
class Recognition:
    """A file's content says which layout of which source it is.

    `refused` is set when the file is known but must not be used (someone converted or aggregated it).
    `batch_key` joins files that are only complete together (pages of one answer).
    """

    layout: str
    refused: str | None = None
    batch_key: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """The rows of one file.

    `frame` has the columns of the source's schema plus `_row` (1-based data row in the file, Int64).
    `bad` holds rows that could not be read into the schema's types, one line a fault:
    `_row` Int64, `column`, `expected`, `found`, `remedy` (String).
    `rows_read` counts the data rows of the file: every one of them is in `frame` or in `bad`.
    `vintage` is the publisher's own name or date for this state of the data, sortable as text; '' when it gives none.
    """

    frame: pl.DataFrame
    bad: pl.DataFrame
    rows_read: int
    vintage: str = ""


@dataclass(frozen=True)
class Request:
    """One call. Secrets never stand here: the HTTP layer adds the key from the environment as a header."""

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    method: Literal["GET", "POST"] = "GET"
    json: Any = None
    is_form: bool = False  # `json` travels as form fields instead
    note: str = ""  # what the call is for, shown as progress
    is_counted: bool = True  # False: the publisher's allowance of a day or an hour does not count it (structure calls)


@dataclass(frozen=True)
class Budget:
    """How much the publisher allows, for all processes of a home together. None = no limit known.

    `ACPGVC_<SOURCE>_<FIELD IN CAPITALS>` overrides a field. A day begins at midnight UTC, an hour is the last sixty minutes.
    """

    min_interval_s: float = 1.0  # between two calls to a host
    calls_per_day: int | None = None
    read_timeout_s: float = 120.0
    total_timeout_s: float = 3600.0
    calls_per_hour: int | None = None
    max_concurrent: int = 1  # calls to a host at one time, until the last byte of their answers
    day_s: float = 86_400.0  # other values are for tests of what happens at midnight


Ask = Callable[..., "Answer"]  # (request, token="") -> Answer; the same request under the same token is called once

Missing = Callable[[Mapping[str, str]], Mapping[str, str]]  # slices with tokens -> those that did not land under their token


@dataclass(frozen=True)
class Haul:
    """The answers of one task, proven whole. `proof` goes into the receipts: what was asked, and how it was split.

    `is_settled` False: whole, and yet so odd that it is not noted as landed.
    """

    answers: list[tuple[Request, Answer]]
    proof: Mapping[str, Any] = field(default_factory=dict)
    is_settled: bool = True


@dataclass(frozen=True)
class Task:
    """A piece of a fetch that is whole by itself: its answers are landed together, or none of them is.

    `slices`: what it covers -> the publisher's token of its state. A slice that landed under this token is not asked again.
    Without slices the task is asked once in each fetch.
    """

    name: str
    note: str  # for people
    run: Callable[[Ask], Haul]
    slices: Mapping[str, str] = field(default_factory=dict)
    calls: int = 1  # expected
    rows: int | None = None  # at most, when the publisher says so beforehand
    request: Request | None = None  # of a task of one call: asked with If-None-Match where the publisher sends tags


@dataclass(frozen=True)
class Watch:
    """When to look for news. `cron` (UTC) follows the publisher's calendar, `arguments` are those of `acpgvc fetch`; in them `{now}`
    is the time of the look and `{since}` the one `back_days` before it, with a format such as `{since:%Y-%m-%d}`.

    None for `cron`: the file is dropped by hand, and only its age is watched. `late_after_days` is counted from the newest data.
    `awaited` names the argument that is an edition which may not be there yet: it is asked for at each tick until it has landed.
    """

    late_after_days: int
    cron: str | None = None
    arguments: Mapping[str, str] = field(default_factory=dict)
    back_days: int = 0
    awaited: str = ""

    def arguments_at(self, now: datetime) -> dict[str, str]:
        """The arguments of a look at the time `now`."""
        since = now - timedelta(days=self.back_days)
        return {name: text.format(now=now, since=since) for name, text in self.arguments.items()}


@dataclass(frozen=True)
class Revisions:
    """What is told of a new vintage, and how much it may change before nothing is built from it until a person has looked.

    `measure` are the columns whose revisions are summed, several of them added up (of a list its sum); none where rows hold no
    number: only rows that are gone are counted then. `by`: the columns (country, product) that they are summed by. Shares of
    the rows before, 0 to 1: rows that are gone, and rows whose measure changed by more than half.
    """

    measure: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    max_removed: float = 0.2
    max_far_revised: float = 0.2


@dataclass(frozen=True)
class SourceSpec:
    """Everything the platform knows about one source. Assets, checks, docs rows and doors come from here."""

    name: str  # 'comtrade': module stem, schema stem, folder of the staging model
    table: str  # 'raw_comtrade__data': asset key, lake folder, dbt source table
    title: str
    publisher: str
    homepage: str
    citation: str
    licence: str
    may_redistribute: bool
    kind: Literal["trade", "value_added", "standards", "context"]
    cadence: str  # in words of the publisher: 'yearly in January', 'monthly', ...
    hosts: tuple[str, ...]
    yearly: bool  # the publisher ships years: parts by `year` in the lake, yearly partitions in Dagster
    key: tuple[str, ...]  # columns that name one row in one file; a repeat is a fault
    partition: tuple[str, ...]  # columns that name what a newer file replaces as a whole
    layouts: Mapping[str, str]  # layout -> one line for people; order = preference, best first
    recognise: Callable[[Sniff], Recognition | None]
    parse: Callable[[Path, Recognition], Parsed]
    schema: Callable[[], DataFrameSchema]  # pandera, lazily imported
    plan: Callable[[Mapping[str, str]], Iterable[Request]] | None = None  # None: arrives as a file only
    pieces: Callable[[Path, Recognition], Iterable[Parsed]] | None = None  # archives too big for memory: `parse`, whole years at a time
    follow: Callable[[Request, Path], Iterable[Request]] | None = None  # further pages of an answer
    tasks: Callable[[Iterable[Request], Ask, Missing], Iterable[Task]] | None = None  # None: one a call of the plan
    verify: Callable[[list[Path]], None] | None = None  # raises when the files of one batch are not complete
    watch: Watch | None = None  # None: nothing is expected (the publication has ended, or has no calendar)
    revisions: Revisions | None = None  # None: rows are counted only, any change passes
    unbounded: str = ""  # without `revisions`: why no vintage of this source can remove or revise too much
    is_whole: bool = True  # a file holds all that there is: a partition that it lacks is gone. False: files answer questions
    key_env: str | None = None
    key_header: str | None = None
    more_keys: Mapping[str, str] = field(default_factory=dict)  # header -> environment variable of what travels with the key
    budget: Budget = Budget()
    keyless_budget: Budget | None = None  # when the publisher also answers without a key
    no_data: Mapping[int, str] = field(default_factory=dict)  # HTTP status -> pattern of its body: a valid question without rows
    wire_fields: Mapping[str, tuple[str, ...] | Callable[[Request], tuple[str, ...]]] = field(default_factory=dict)
    # layout -> names on the wire, for `fetch --observe`; a function where the asker names them
    one_by_one: tuple[tuple[str, str, str], ...] = ()  # (countries, argument that names them, default): a plan without thought asks each
    # combination in a call of its own. Empty: there is no such plan, whole files or all pages come whatever is asked
    base_url: str = ""  # default; ACPGVC_<NAME>_BASE_URL overrides
    plan_help: str = ""  # the arguments `acpgvc fetch` takes for this source, with an example

    @property
    def key_variables(self) -> tuple[str, ...]:
        """Environment variables without which the publisher is not asked under one's own key."""
        return (self.key_env, *self.more_keys.values()) if self.key_env else ()
