"""How often a publisher may be called: one small file a host, shared by all processes of a home, kept over restarts.

    <home>/budget/<host>.json    {"next": earliest next call, "calls": [times of counted calls], "closed": until when, "why": …}
    <home>/budget/<host>.place0  locked by the process that calls the host; `.queue` by the one that is next

Times are seconds since 1970. A call is written down before it is made: a killed process leaves one too many, never one too few.
"""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion import atomic
from ingestion.errors import BudgetSpent, TerminalError
from ingestion.spec import Budget, SourceSpec

HOUR_S = 3600.0
SLEPT_S = 300.0  # a shorter pause that the publisher asks for is slept, a longer one is told
LOOKED_AFTER_S = 0.02  # how often the next in the queue looks for a free place


def limits_of(spec: SourceSpec) -> Budget:
    """The declared budget (the one for callers without key, when there is none in the environment), with what the environment overrides.

    Raises:
        TerminalError: an override is no number.
    """
    is_keyless = spec.keyless_budget is not None and not (spec.key_env and os.environ.get(spec.key_env))
    declared = spec.keyless_budget if is_keyless and spec.keyless_budget else spec.budget
    changes: dict[str, Any] = {}
    for f in dataclasses.fields(Budget):
        name = f"ACPGVC_{spec.name.upper()}_{f.name.upper()}"
        text = os.environ.get(name)
        least = int(f.name == "max_concurrent")  # without any place a call would wait for ever
        if text:
            try:
                changes[f.name] = float(text) if f.name.endswith("_s") else int(text)
            except ValueError:
                changes[f.name] = -1
            if not changes[f.name] >= least:
                raise TerminalError(f"{name}: expected a number from {least}, found {text!r}. Remedy: correct or unset it")
    return dataclasses.replace(declared, **changes)


@contextmanager
def place_at(folder: Path, host: str, limits: Budget, on_wait: Callable[[], None]) -> Generator[None]:
    """Hold one of the host's `max_concurrent` places for the length of a call; who came first is served first.

    The places are locks of the system, which frees those of a killed process. All callers of a home share them, with and without
    a key. `on_wait` is called once when none is free.
    """
    stem, is_told = folder / host.replace(":", "_"), False
    places = [stem.with_name(f"{stem.name}.place{n}") for n in range(limits.max_concurrent)]
    with ExitStack() as held:
        with atomic.locked(stem.with_name(f"{stem.name}.queue")):
            while not any(held.enter_context(atomic.locked(place, wait=False)) for place in places):
                held.close()
                if not is_told:
                    on_wait()
                    is_told = True
                time.sleep(LOOKED_AFTER_S)
        yield


class HostBudget:
    """What is left for one host. Every method reads and writes the file under its lock."""

    def __init__(self, folder: Path, host: str, limits: Budget) -> None:
        self.host, self.limits = host, limits
        self.path = folder / f"{host.replace(':', '_')}.json"

    def take(self, *, is_counted: bool = True) -> float:
        """Book one call; return the seconds to wait before it is made.

        Raises:
            BudgetSpent: not before `opens_at`.
        """
        with atomic.locked(self.path.with_suffix(".lock")):
            state, now = self._read(), time.time()
            closed = float(state["closed"])
            if closed - now > SLEPT_S:
                raise self._spent(closed, str(state["why"]))
            if is_counted:
                self._check(state["calls"], now)
            # A time far ahead comes from a clock that was set back since.
            due = float(state["next"]) if state["next"] <= now + 100 * max(self.limits.min_interval_s, 1.0) else now
            start = max(now, due, closed)
            if is_counted and (self.limits.calls_per_day is not None or self.limits.calls_per_hour is not None):
                state["calls"].append(start)
            state["next"] = start + self.limits.min_interval_s
            self._write(state)
        return start - now

    def hold(self, seconds: float, why: str) -> None:
        """The publisher said how long not to call: all processes keep to it."""
        with atomic.locked(self.path.with_suffix(".lock")):
            state = self._read()
            until = time.time() + seconds
            if until > state["closed"]:
                self._write(state | {"closed": until, "why": why})

    def left(self) -> int | None:
        """Calls that may still be made now, None when there is no limit."""
        with atomic.locked(self.path.with_suffix(".lock")):
            state, now = self._read(), time.time()
        if state["closed"] - now > SLEPT_S:
            return 0
        return min((limit - len(made) for limit, made, _ in self._windows(state["calls"], now)), default=None)

    def _windows(self, calls: list[float], now: float) -> list[tuple[int, list[float], float]]:
        """(limit, calls made in the window, when the next one is free) of each limit."""
        found = []
        if self.limits.calls_per_day is not None:
            today = now - now % self.limits.day_s
            found.append((self.limits.calls_per_day, [c for c in calls if c >= today], today + self.limits.day_s))
        if self.limits.calls_per_hour is not None:
            last = [c for c in calls if c > now - HOUR_S]
            found.append((self.limits.calls_per_hour, last, min(last, default=now) + HOUR_S))
        return found

    def _check(self, calls: list[float], now: float) -> None:
        for limit, made, opens in self._windows(calls, now):
            if len(made) >= limit:
                raise self._spent(opens, f"{len(made)} of {limit} calls are made")

    def _spent(self, opens: float, why: str) -> BudgetSpent:
        at = datetime.fromtimestamp(opens, UTC)
        return BudgetSpent(
            f"{self.host}: expected some of the publisher's allowance to be left, found it used up ({why}). "
            f"Remedy: run the same command again after {at:%Y-%m-%d %H:%M:%S} UTC; what landed is not asked again",
            at,
        )

    def _read(self) -> dict[str, Any]:
        try:
            state: dict[str, Any] = {"next": 0.0, "calls": [], "closed": 0.0, "why": ""} | json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            state = {"next": 0.0, "calls": [], "closed": 0.0, "why": ""}
        calls: list[float] = state["calls"]
        oldest = time.time() - max(self.limits.day_s, HOUR_S)
        return state | {"calls": [c for c in calls if c > oldest]}

    def _write(self, state: dict[str, Any]) -> None:
        atomic.write_bytes(self.path, json.dumps(state).encode())
