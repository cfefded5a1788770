"""What is written down about a landed file: a receipt when its rows are in use, a rejection when they are not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, NotRequired, Self, TypedDict


class Part(TypedDict):
    """One lake file of a receipt. `year` is None for tables that are not kept by year."""

    year: int | None
    rows: int
    content_sha256: str
    duplicate_of: NotRequired[str]  # sha256 of the receipt whose part of that year already holds these rows


@dataclass(frozen=True)
class _Json:
    """JSON with sorted keys: the same record gives the same bytes."""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Raises ValueError when the text is no JSON, TypeError when a field is missing. Unknown fields are ignored."""
        known = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in json.loads(text).items() if k in known})


@dataclass(frozen=True)
class Receipt(_Json):
    """One landed and accepted file. Written last: bytes without a receipt do not exist to readers."""

    source: str
    table: str
    layout: str
    layout_rank: int  # 0 = best layout of the source
    batch: str  # sha256 over the sorted sha256 of the files that are only complete together
    batch_size: int
    request: Mapping[str, Any]  # where the bytes came from; no secrets
    headers: Mapping[str, str]  # ETag, Last-Modified, Content-Type, Content-Length
    retrieved_at: str  # UTC, ISO 8601, seconds; one value for all files of one input
    sha256: str  # of the bytes: for tracing
    content_sha256: str  # of the parsed sorted rows: for vintages, skipping, identity of releases
    duplicate_of: str | None  # sha256 of the receipt whose lake parts already hold these rows
    size_bytes: int
    vintage: str
    licence: str
    may_redistribute: bool
    data_origin: str  # 'sample' or 'official': a landing zone holds one of them
    rows_read: int
    rows_quarantined: int
    first_year: int | None
    last_year: int | None
    parts: list[Part]
    partition_columns: list[str]  # what `partitions` is keyed by; trailing columns fall away when there are too many
    partitions: Mapping[str, int]  # 'a|b' -> rows
    parser: str  # version of the code that read the rows
    changes: Mapping[str, Any] = field(default_factory=dict)  # comparison with what it replaces

    @property
    def own_parts(self) -> list[Part]:
        """The parts that lie in the lake under this file's name; the rows of the others lie under the name they repeat."""
        return [] if self.duplicate_of else [p for p in self.parts if "duplicate_of" not in p]

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Sorts the better receipt of one partition first under `max`: layout, vintage, time, batch."""
        return (-self.layout_rank, self.vintage, self.retrieved_at, self.batch)


@dataclass(frozen=True)
class Rejection(_Json):
    """One landed file whose rows must not be used, and why."""

    source: str
    table: str
    layout: str
    layout_rank: int
    batch: str
    request: Mapping[str, Any]
    retrieved_at: str
    sha256: str
    size_bytes: int
    licence: str
    may_redistribute: bool
    data_origin: str
    rows_read: int
    rows_bad: int
    problem: str
    examples: list[Mapping[str, Any]]  # first bad rows: _row, column, expected, found, remedy
    parser: str
