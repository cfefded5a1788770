"""One call at a time at a host, whoever makes it: processes, threads, sources that share the host. Two hosts are called side by side."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from fake_source import fake, many, text
from ingestion import landing
from ingestion.budget import place_at
from ingestion.fetch import fetch
from ingestion.http import Client
from ingestion.settings import Home
from ingestion.spec import Budget, Request
from tests.servers.wire import Reply, Wire

# Calls the URLs of each line that it is sent, one after the other, and answers with a line when they are there.
CALLER = """
import sys
from pathlib import Path
from fake_source import fake
from ingestion.http import Client
from ingestion.spec import Request
folder = Path(sys.argv[1])
for line in sys.stdin:
    for number, url in enumerate(line.split()):
        Client(fake(), folder / "budget").download(Request(url), folder / f"{sys.argv[2]}{number}.body")
    print("called", flush=True)
"""


def caller(folder: Path, name: str) -> subprocess.Popen[str]:
    """A process that is ready to call."""
    code = f"import sys; sys.path[:0] = {sys.path!r}\n{CALLER}"
    process = subprocess.Popen([sys.executable, "-c", code, str(folder), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    call(process)
    heard(process)
    return process


def call(process: subprocess.Popen[str], *urls: str) -> None:
    assert process.stdin is not None
    process.stdin.write(" ".join(urls) + "\n")
    process.stdin.flush()


def heard(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None and process.stdout.readline() == "called\n"


def test_processes_call_one_host_in_turn_and_two_hosts_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guarantee of the declaration, over real sockets; and a killed caller leaves its place."""
    with Wire() as shared, Wire() as first, Wire() as second:
        monkeypatch.setenv("ACPGVC_FAKE_BASE_URL", shared.url)  # all of loopback is allowed then
        shared.on("/rows", Reply(b"rows", delay_s=0.05))
        shared.on("/slow", Reply(b"rows", delay_s=60))
        for wire in (first, second):
            wire.on("/rows", Reply(b"rows", delay_s=0.8))
        one, other = caller(tmp_path, "one"), caller(tmp_path, "other")
        try:
            for process in (one, other):
                call(process, *[f"{shared.url}/rows"] * 4)
            heard(one)
            heard(other)
            starts = [seen.at for seen in shared.log]
            assert len(starts) == 8 and min(b - a for a, b in pairwise(starts)) >= 0.05, "a call began before the one before had ended"

            call(one, f"{first.url}/rows")
            call(other, f"{second.url}/rows")
            heard(one)
            heard(other)
            assert abs(first.log[0].at - second.log[0].at) < 0.8, "calls to two hosts waited for each other"

            call(one, f"{shared.url}/slow")
            _until(lambda: shared.log[-1].path == "/slow")
            call(other, f"{shared.url}/rows")
            time.sleep(0.1)
            assert shared.log[-1].path == "/slow"
            one.kill()
            heard(other)
        finally:
            for process in (one, other):
                process.kill()
                process.communicate()


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_who_came_first_is_served_first(tmp_path: Path) -> None:
    """A caller that keeps its distance inside its place, and comes back at once, does not keep others out."""
    served: list[str] = []

    def come(name: str, times: int) -> None:
        for _ in range(times):
            with place_at(tmp_path, "h", Budget(), lambda: None):
                served.append(name)
                time.sleep(0.15)

    regular = threading.Thread(target=come, args=("regular", 5))
    regular.start()
    _until(lambda: bool(served))
    come("guest", 1)
    regular.join()
    assert served.index("guest") <= 2


def test_a_declaration_may_allow_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACPGVC_FAKE_MAX_CONCURRENT", "2")
    waited: list[str] = []
    with Wire() as wire:
        monkeypatch.setenv("ACPGVC_FAKE_BASE_URL", wire.url)
        wire.on("/rows", Reply(b"rows", delay_s=0.6))

        def ask(number: int) -> None:
            Client(fake(), tmp_path, say=waited.append).download(Request(f"{wire.url}/rows"), tmp_path / f"{number}.body")

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        a, b, c = (seen.at for seen in wire.log)
    assert b - a < 0.6 <= c - a
    assert len(waited) == 1 and "another call is under way" in waited[0]


def test_waiting_for_others_is_not_counted_as_waiting_for_the_publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Wire() as wire:
        monkeypatch.setenv("ACPGVC_FAKE_BASE_URL", wire.url)
        wire.on("/rows", Reply(b"rows"))
        held = threading.Event()

        def hold() -> None:
            with place_at(tmp_path, wire.url.removeprefix("http://"), Budget(), lambda: None):
                held.set()
                time.sleep(1.2)

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait()
        impatient = fake(budget=Budget(min_interval_s=0.0, read_timeout_s=1.0, total_timeout_s=1.0))
        assert Client(impatient, tmp_path).download(Request(f"{wire.url}/rows"), tmp_path / "body").size_bytes == 4
        holder.join()


def test_two_sources_download_side_by_side_into_one_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each keeps its own journal, receipts and lake; both answers are under way at once."""
    home = Home(tmp_path, "main")
    with Wire() as first, Wire() as second:
        threads = []
        for source, wire in (("first", first), ("second", second)):
            monkeypatch.setenv(f"ACPGVC_{source.upper()}_BASE_URL", wire.url)
            wire.on("/rows.csv", Reply(text(*many(2020)).encode(), delay_s=0.8))
            spec = fake(source, plan=lambda args, url=wire.url: [Request(f"{url}/rows.csv")])
            threads.append(threading.Thread(target=fetch, args=(home, spec, {})))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert abs(first.log[0].at - second.log[0].at) < 0.8
    assert [(r.source, r.rows_read) for r in landing.receipts(home)] == [("first", 250), ("second", 250)]
