"""What an ingestion did: one line a file, one summary a table. For screens, assets' metadata and exit codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

from ingestion.receipt import Receipt
from ingestion.spec import SourceSpec
from ingestion.vintages import VintageChange

Status = Literal["accepted", "known", "duplicate", "refused", "rejected", "unknown"]


@dataclass(frozen=True)
class FileOutcome:
    """What became of one offered file.

    'accepted': its rows are in the lake. 'known': landed before, nothing done. 'duplicate': other bytes, the same rows as a
    landed file. 'refused': known, but somebody converted it, or in R's format. 'rejected': damaged or too many bad rows; blocks its table.
    'unknown': no source claims it. `rows_quarantined` counts rows left out of an accepted file, bad rows of a rejected one.
    """

    sha256: str
    names: Sequence[str]
    status: Status
    table: str | None = None
    layout: str = ""
    size_bytes: int = 0
    rows_read: int = 0
    rows_quarantined: int = 0
    problem: str = ""

    @property
    def is_error(self) -> bool:
        return self.status == "rejected"


@dataclass(frozen=True)
class TableSummary:
    """State of one raw table after an input. `rows` counts lake rows, superseded ones included."""

    table: str
    files: int
    duplicates: int
    rows: int
    rows_quarantined: int
    first_year: int | None
    last_year: int | None
    vintages: Sequence[str]
    blocked_because: str = ""

    @classmethod
    def of(cls, spec: SourceSpec, receipts: Sequence[Receipt], rejected: Mapping[str, str]) -> Self:
        """Summarise receipts and the rejected files (sha256 -> problem) of the last input."""
        live = [r for r in receipts if not r.duplicate_of]
        return cls(
            table=spec.table,
            files=len(receipts),
            duplicates=len(receipts) - len(live),
            rows=sum(p["rows"] for r in live for p in r.own_parts),
            rows_quarantined=sum(r.rows_quarantined for r in live),
            first_year=min((r.first_year for r in live if r.first_year is not None), default=None),
            last_year=max((r.last_year for r in live if r.last_year is not None), default=None),
            vintages=sorted({r.vintage for r in live if r.vintage}),
            blocked_because="; ".join(rejected.values()),
        )


@dataclass
class IngestReport:
    """Everything one ingestion did."""

    files: list[FileOutcome] = field(default_factory=list)
    tables: dict[str, TableSummary] = field(default_factory=dict)
    changes: list[VintageChange] = field(default_factory=list)  # against what was landed before this input
    rebuilt: list[str] = field(default_factory=list)  # sha256 of landed files that were parsed again
    swept: list[str] = field(default_factory=list)  # lake files without a receipt that were removed
    waits: str = ""  # why a fetch that is made again by itself stopped before its end, and when it goes on

    def extend(self, other: IngestReport) -> None:
        """Take over the results of another table."""
        self.files += other.files
        self.tables |= other.tables
        self.changes += other.changes
        self.rebuilt += other.rebuilt
        self.swept += other.swept

    @property
    def rejected(self) -> list[FileOutcome]:
        return [f for f in self.files if f.is_error]

    @property
    def is_changed(self) -> bool:
        """Something a reader could see is different from before."""
        return bool(self.rebuilt) or any(f.status in ("accepted", "rejected") for f in self.files)
