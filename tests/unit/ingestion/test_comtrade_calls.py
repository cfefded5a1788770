"""UN Comtrade over a socket: whole although bodies are cut in silence, only what is new, and within the day's calls."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from ingestion import comtrade_calls, content, landing
from ingestion.comtrade_calls import plan
from ingestion.errors import BadFile, BudgetSpent, TerminalError
from ingestion.fetch import fetch, tasks_of
from ingestion.http import Client
from ingestion.registry import all_sources
from ingestion.report import IngestReport
from ingestion.settings import REPO_ROOT, Home
from ingestion.spool import Spool
from tests.servers.comtrade import CODES, JSON, KEY, Comtrade, as_truth
from tests.servers.wire import Reply, Seen, Wire

SPEC = all_sources()["comtrade"]
ASKED = {"reporters": "404,288", "years": "2010-2011"}


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    with Wire(Comtrade(["404", "288"], range(2010, 2012))) as server:
        monkeypatch.setenv("ACPGVC_COMTRADE_BASE_URL", server.url)
        monkeypatch.setenv("ACPGVC_COMTRADE_MIN_INTERVAL_S", "0")
        monkeypatch.setenv("COMTRADE_API_KEY", KEY)
        yield server


def small_answers(wire: Wire, monkeypatch: pytest.MonkeyPatch, cap: int, **api: object) -> Comtrade:
    """A service whose answers hold few rows, and a client that knows."""
    monkeypatch.setenv("ACPGVC_COMTRADE_MAX_ROWS", str(cap))
    wire.publisher = made = Comtrade(["404", "288"], range(2010, 2012), cap=cap, **api)  # type: ignore[arg-type]
    return made


def landed(home: Home) -> list[tuple[object, ...]]:
    """Rows in the lake, as `Comtrade.truth` gives them."""
    columns = ("period", "reporter_code", "flow_code", "partner_code", "cmd_code", "primary_value_usd")
    return pl.read_parquet(home.lake / SPEC.table / "year=*/*.parquet", hive_partitioning=False).select(columns).rows()


def collected(home: Home, args: dict[str, str]) -> list[tuple[object, ...]]:
    """Rows of all answers of a fetch, which is not landed: that costs a test the most."""
    spool = Spool(home, Client(SPEC, home.root / "budget"), lambda request: None)
    hauls = [task.run(spool.ask) for task in tasks_of(SPEC, args, spool.ask, lambda slices: slices)]
    rows = [row for haul in hauls for _, answer in haul.answers for row in json.loads(answer.path.read_bytes())["data"]]
    for proof in (haul.proof for haul in hauls):
        assert sum(p["rows"] for p in proof["split"].get("parts", [proof["split"]])) == proof["rows_counted"]
    return [as_truth(row) for row in rows]


def assert_whole(home: Home, api: Comtrade) -> None:
    assert len(landed(home)) == len(api.truth())
    assert set(landed(home)) == api.truth()


def asked(wire: Wire) -> list[str]:
    """What was called, in short."""
    return [("count " if "countOnly" in s.query else "") + s.path.split("/")[3] for s in wire.log]


def test_availability_then_count_then_rows(wire: Wire, home: Home) -> None:
    fetch(home, SPEC, ASKED)
    assert asked(wire) == ["getDa", "count get", "get"]
    assert_whole(home, wire.publisher)  # type: ignore[arg-type]
    (receipt,) = landing.receipts(home)
    assert not list((home.folder / "incoming").rglob("*.body"))
    proof = receipt.request["proof"]
    assert proof["rows_counted"] == receipt.rows_read == proof["split"]["rows"]
    assert len(proof["data_sets"]) == 4
    assert not any(KEY in s.target for s in wire.log)


@pytest.mark.parametrize("cap", [40, 100])
def test_a_question_larger_than_an_answer_is_split_until_it_is_whole(
    wire: Wire, home: Home, monkeypatch: pytest.MonkeyPatch, cap: int
) -> None:
    api = small_answers(wire, monkeypatch, cap)
    assert len(api.rows("404", "2010")) > 40, "one reporter and year must be split by code at the smallest cap"
    assert sorted(collected(home, ASKED)) == sorted(api.truth())
    assert ("HS.json" in {s.path.split("/")[-1] for s in wire.log}) == (cap == 40)


def test_named_codes_are_split_too(wire: Wire, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    api = small_answers(wire, monkeypatch, 40)
    assert sorted(collected(home, ASKED | {"codes": ",".join(CODES)})) == sorted(api.truth())


def test_without_key_the_preview_is_asked_the_same_way(wire: Wire, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMTRADE_API_KEY")
    wire.publisher = api = Comtrade(["404", "288"], range(2010, 2012), partners=range(0, 50))
    assert len(api.truth()) > 4 * 500
    assert sorted(collected(home, ASKED)) == sorted(api.truth())
    assert {s.path.split("/")[1] for s in wire.log} <= {"public", "files"} and not any(s.secrets for s in wire.log)
    assert len(list((home.root / "budget").glob("*-keyless.json"))) == 1


def test_more_than_an_answer_in_one_code_says_what_helps(wire: Wire, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    small_answers(wire, monkeypatch, 5, codes=CODES[:1])
    with pytest.raises(TerminalError, match="one reporter, period and code to fit into an answer of 5 rows"):
        fetch(home, SPEC, ASKED)
    assert landing.receipts(home) == []


def test_same_checksum_is_not_asked_again_and_a_revision_is(wire: Wire, home: Home) -> None:
    api: Comtrade = wire.publisher  # type: ignore[assignment]
    fetch(home, SPEC, ASKED)
    wire.log.clear()
    assert fetch(home, SPEC, ASKED).files == []
    assert asked(wire) == ["getDa"]
    api.revise("288", "2011")
    fetch(home, SPEC, ASKED)
    assert asked(wire) == ["getDa", "getDa", "count get", "get"]
    assert (wire.log[-1].query["reporterCode"], wire.log[-1].query["period"]) == (["288"], ["2011"])
    assert api.truth() <= set(landed(home))


def test_rows_that_got_lost_are_missed(wire: Wire, home: Home) -> None:
    def forgets_the_last_row(seen: Seen, honest: Reply) -> Reply:
        body = json.loads(honest.body)
        if "countOnly" in seen.query or "get/" not in seen.path:
            return honest
        return Reply(json.dumps(body | {"data": body["data"][:-1], "count": body["count"] - 1}).encode(), headers=JSON)

    wire.spoil = forgets_the_last_row
    with pytest.raises(BadFile, match=r"expected \d+ rows as counted, found \d+ in 1 parts.*nothing was landed"):
        fetch(home, SPEC, ASKED)
    assert landing.receipts(home) == []
    wire.spoil = None
    fetch(home, SPEC, ASKED)
    assert_whole(home, wire.publisher)  # type: ignore[arg-type]


def test_totals_are_pinned_or_rows_come_eightfold(wire: Wire, home: Home) -> None:
    api: Comtrade = wire.publisher  # type: ignore[assignment]
    free = {"period": ["2010"], "reporterCode": ["404"], "cmdCode": ["AG6"]}
    unpinned = api(Seen("GET", "/data/v1/get/C/A/HS", free, {}, {"Ocp-Apim-Subscription-Key": KEY}))
    assert json.loads(unpinned.body)["count"] == 8 * len(api.rows("404", "2010"))
    assert sorted(collected(home, ASKED)) == sorted(api.truth())


def test_a_key_that_is_refused(wire: Wire, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMTRADE_API_KEY", "stale-key-0042")
    with pytest.raises(TerminalError, match=r"invalid subscription key.*Remedy: set COMTRADE_API_KEY") as e:
        fetch(home, SPEC, ASKED)
    assert "stale-key-0042" not in str(e.value)


def test_the_day_runs_out_and_the_next_one_goes_on(wire: Wire, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    api = small_answers(wire, monkeypatch, 70)
    monkeypatch.setenv("ACPGVC_COMTRADE_CALLS_PER_DAY", "8")
    days, is_done = 0, False
    while not is_done:
        days += 1
        for budget in (home.root / "budget").glob("*.json"):
            budget.unlink()  # midnight
        try:
            fetch(home, SPEC, ASKED)
            is_done = True
        except BudgetSpent as e:
            assert "what landed is not asked again" in str(e)
    rows = [
        (s.query["period"], s.query["reporterCode"], s.query["cmdCode"])
        for s in wire.log
        if "/get/" in s.path and "countOnly" not in s.query
    ]
    assert days > 1 and len(rows) == len({str(r) for r in rows}), "no question is asked twice"
    assert_whole(home, api)


def test_revision_between_count_and_rows_is_asked_again(wire: Wire, home: Home) -> None:
    api: Comtrade = wire.publisher  # type: ignore[assignment]
    counted = []

    def revises_once(seen: Seen, honest: Reply) -> Reply:
        if "countOnly" in seen.query and not counted:
            counted.append(1)
            api.revise("404", "2011")
        return honest

    wire.spoil = revises_once
    assert sorted(collected(home, ASKED)) == sorted(api.truth())
    assert asked(wire) == ["getDa", "count get", "get", "count get", "get"]


def test_plan_splits_periods_and_needs_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = list(plan({"reporters": "404,288", "years": "2000-2014", "codes": "180100"}))
    assert [len(c.params["period"].split(",")) for c in calls] == [12, 3]
    assert "partnerCode" not in calls[0].params
    monkeypatch.setenv("COMTRADE_API_KEY", "k")
    assert next(iter(plan({"reporters": "4", "years": "2020"}))).url == "https://comtradeapi.un.org/data/v1/get/C/A/HS"
    assert len(list(plan({"reporters": "404", "years": "2020,2021", "codes": "1801", "freq": "M"}))) == 2
    for wrong, message in ({"codes": "1801"}, "argument years is missing"), ({"years": "2020", "codes": "AG6,18"}, "codes or one level"):
        with pytest.raises(TerminalError, match=message):
            list(plan({"reporters": "404", **wrong}))


def test_plan_keeps_urls_below_the_longest_the_service_takes(wire: Wire, tmp_path: Path) -> None:
    many = {"reporters": ",".join(str(n) for n in range(100, 320)), "codes": ",".join(f"{n:06d}" for n in range(10_000, 10_850))}
    calls = list(plan({**many, "years": "2000", "freq": "M"}))
    assert len(calls) == 3 * 3 and {c for call in calls for c in call.params["cmdCode"].split(",")} == set(many["codes"].split(","))
    widest = comtrade_calls.Box.of(calls[0]).request(only_count=True)
    Client(SPEC, tmp_path).download(widest, tmp_path / "body")
    assert 3000 < len(wire.log[-1].target) < 4096


def test_acp_is_every_code_of_the_members() -> None:
    seeds = REPO_ROOT / "dbt_project/seeds"
    with (seeds / "oacps_members.csv").open(encoding="utf-8") as f:
        members = {r["iso3"] for r in csv.DictReader(f) if r["is_member"] == "true"}
    with (seeds / "country_codes.csv").open(encoding="utf-8") as f:
        codes = [(r["scheme"], r["code"]) for r in csv.DictReader(f) if r["iso3"] in members]
    assert set(comtrade_calls.ACP.split(",")) == {code for scheme, code in codes if scheme == "comtrade"} and len(members) == 79
    assert content.ACP.split(",") == sorted(code for scheme, code in codes if scheme == "m49")


def test_nothing_published_is_no_fault(wire: Wire, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(report: IngestReport) -> bool:
        return report.files == [] and landing.receipts(home) == []

    assert nothing(fetch(home, SPEC, {"reporters": "4", "years": "1990"}))
    monkeypatch.delenv("COMTRADE_API_KEY")
    assert nothing(fetch(home, SPEC, {"reporters": "4", "years": "1990"}))
    assert asked(wire) == ["getDa", "getDA"]
