"""Progress of long work: one live line on a terminal, plain lines with seconds elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.status import Status


class Progress:
    """`with Progress() as p: p.show("baci 1/3: file.zip")`. Writes to stderr."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self.last = ""
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
        """Tell what is being done now; the same text twice in a row is told once."""
        text = str(event)
        if text == self.last:
            return
        self.last = text
        seconds = time.perf_counter() - self.started
        if self.status:
            self.status.update(f"{seconds:4.0f} s  {text}")
        else:
            print(f"[{seconds:5.1f} s] {text}", file=sys.stderr, flush=True)
