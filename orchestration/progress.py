"""Progress of long work: one live line on a terminal; elsewhere plain lines, few enough for a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

PLAIN_PAUSE_S = 2.0  # between two plain lines; failures are always told

if TYPE_CHECKING:
    from rich.status import Status


class Progress:
    """`with Progress() as p: p.show("baci 1/3: file.zip")`. Writes to stderr."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.last = ""
        self.printed_at = -PLAIN_PAUSE_S
        self.status: Status | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console

            self.status = Console(stderr=True, markup=False).status("")
            self.status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.status:
            self.status.stop()

    def show(self, event: object) -> None:
        """Tell what is being done now, in one line; the same text twice in a row is told once."""
        text = " ".join((str(event).splitlines() or [""])[0].split())
        if text == self.last:
            return
        self.last = text
        seconds = time.perf_counter() - self.started
        if self.status:
            self.status.update(f"{seconds:4.0f} s  {text}")
        elif seconds - self.printed_at >= PLAIN_PAUSE_S or "fail" in text.lower():
            self.printed_at = seconds
            print(f"[{seconds:5.1f} s] {text}", file=sys.stderr, flush=True)
