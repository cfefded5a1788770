"""The body of a UN Comtrade answer, and how to see that it is whole. Errors and cuts come under HTTP 200."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ingestion import content
from ingestion.errors import BadFile, TerminalError

# A body of exactly so many rows was cut at the cap: keyless preview, free key, premium key.
CAPS = (500, 100_000, 250_000)


class CutAnswer(BadFile):
    """A body with as many rows as the service gives at most."""


def caps() -> set[int]:
    """The known caps, and the one that `ACPGVC_COMTRADE_MAX_ROWS` sets should the service change its own."""
    return {*CAPS, *([configured] if (configured := max_rows_configured()) else [])}


def max_rows_configured() -> int | None:
    """Raises TerminalError when the setting is no number."""
    text = os.environ.get("ACPGVC_COMTRADE_MAX_ROWS", "")
    if text and not text.isdigit():
        raise TerminalError(f"ACPGVC_COMTRADE_MAX_ROWS: expected a number, found {text!r}. Remedy: correct or unset it")
    return int(text) if text else None


def envelope(path: Path, name: str) -> dict[str, Any]:
    """The answer as sent: {elapsedTime, count, data, error}.

    Raises:
        BadFile: not JSON, another shape, or an error under HTTP 200.
    """
    body = content.read_json(path, name)
    if not isinstance(body, dict) or not isinstance(body.get("data"), list):
        raise BadFile(name, "an object with a list `data`", str(body)[:80], "fetch the answer again")
    if body.get("error"):
        raise BadFile(name, "an answer without error", str(body["error"])[:200], "correct the query and fetch again", column="error")
    return body


def whole_answer(path: Path, name: str) -> list[dict[str, Any]]:
    """The rows of an answer that is whole.

    Raises:
        CutAnswer: a body cut at a cap.
        BadFile: as `envelope`, or a count that differs from the rows.
    """
    body = envelope(path, name)
    rows = body["data"]
    if body.get("count") != len(rows):
        raise BadFile(
            name,
            f"{body.get('count')} rows as `count` says",
            f"{len(rows)} rows",
            "fetch the answer again (countOnly holds no rows)",
            column="count",
        )
    if len(rows) in caps():
        found = f"exactly {len(rows)} rows: cut without notice"
        raise CutAnswer(name, "fewer rows than a cap of the service", found, "split the query by period, then by codes, then by reporter")
    return rows
