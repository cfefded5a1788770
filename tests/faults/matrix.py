"""One cell of the matrix: a fetch of one source from a server that plays one fault, held against the one right outcome."""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from unittest import mock

import polars as pl

from ingestion import http, landing
from ingestion.errors import IngestionError
from ingestion.fetch import fetch
from ingestion.lake import SCHEMA_FILE
from ingestion.registry import all_sources
from ingestion.settings import Home
from tests.faults.catalogue import FAULTS, NOTHING, ROWS, Fault
from tests.servers.publishers import World, worlds
from tests.servers.wire import Reply, Seen, Wire

TIMES = {"READ_TIMEOUT_S": "0.4", "TOTAL_TIMEOUT_S": "12", "MIN_INTERVAL_S": "0"}
DRIP_TIMEOUT_S = "1"


@dataclass(frozen=True)
class Cell:
    """What one source did under one fault."""

    fault: str
    source: str
    outcome: str  # 'rows', 'nothing', 'refused'
    problem: str  # '' when the outcome is the right one
    leaks: bool  # a key in a line, an error, a file or a URL
    seconds: float


def cells(names: list[str] | None = None, sources: list[str] | None = None) -> Iterator[Cell]:
    """Run the cells of these faults and sources, all when None."""
    for fault in FAULTS:
        if names is None or fault.name in names:
            for source in fault.change:
                if sources is None or source in sources:
                    yield cell(fault, source)
    for source in sources or list(worlds()):
        if names is None:
            yield unreachable("connection refused", source, "http://127.0.0.1:9")
            with Wire() as plain:
                yield unreachable("TLS handshake fails", source, plain.url.replace("http://", "https://"))


def cell(fault: Fault, source: str) -> Cell:
    """Play a fault on a source; after a refusal the fault ends, and the same fetch must bring the true rows."""
    world, started = worlds()[source], time.monotonic()
    calls = 0

    def spoil(seen: Seen, honest: Reply) -> Reply:
        nonlocal calls
        if not world.is_data(seen):
            return honest
        calls += 1
        until = fault.on_call + fault.times - 1 if fault.times else float("inf")
        return fault.change[source](honest) if fault.on_call <= calls <= until else honest

    expected = fault.expected.get(source, fault.expected.get("*", ""))
    with tempfile.TemporaryDirectory() as folder, Wire(world.publisher, spoil) as wire, _environment(world, wire.url, "drip" in fault.name):
        home = Home(Path(folder), "main")
        outcome, said, log = _fetched(home, world)
        problem = _judge(home, world, expected, outcome, said)
        if not problem and outcome == "refused":
            wire.spoil = None
            shutil.rmtree(home.root / "budget")  # a closed host opens again
            again, said, more = _fetched(home, world)
            log += more
            problem = "" if (again, _difference(home, world)) == (ROWS, "") else f"afterwards {again}: {said} {_difference(home, world)}"
        leaks = _leaks(world, folder, log + "".join(s.target for s in wire.log))
    return Cell(fault.name, source, outcome, problem, leaks, time.monotonic() - started)


def unreachable(name: str, source: str, url: str) -> Cell:
    """A fetch from where nobody answers in HTTP."""
    world, started = worlds()[source], time.monotonic()
    with tempfile.TemporaryDirectory() as folder, _environment(world, url):
        home = Home(Path(folder), "main")
        outcome, said, log = _fetched(home, world)
        problem = _judge(home, world, "gave up after 4 tries", outcome, said)
        return Cell(name, source, outcome, problem, _leaks(world, folder, log), time.monotonic() - started)


@contextmanager
def _environment(world: World, url: str, is_drip: bool = False) -> Iterator[None]:
    prefix = f"ACPGVC_{world.source.upper()}_"
    values = {prefix + k: v for k, v in TIMES.items()} | {prefix + "BASE_URL": url} | dict(world.env)
    values |= {prefix + "TOTAL_TIMEOUT_S": DRIP_TIMEOUT_S} if is_drip else {}
    with mock.patch.dict(os.environ, values), mock.patch.object(http, "BACKOFF_S", 0.01):  # the order of tries, not the waiting
        yield


def _fetched(home: Home, world: World) -> tuple[str, str, str]:
    """(outcome, what the error says, all lines that were logged)."""
    log = StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        report = fetch(home, all_sources()[world.source], world.args, lambda line: log.write(f"{line}\n") and None)
    except IngestionError as e:
        return "refused", str(e), log.getvalue() + str(e) + repr(e)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    if report.rejected:
        said = "; ".join(f.problem for f in report.rejected)
        return "refused", said, log.getvalue() + said
    return (ROWS if landed(home, world) else NOTHING), "", log.getvalue()


def landed(home: Home, world: World) -> list[tuple[object, ...]]:
    """Rows in the lake."""
    files = [p for p in (home.lake / all_sources()[world.source].table).rglob("*.parquet") if p.name != SCHEMA_FILE]
    if not files:
        return []
    frame = pl.read_parquet(files, hive_partitioning=False).select(world.columns)
    return frame.with_columns(pl.selectors.decimal().cast(pl.Float64)).rows()


def _difference(home: Home, world: World) -> str:
    rows = landed(home, world)
    lost, added, repeated = world.truth - set(rows), set(rows) - world.truth, len(rows) - len(set(rows))
    return f"{len(lost)} rows lost, {len(added)} untrue, {repeated} twice" if lost or added or repeated else ""


def _judge(home: Home, world: World, expected: str, outcome: str, said: str) -> str:
    if expected == ROWS:
        return _difference(home, world) if outcome == ROWS else f"{outcome}: {said}"
    if expected == NOTHING:
        return "" if outcome == NOTHING else f"{outcome}: {said}"
    if outcome != "refused":
        return f"{outcome}, expected an error like {expected!r}"
    if not re.search(expected, said):
        return f"the error says {said!r}, expected {expected!r}"
    return "" if not landing.receipts(home) and not landed(home, world) else "rows landed in spite of the error"


def _leaks(world: World, folder: str, log: str) -> bool:
    keys = list(world.env.values())
    files = (p for p in Path(folder).rglob("*") if p.is_file())
    return any(k in log for k in keys) or any(k.encode() in p.read_bytes() for p in files for k in keys)


def drawn(found: list[Cell], sources: Mapping[str, World]) -> str:
    """The matrix as text: a fault a line, a source a column."""
    by_place = {(c.fault, c.source): c for c in found}
    names = list(dict.fromkeys(c.fault for c in found))
    width = max(map(len, names))
    lines = [f"{'':{width}} | " + " | ".join(f"{s[:9]:9}" for s in sources)]
    for name in names:
        places = [by_place.get((name, s)) for s in sources]
        shown = ["-" if c is None else "FAIL" if c.problem else c.outcome for c in places]
        lines.append(f"{name:{width}} | " + " | ".join(f"{s:9}" for s in shown))
    return "\n".join(lines)
