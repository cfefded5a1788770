"""A long fetch as it happens: 79 reporters x 25 years of UN Comtrade, one answer in five faulty, killed five times, two processes at once,
and a day's allowance that runs out. The day is short; everything else is as it would be.

    make faults ARGS=backfill
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import polars as pl

from ingestion import http
from ingestion.comtrade_calls import ACP
from ingestion.errors import BudgetSpent, IngestionError
from ingestion.fetch import fetch, tasks_of
from ingestion.http import Client
from ingestion.registry import all_sources
from ingestion.settings import Home
from ingestion.spool import Spool
from tests.faults import catalogue as faults
from tests.servers.comtrade import KEY, Comtrade
from tests.servers.wire import Reply, Seen, Wire

FORMER = {"230", "658", "736"}  # former codes of members
REPORTERS = [r for r in ACP.split(",") if r not in FORMER]
YEARS = range(2000, 2025)
ARGS = {"reporters": ",".join(REPORTERS), "years": f"{YEARS[0]}-{YEARS[-1]}"}
CAP = 100  # rows an answer
QUOTA, KEPT_TO = 260, 250  # the server's calls a day, and what the client keeps to
DAY_S = 30.0
FAULTY_PERCENT, SEED = 20, 20261128
KILLS, PROCESSES = (0.12, 0.3, 0.45, 0.62, 0.8), (1, 2, 1, 2, 1, 2)  # at these shares of the plan; processes before each and after the last
DONE, SPENT, FAILED = 0, 3, 4
SPEC = all_sources()["comtrade"]

# A third of the faults cost nothing when they are handled right; the others cost at least the call.
FAULTS: dict[str, tuple[int, faults.Change]] = {
    "503": (3, faults.status(503)),
    "429, a second": (1, faults.status(429, Retry_After="1")),
    "reset in the body": (2, lambda r: Reply(r.body, headers=r.headers, cut_after=faults.half(r), reset=True)),
    "shorter than its length": (2, lambda r: Reply(r.body, headers=r.headers, cut_after=faults.half(r))),
    "ends early": (2, lambda r: Reply(r.body[: faults.half(r)], headers=r.headers)),
    "empty": (1, faults.body(b"")),
    "says gzip, is plain": (1, lambda r: Reply(r.body, headers={"Content-Encoding": "gzip"})),
    "HTML under 200": (1, faults.body(faults.HTML)),
    "error text, count 0": (1, faults.document(lambda d: d.update(data=[], count=0, error="internal error"))),
    "rows lost": (1, faults.document(lambda d: d["data"] and d.update(data=d["data"][:-1], count=d["count"] - 1))),
    "chunked": (3, faults.changed(chunked=True)),
    "wrong content type": (2, lambda r: Reply(r.body, headers={"Content-Type": "text/html"})),
    "byte order mark": (2, lambda r: Reply(b"\xef\xbb\xbf" + r.body, headers=r.headers)),
    "slow": (1, faults.changed(delay_s=0.1)),
}  # fmt: skip
BAG = [name for name, (weight, _) in FAULTS.items() for _ in range(weight)]


class Moody:
    """Spoils one answer in five, by a seed: which ones does not depend on the order of calls."""

    def __init__(self) -> None:
        self.played: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()

    def __call__(self, seen: Seen, honest: Reply) -> Reply:
        self.asked[seen.target] += 1
        luck = random.Random(zlib.crc32(f"{SEED} {seen.target} {self.asked[seen.target]}".encode()))
        if honest.status != 200 or luck.randrange(100) >= FAULTY_PERCENT:
            return honest
        name = luck.choice(BAG)
        self.played[name] += 1
        return FAULTS[name][1](honest)


def client(root: str) -> int:
    """One process of the fetch."""
    http.BACKOFF_S = 0.02  # the order of tries, not the waiting
    try:
        report = fetch(Home(Path(root), "main"), SPEC, ARGS, lambda line: print(line, flush=True))
    except BudgetSpent as e:
        print(e, flush=True)
        return SPENT
    except IngestionError as e:
        print(f"{type(e).__name__}: {e}", flush=True)
        return FAILED
    return FAILED if report.rejected else DONE


def calls_without_faults() -> int:
    """Calls of the same fetch from a server without faults, never stopped."""
    api = Comtrade(REPORTERS, YEARS, cap=CAP, codes=CODES, partners=PARTNERS)
    with Wire(api) as wire, tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, environment(wire.url, 10**6)):
        spool = Spool(Home(Path(folder), "main"), Client(SPEC, Path(folder)), lambda request: None)
        for task in tasks_of(SPEC, ARGS, spool.ask, lambda slices: slices):
            task.run(spool.ask)
    return len(api.calls)


CODES, PARTNERS = ("080131", "180100", "710812"), (0, 56, 276, 490, 842)


def environment(url: str, calls: int) -> dict[str, str]:
    values = {"BASE_URL": url, "MIN_INTERVAL_S": "0", "MAX_ROWS": str(CAP), "CALLS_PER_DAY": str(calls), "DAY_S": str(DAY_S)}
    return {f"ACPGVC_COMTRADE_{k}": v for k, v in values.items()} | {"COMTRADE_API_KEY": KEY}


def main() -> int:
    """Run it and print one line a claim. 1 when one does not hold."""
    started = time.monotonic()
    plan = calls_without_faults()
    print(f"plan without faults: {plan} calls ({time.monotonic() - started:.0f} s)", flush=True)
    api, moody = Comtrade(REPORTERS, YEARS, cap=CAP, codes=CODES, partners=PARTNERS, quota=QUOTA, quota_s=DAY_S), Moody()
    with Wire(api, moody) as wire, tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        kills, ends = _drive(folder, log, environment(wire.url, KEPT_TO), plan, lambda: len(api.calls))
        lake = Path(folder) / "main" / "lake" / SPEC.table
        columns = ("period", "reporter_code", "flow_code", "partner_code", "cmd_code", "primary_value_usd")
        rows = pl.read_parquet(str(lake / "year=*/*.parquet"), hive_partitioning=False).select(columns).rows()
        files = [p for p in Path(folder).rglob("*") if p.is_file()]
        leaks = [p for p in files if KEY.encode() in p.read_bytes()]
    truth = api.truth()
    days = Counter(int(c // DAY_S) for c in api.calls)
    lost, untrue, played = len(truth - set(rows)), len(set(rows) - truth), sum(moody.played.values())
    kinds = ", ".join(f"{name} {n}" for name, n in moody.played.most_common())
    made, most = len(api.calls), max(days.values())
    claims = [
        ("rows equal the truth exactly", f"{len(rows)} rows of {len(truth)}, {lost} lost, {untrue} untrue", sorted(rows) == sorted(truth)),
        ("at least 1,000 calls", f"{made}", made >= 1000),
        ("one answer in five faulty", f"{played} faults ({kinds})", played >= 0.17 * made),
        ("killed and resumed five times", f"{kills} kills, two processes at once after each second; {dict(ends)}", kills == len(KILLS)),
        ("calls at most 1.25 x the plan", f"{made} / {plan} = {made / plan:.3f}", made <= 1.25 * plan),
        ("budget of a day never exceeded", f"{len(days)} days, at most {most} of {QUOTA} calls in one", most <= QUOTA),
        (
            "no key in a URL, line or file",
            f"{api.keys_in_urls} URLs, {len(leaks)} of {len(files)} files",
            not api.keys_in_urls and not leaks,
        ),
    ]
    for claim, seen, holds in claims:
        print(f"{claim} | {seen} | {'pass' if holds else 'FAIL'}")
    print(f"{time.monotonic() - started:.0f} s")
    return 0 if all(holds for *_, holds in claims) else 1


def _drive(folder: str, log: Path, env: dict[str, str], plan: int, calls: Callable[[], int]) -> tuple[int, Counter[str]]:
    """Start processes, kill them when the server has seen so many calls, start them again, until one says that it is done."""
    ends: Counter[str] = Counter()
    kills = 0
    command = [sys.executable, "-c", "import sys; from tests.faults.backfill import client; sys.exit(client(sys.argv[1]))", folder]
    with log.open("w") as out:
        while True:
            runs = [subprocess.Popen(command, env=os.environ | env, stdout=out, stderr=out) for _ in range(PROCESSES[kills])]
            target = KILLS[kills] * plan if kills < len(KILLS) else float("inf")
            while any(r.poll() is None for r in runs) and calls() < target:
                time.sleep(0.02)
            if calls() >= target:
                for r in runs:
                    r.send_signal(signal.SIGKILL)
                kills += 1
            codes = [r.wait() for r in runs]
            ends.update({DONE: "done", SPENT: "day over", FAILED: "error, run again", -9: "killed"}.get(c, str(c)) for c in codes)
            if DONE in codes and target == float("inf"):
                return kills, ends
            if sum(ends.values()) > 60:
                print(log.read_text()[-3000:])
                return kills, ends
            if SPENT in codes:
                time.sleep(DAY_S - time.time() % DAY_S + 0.1)
