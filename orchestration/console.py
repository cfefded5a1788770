"""What people see. Results go to stdout, everything said about them to stderr; without a terminal lines are plain."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 200  # columns of a pipe or log file
SYNTHETIC = "SYNTHETIC DATA: invented numbers that show how the platform works. Never quote them."


@cache
def _console(stderr: bool) -> Console:
    from rich.console import Console

    probe = Console(stderr=stderr)
    return Console(stderr=stderr, highlight=False, markup=False, soft_wrap=True, width=None if probe.is_terminal else PLAIN_WIDTH)


def say(text: str = "", style: str | None = None) -> None:
    """A line of the result."""
    _console(False).print(text, style=style)


def note(text: str = "", style: str | None = "dim") -> None:
    """A line about the result."""
    _console(True).print(text, style=style)


def fail(text: str) -> None:
    """One clear block for something that went wrong."""
    head, _, rest = text.partition("\n")
    _console(True).print(f"error: {head}", style="bold red")
    for line in rest.splitlines():
        _console(True).print(f"  {line}")


def heading(text: str) -> None:
    say()
    say(text, style="bold")


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], right: Iterable[str] = ()) -> None:
    """A table on stdout. Columns named in `right` and all-number columns are set right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    rows = [list(r) for r in rows]
    out = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for i, name in enumerate(columns):
        numeric = all(r[i] is None or (isinstance(r[i], (int, float, decimal.Decimal)) and not isinstance(r[i], bool)) for r in rows)
        out.add_column(Text(name), justify="right" if name in right or (numeric and rows) else "left", overflow="fold")
    for r in rows:
        out.add_row(*(Text(cell(v)) for v in r))
    _console(False).print(out, soft_wrap=False)


def cell(value: Any) -> str:
    """A value as text in a table: '' for null, at most 6 significant digits, no trailing zeros."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, list):
        return ", ".join(cell(v) for v in value)
    return str(value)


def shortened(text: str, length: int) -> str:
    """The first line of `text`, at most `length` characters of it."""
    first = (text.splitlines() or [""])[0]
    return first if len(first) <= length else first[: length - 1] + "…"


def share(value: float | None) -> str:
    """A ratio as whole per cent, never rounded up to 100 or down to 0."""
    if value is None:
        return "-"
    percent = round(100 * value)
    if percent == 100 and value < 1:
        return "99 %"
    return "<1 %" if percent == 0 and value > 0 else f"{percent} %"
