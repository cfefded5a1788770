"""What a source is: a declaration plus `recognise`, `plan` and `parse`. One source feeds one raw table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # polars and pandera are heavy: `acpgvc status` and the nothing-new decision never load them
    import polars as pl
    from pandera.polars import DataFrameSchema

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
    note: str = ""  # what the call is for, shown as progress


@dataclass(frozen=True)
class Budget:
    """How much the publisher allows. `min_interval_s` between calls; `calls_per_day` None = no limit known."""

    min_interval_s: float = 1.0
    calls_per_day: int | None = None
    read_timeout_s: float = 120.0
    total_timeout_s: float = 3600.0


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
    verify: Callable[[list[Path]], None] | None = None  # raises when the files of one batch are not complete
    key_env: str | None = None
    key_header: str | None = None
    more_keys: Mapping[str, str] = field(default_factory=dict)  # header -> environment variable of what travels with the key
    budget: Budget = Budget()
    base_url: str = ""  # default; ACPGVC_<NAME>_BASE_URL overrides
    plan_help: str = ""  # the arguments `acpgvc fetch` takes for this source, with an example
