"""Errors that tell a data engineer what is wrong, where, and what to do about it.

`TransientError` is worth another try, `TerminalError` is not; `BadFile` is a terminal error with a place in a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestion.report import IngestReport


class IngestionError(Exception):
    """Base of all errors of this package. Of one that ended a fetch: what it had landed, and its calls: (left, planned)."""

    landed: IngestReport | None = None
    calls: tuple[int, int] = (0, 0)


class TransientError(IngestionError):
    """The same call may succeed later (time-out, 429, 5xx, cut body)."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TerminalError(IngestionError):
    """The same call will fail again (bad key, quota of the day, wrong request, wrong content)."""


class NoData(TerminalError):
    """The publisher says that a valid question has no rows."""


class NotFound(TerminalError):
    """The publisher has nothing at this address (HTTP 404)."""


class BudgetSpent(TerminalError):
    """The publisher's allowance is used up until `opens_at` (UTC)."""

    def __init__(self, message: str, opens_at: datetime) -> None:
        super().__init__(message)
        self.opens_at = opens_at


@dataclass
class BadFile(TerminalError):
    """A file that cannot be used. Every field is shown to the user; `row` counts data rows from 1.

    Raised for the file as a whole (damaged archive, missing column, wrong encoding) and reused, one a row,
    for rows that go to quarantine.
    """

    file: str
    expected: str
    found: str
    remedy: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: expected {self.expected}, found {self.found}. Remedy: {self.remedy}"
