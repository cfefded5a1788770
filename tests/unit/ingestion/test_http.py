"""The HTTP layer against a loopback publisher, from socket to lake. Nothing of requests is patched."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import logging
import time
from pathlib import Path

import pytest

from fake_source import fake, many, text
from ingestion import http, landing
from ingestion.drop import known_state
from ingestion.errors import BudgetSpent, NoData, TerminalError, TransientError
from ingestion.fetch import fetch
from ingestion.http import Client
from ingestion.settings import Home
from ingestion.spec import Budget, Request
from servers.wire import Reply, Wire

KEY = "k3y-that-must-not-leak"
BODY = bytes(range(256)) * 40
TAGGED = {"ETag": '"v1"'}


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch):
    with Wire() as server:
        monkeypatch.setenv("ACPGVC_FAKE_BASE_URL", server.url)
        monkeypatch.setenv("ACPGVC_TEST_FAKE_KEY", KEY)
        monkeypatch.setattr(http, "BACKOFF_S", 0.01)  # the tests need the order of tries, not the waiting
        yield server


def get(wire: Wire, tmp_path: Path, waits: list[float] | None = None, **spec: object) -> http.Answer:
    sleep = waits.append if waits is not None else time.sleep
    return Client(fake(**spec), tmp_path / "budget", sleep).download(Request(f"{wire.url}/rows"), tmp_path / "body")  # type: ignore[arg-type]


def assert_whole(answer: http.Answer, body: bytes = BODY) -> None:
    assert answer.path.read_bytes() == body
    assert (answer.sha256, answer.size_bytes) == (hashlib.sha256(body).hexdigest(), len(body))


def test_a_plain_answer(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(BODY, headers=TAGGED | {"Content-Type": "text/csv", "X-Other": "1"}))
    answer = get(wire, tmp_path)
    assert_whole(answer)
    assert answer.headers == {"ETag": '"v1"', "Content-Type": "text/csv", "Content-Length": str(len(BODY))}
    (seen,) = wire.log
    assert seen.headers["User-Agent"].startswith("acpgvc/0")
    assert seen.headers["Accept-Encoding"] == "identity"
    assert seen.secrets == {"X-Fake-Key": KEY}


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_busy_servers_are_asked_again(wire: Wire, tmp_path: Path, status: int) -> None:
    wire.on("/rows", Reply(b"busy", status), Reply(b"<html>busy", status), Reply(BODY))
    assert_whole(get(wire, tmp_path))
    assert len(wire.log) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_refusals_are_not_repeated(wire: Wire, tmp_path: Path, status: int) -> None:
    wire.on("/rows", Reply(f"no, {KEY} is wrong".encode(), status))
    with pytest.raises(TerminalError, match=rf"expected HTTP 200, found {status} no, \*\*\* is wrong. Remedy: "):
        get(wire, tmp_path)
    assert len(wire.log) == 1


def test_a_used_up_quota_says_so(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(b'{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in 05:00:00."}', 403))
    with pytest.raises(BudgetSpent, match=r"used up .*Quota will be replenished in 05:00:00.*what landed is not asked again") as e:
        get(wire, tmp_path)
    assert len(wire.log) == 1
    assert e.value.opens_at.timestamp() == pytest.approx(time.time() + 5 * 3600, abs=10)
    with pytest.raises(BudgetSpent):  # nobody asks again before
        get(wire, tmp_path)
    assert len(wire.log) == 1


def test_tries_end(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(b"busy", 503))
    with pytest.raises(TransientError, match=r"HTTP 503 busy .gave up after 4 tries"):
        get(wire, tmp_path)
    assert len(wire.log) == http.MAX_TRIES


def test_retry_after_in_seconds(wire: Wire, tmp_path: Path) -> None:
    waits: list[float] = []
    wire.on("/rows", Reply(b"", 429, {"Retry-After": "7"}), Reply(BODY))
    assert_whole(get(wire, tmp_path, waits))
    assert waits == [pytest.approx(7, abs=0.5)]


@pytest.mark.parametrize("skew_s", [-7200.0, 0.0, 7200.0])
def test_retry_after_as_a_date_of_a_server_with_a_wrong_clock(wire: Wire, tmp_path: Path, skew_s: float) -> None:
    from email.utils import formatdate

    waits: list[float] = []
    until = formatdate(time.time() + skew_s + 6, usegmt=True)
    wire.on("/rows", Reply(b"", 503, {"Retry-After": until}, clock_skew_s=skew_s), Reply(BODY))
    assert_whole(get(wire, tmp_path, waits))
    assert waits == [pytest.approx(6, abs=1.1)]


def test_a_long_retry_after_is_told_not_slept(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(b"", 429, {"Retry-After": "86400"}))
    with pytest.raises(TransientError) as e:
        get(wire, tmp_path, [])
    assert e.value.retry_after_s == 86400.0
    assert len(wire.log) == 1


@pytest.mark.parametrize(("text_", "found"), [("", None), ("soon", None), ("3", 3.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)])
def test_retry_after_forms(text_: str, found: float | None) -> None:
    assert http.retry_after_s({"Retry-After": text_}) == found


@pytest.mark.parametrize("reset", [False, True])
def test_a_cut_body_is_resumed_where_it_stopped(wire: Wire, tmp_path: Path, *, reset: bool) -> None:
    wire.on("/rows", Reply(BODY, headers=TAGGED, cut_after=3000, reset=reset), Reply(BODY, headers=TAGGED))
    assert_whole(get(wire, tmp_path))
    assert [s.headers.get("Range") for s in wire.log] == [None, "bytes=3000-"]
    assert wire.log[1].headers["If-Range"] == '"v1"'


def test_a_file_that_changed_in_between_starts_again(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(b"old" * 500, headers=TAGGED, cut_after=900), Reply(BODY, headers={"ETag": '"v2"'}))
    assert_whole(get(wire, tmp_path))


@pytest.mark.parametrize("fault", ["ignores_range", "wrong_range"])
def test_servers_that_resume_badly(wire: Wire, tmp_path: Path, fault: str) -> None:
    again = {"ignores_range": Reply(BODY, headers=TAGGED, ignores_range=True), "wrong_range": Reply(BODY, headers=TAGGED, wrong_range=True)}
    wire.on("/rows", Reply(BODY, headers=TAGGED, cut_after=3000), again[fault])
    assert_whole(get(wire, tmp_path))


def test_a_weak_tag_proves_nothing(wire: Wire, tmp_path: Path) -> None:
    weak = {"ETag": 'W/"v1"'}
    wire.on("/rows", Reply(BODY, headers=weak, cut_after=3000), Reply(BODY, headers=weak))
    assert_whole(get(wire, tmp_path))
    assert [s.headers.get("Range") for s in wire.log] == [None, None]


def test_a_download_that_advances_is_not_given_up(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", *[Reply(BODY, headers=TAGGED, cut_after=1000)] * 10, Reply(BODY, headers=TAGGED))
    assert_whole(get(wire, tmp_path))
    assert len(wire.log) == 11


def test_a_cut_chunked_body_is_noticed(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(BODY, chunked=True, cut_after=3000), Reply(BODY, chunked=True))
    assert_whole(get(wire, tmp_path))
    assert len(wire.log) == 2


def test_an_empty_body_is_no_answer(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(b""))
    with pytest.raises(TransientError, match="empty body"):
        get(wire, tmp_path)


def test_a_dripping_body_meets_the_deadline(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(BODY, drip_s=0.05))
    start = time.monotonic()
    with pytest.raises(TransientError, match=r"not complete within 0\.5 s"):
        get(wire, tmp_path, budget=Budget(0.0, None, read_timeout_s=5.0, total_timeout_s=0.5))
    assert time.monotonic() - start < 2.0


def test_a_slow_first_byte_meets_the_read_timeout(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(BODY, delay_s=1.0), Reply(BODY))
    assert_whole(get(wire, tmp_path, budget=Budget(0.0, None, read_timeout_s=0.3, total_timeout_s=10.0)))


def test_a_body_packed_against_our_wish_is_unpacked(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(gzip.compress(BODY), headers={"Content-Encoding": "gzip"}))
    assert_whole(get(wire, tmp_path))


@pytest.mark.parametrize(
    "packed", [BODY, gzip.compress(BODY)[:-6] + b"broken", gzip.compress(BODY)[:50]], ids=["not packed", "wrong checksum", "cut"]
)
def test_bad_gzip(wire: Wire, tmp_path: Path, packed: bytes) -> None:
    wire.on("/rows", Reply(packed, headers={"Content-Encoding": "gzip"}), Reply(BODY))
    assert_whole(get(wire, tmp_path))
    assert len(wire.log) == 2


def test_calls_keep_their_distance(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(BODY))
    client = Client(fake(budget=Budget(0.3, None, 5.0, 20.0)), tmp_path / "budget")
    for number in range(3):
        client.download(Request(f"{wire.url}/rows"), tmp_path / str(number))
    times = [s.at for s in wire.log]
    assert all(b - a >= 0.2 for a, b in itertools.pairwise(times))  # a busy machine sends some late, so the next seems early
    assert times[2] - times[0] >= 0.5


def test_only_hosts_of_the_source_are_called(wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("https://elsewhere.example.org/x", "file:///x", "ftp://data.example.org/x"):
        with pytest.raises(TerminalError, match="expected http"):
            Client(fake(), tmp_path).download(Request(url), tmp_path / "x")
    wire.on("/rows", Reply(b"", 302, {"Location": "https://evil.example.org/x"}))
    with pytest.raises(TerminalError, match=r"evil\.example\.org"):
        get(wire, tmp_path)
    monkeypatch.setenv("ACPGVC_FAKE_BASE_URL", "https://evil.example.org")
    with pytest.raises(TerminalError, match="loopback"):
        Client(fake(), tmp_path)


def test_the_key_does_not_follow_a_redirect_to_another_place(wire: Wire, tmp_path: Path) -> None:
    with Wire() as other:
        other.on("/moved", Reply(BODY))
        wire.on("/rows", Reply(b"", 307, {"Location": f"{other.url}/moved"}))
        assert_whole(get(wire, tmp_path))
        assert wire.log[0].secrets
        assert not other.log[0].secrets


def test_from_socket_to_lake(wire: Wire, home: Home) -> None:
    wire.on("/rows.csv", Reply(text(*many(2020)).encode(), headers=TAGGED))
    report = fetch(home, fake(), {"year": "2020"})
    assert [f.status for f in report.files] == ["accepted"]
    (receipt,) = landing.receipts(home)
    assert receipt.request == {"kind": "fetch", "method": "GET", "url": f"{wire.url}/rows.csv", "params": {"year": "2020"}}
    assert receipt.headers["ETag"] == '"v1"'
    assert wire.log[0].query == {"year": ["2020"]}
    wire.on("/rows.csv", Reply(text(*reversed(many(2020))).encode()))
    assert [f.status for f in fetch(home, fake(), {}).files] == ["duplicate"]  # the same rows in another order: nothing new
    assert known_state(home, None).nothing_new
    assert not list((home.folder / "incoming").rglob("*.body"))


def test_all_pages_or_nothing(wire: Wire, home: Home) -> None:
    spec = fake(follow=lambda request, path: [Request(f"{wire.url}/page2")] if request.url.endswith("rows.csv") else [])
    wire.on("/rows.csv", Reply(text(*many(2020), batch="b", pages="2").encode()))
    wire.on("/page2", Reply(b"gone", 404))
    with pytest.raises(TerminalError, match="found 404 gone"):
        fetch(home, spec, {})
    assert landing.receipts(home) == []
    wire.on("/page2", Reply(text(*many(2021), batch="b", pages="2").encode()))
    assert [f.status for f in fetch(home, spec, {}).files] == ["accepted", "accepted"]


def test_an_error_page_under_200_is_no_data(wire: Wire, home: Home) -> None:
    wire.on("/rows.csv", Reply(b"<html>Too many requests</html>"))
    with pytest.raises(TerminalError, match="expected an answer of fake, found a plain file that begins with '<html>Too many"):
        fetch(home, fake(), {})
    assert not home.landing.exists()


def test_real_data_never_enters_the_sample(wire: Wire, home: Home) -> None:
    with pytest.raises(TerminalError, match="Remedy: --profile main"):
        fetch(Home(home.root, "sample"), fake(), {})
    assert wire.log == []


def test_the_budget_of_the_day_is_kept(wire: Wire, home: Home) -> None:
    wire.on("/rows.csv", Reply(text(*many(2020)).encode()))
    spec = fake(budget=Budget(0.0, 2, 5.0, 20.0))
    for _ in range(2):
        fetch(home, spec, {})
    with pytest.raises(BudgetSpent, match="2 of 2 calls are made"):
        fetch(home, spec, {})
    assert len(wire.log) == 2


def test_the_key_is_written_nowhere(wire: Wire, home: Home, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"ETag": '"v1"', "X-Echo": KEY}
    wire.on("/rows.csv", Reply(f"bad key {KEY}".encode(), 503, echo), Reply(text(*many(2020)).encode(), headers=echo))
    fetch(home, fake(), {}, on_progress=print)
    wire.on("/rows.csv", Reply(f"bad key {KEY}".encode(), 401))
    with pytest.raises(TerminalError) as e:
        fetch(home, fake(), {}, on_progress=print)
    wire.on("/rows.csv", Reply(f"bad key {KEY}".encode(), 503))
    with pytest.raises(TransientError) as e2:
        fetch(home, fake(), {}, on_progress=print)
    assert len(wire.log) == 2 + 1 + http.MAX_TRIES
    assert all(s.secrets == {"X-Fake-Key": KEY} and KEY not in s.target for s in wire.log)
    shown = "".join(capsys.readouterr()) + caplog.text + str(e.value) + str(e2.value) + repr(wire.log)
    assert "***" in shown
    assert KEY not in shown
    for path in (p for p in home.root.rglob("*") if p.is_file()):
        assert KEY.encode() not in path.read_bytes(), path


def test_what_is_unchanged_does_not_come_again(wire: Wire, home: Home) -> None:
    wire.on("/rows.csv", Reply(text(*many(2020)).encode(), headers=TAGGED), Reply(b"", 304))
    fetch(home, fake(), {})
    report = fetch(home, fake(), {})
    assert wire.log[1].headers["If-None-Match"] == '"v1"'
    assert report.files == [] and report.tables["raw_fake__rows"].rows == 250
    for receipt in landing.receipts(home):  # without the file the tag is worth nothing
        landing.object_path(home, "fake", receipt.sha256, landing.RECEIPT).unlink()
    wire.on("/rows.csv", Reply(text(*many(2020)).encode(), headers=TAGGED))
    assert [f.status for f in fetch(home, fake(), {}).files] == ["accepted"]
    assert "If-None-Match" not in wire.log[2].headers


def test_304_that_nobody_asked_for_is_no_answer(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(b"", 304))
    with pytest.raises(TerminalError, match="found 304"):
        get(wire, tmp_path)


@pytest.mark.parametrize("body", [b'{"a": [1, 2', b"[1, 2", b"PK\x03\x04" + bytes(200)], ids=["object", "array", "zip"])
def test_a_body_without_its_end_is_asked_again(wire: Wire, tmp_path: Path, body: bytes) -> None:
    wire.on("/rows", Reply(body, chunked=True), Reply(BODY))
    assert_whole(get(wire, tmp_path))
    assert len(wire.log) == 2


def test_no_data_is_no_fault_where_the_source_says_so(wire: Wire, home: Home) -> None:
    wire.on("/rows.csv", Reply(b"NoRecordsFound", 404))
    assert fetch(home, fake(no_data={404: "NoRecordsFound"}), {}).files == []
    with pytest.raises(NoData):
        get(wire, home.root, no_data={404: ""})
    wire.on("/rows.csv", Reply(b"unknown flow", 404))
    with pytest.raises(TerminalError, match="found 404 unknown flow"):
        fetch(home, fake(no_data={404: "NoRecordsFound"}), {})


def test_a_fetch_goes_on_where_it_stopped(wire: Wire, home: Home) -> None:
    spec = fake(plan=lambda args: [Request(f"{wire.url}/{year}", note=str(year)) for year in (2020, 2021, 2022)])
    for year in (2020, 2021):
        wire.on(f"/{year}", Reply(text(*many(year)).encode()))
    wire.on("/2022", Reply(b"no", 403), Reply(text(*many(2022)).encode()))
    with pytest.raises(TerminalError):
        fetch(home, spec, {})
    assert [f.status for f in fetch(home, spec, {}).files] == ["accepted"]
    assert [s.path for s in wire.log] == ["/2020", "/2021", "/2022", "/2022"]
    fetch(home, spec, {})  # it is done: a new fetch asks everything again
    assert len(wire.log) == 7


def test_a_list_of_codes_keeps_its_commas(wire: Wire, tmp_path: Path) -> None:
    wire.on("/rows", Reply(BODY))
    Client(fake(), tmp_path / "b").download(Request(f"{wire.url}/rows", {"codes": "1,2", "say": "a+b"}), tmp_path / "body")
    assert wire.log[0].target == "/rows?codes=1,2&say=a%2Bb"


def test_what_a_killed_process_left_is_swept(wire: Wire, home: Home) -> None:
    wire.on("/rows.csv", Reply(text(*many(2020)).encode()))
    folder = home.folder / "incoming" / "fake"
    folder.mkdir(parents=True)
    gone = 2**22 + 1  # no process has this number
    left = [f".tmp-{gone}-2e360742790549508dd2146a1a81b125", f"{'a' * 24}-{gone}.part", f"{'b' * 24}-{gone}.body"]
    for name in [*left, f"{'c' * 24}.body"]:
        (folder / name).write_bytes(b"x")
    fetch(home, fake(), {})
    assert not [n for n in left if (folder / n).exists()] and (folder / f"{'c' * 24}.body").exists()
