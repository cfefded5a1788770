"""`fetch --plan` and `fetch --observe`: what they say, and that they change nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_source import fake, many, text
from ingestion.fetch import fetch
from ingestion.observe import names_in, observe
from ingestion.planner import naive, outlook
from ingestion.registry import all_sources
from ingestion.settings import Home
from ingestion.spec import Budget
from tests.servers.comtrade import JSON, KEY, Comtrade
from tests.servers.publishers import worlds
from tests.servers.wire import Reply, Seen, Wire

SPEC = all_sources()["comtrade"]
ASKED = {"reporters": "404,288", "years": "2010-2011"}


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    with Wire(Comtrade(["404", "288"], (2010, 2011))) as server:
        monkeypatch.setenv("ACPGVC_COMTRADE_BASE_URL", server.url)
        monkeypatch.setenv("ACPGVC_FAKE_BASE_URL", server.url)
        monkeypatch.setenv("ACPGVC_COMTRADE_MIN_INTERVAL_S", "0")
        monkeypatch.setenv("COMTRADE_API_KEY", KEY)
        yield server


def test_a_plan_asks_for_no_data(wire: Wire, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACPGVC_COMTRADE_MIN_INTERVAL_S", "0.01")
    monkeypatch.setenv("ACPGVC_COMTRADE_CALLS_PER_DAY", "2")
    plan = outlook(home, SPEC, ASKED)
    assert [s.path for s in wire.log] == ["/data/v1/getDa/C/A/HS"]
    assert (plan.calls, plan.asked, plan.left, plan.windows) == (2, 1, 1, 2)
    assert plan.naive == (2 * 2 * 5113, "2 reporters x 2 periods x 5113 products")
    assert plan.seconds == pytest.approx(0.02)
    assert not (home.folder / "landing").exists() and not list((home.folder / "incoming").rglob("*.body"))


def test_the_naive_plan_of_every_live_source() -> None:
    """One call for each country, year and product, where such calls exist."""
    found = {name: naive(all_sources()[name], world.args) for name, world in worlds().items()}
    assert {name for name, plan in found.items() if plan is None} == {
        "baci", "comtrade_references", "faostat_crops", "faostat_forestry", "faostat_trade_matrix", "rasff"
    }  # fmt: skip
    assert {name: plan for name, plan in found.items() if plan} == {
        "comtrade": (20_452, "2 reporters x 2 periods x 5113 products"),
        "eping": (79, "79 countries x 1 months"),
        "fda": (237, "79 countries x 3 months"),
        "oecd_tiva": (56, "2 measures x 28 years"),
        "unctadstat": (158, "1 measures x 79 countries x 2 years"),
        "wdi": (79, "1 indicators x 79 countries"),
        "wits_tariffs": (5_113, "1 reporters x 1 years x 5113 products"),
        "wto_timeseries": (4, "1 indicators x 2 reporters x 2 years"),
    }
    monthly = {"reporters": "ACP", "years": "2020-2021", "freq": "M", "codes": "180100,180310"}
    assert naive(SPEC, monthly) == (79 * 24 * 2, "79 reporters x 24 periods x 2 products")
    assert naive(all_sources()["fda"], {"from": "2025-12-31", "to": "2026-02-01", "countries": "KE,GH"}) == (6, "2 countries x 3 months")


def test_what_landed_is_not_planned(wire: Wire, home: Home) -> None:
    wire.on("/rows.csv", Reply(text(*many(2020)).encode(), headers={"ETag": '"v1"'}), Reply(b"", 403))
    with pytest.raises(Exception, match="403"):
        two = fake(plan=lambda args: [*fake().plan({}), *fake().plan({"year": "2021"})])  # type: ignore[misc]
        fetch(home, two, {})
    assert [t.note for t in outlook(home, two, {}).tasks] == ["rows of one year"]
    assert outlook(home, fake(budget=Budget(0.0)), {}).windows == 1


def test_observing_the_declared_finds_nothing_and_lands_nothing(wire: Wire, home: Home) -> None:
    (seen,), ended = observe(home, SPEC, ASKED, lambda _: None)
    assert (seen.layout, seen.differences, ended) == ("api_json", [], "")
    assert seen.rows == len(wire.publisher.truth())  # type: ignore[union-attr]
    kept = list((home.folder / "observed" / "comtrade").glob("*.body"))
    assert len(kept) == 3 and not (home.folder / "landing").exists() and not (home.folder / "lake").exists()
    assert all(KEY not in p.with_suffix(".json").read_text() for p in kept)


def test_every_live_source_declares_its_names(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up publishers send fewer names than the real ones, never others."""
    for name, world in worlds().items():
        spec = all_sources()[name]
        for variable, value in {
            **dict.fromkeys(spec.key_variables, "k"),
            **world.env,
            f"ACPGVC_{name.upper()}_MIN_INTERVAL_S": "0",
        }.items():
            monkeypatch.setenv(variable, value)
        with Wire(world.publisher) as server:
            monkeypatch.setenv(f"ACPGVC_{name.upper()}_BASE_URL", server.url)
            seen, ended = observe(home, spec, world.args, lambda _: None)
        assert seen and not ended and all(o.layout for o in seen), name
        unlike = [d for o in seen for d in o.differences if not d.startswith("missing: ")]
        assert unlike == [], name


def test_names_of_the_fixtures_are_those_declared(shared: Path) -> None:
    fixtures = {"wits_tariffs": "wits/TRN_404_2021.synthetic.xml", "eping": "wto/eping_search_page1.synthetic.json",
                "wto_timeseries": "wto/timeseries_data.synthetic.json", "fda": "fda/api_page1.synthetic.json"}  # fmt: skip
    for source, fixture in fixtures.items():
        (declared, *_) = all_sources()[source].wire_fields.values()
        assert set(names_in(shared / "fixtures" / fixture)) <= set(declared), source


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: {("isoCode" if k == "reporterISO" else k): v for k, v in r.items()}, ["new: isoCode", "missing: reporterISO"]),
        (lambda r: dict(reversed(r.items())), ["another order: isAggregate, isReported"]),
        (lambda r: r | {"primaryValue": "12 USD"}, ["primaryValue: expected US dollars, found 12 USD", "rows do not fit"]),
    ],
    ids=["renamed", "reordered", "type"],
)
def test_observing_drift(wire: Wire, home: Home, change: object, said: list[str]) -> None:
    def drifts(seen: Seen, honest: Reply) -> Reply:
        body = json.loads(honest.body)
        return Reply(json.dumps(body | {"data": [change(r) for r in body["data"]]}).encode(), headers=JSON)  # type: ignore[operator]

    wire.spoil = lambda seen, honest: drifts(seen, honest) if seen.path.endswith("get/C/A/HS") else honest
    (seen,), _ = observe(home, SPEC, ASKED, lambda _: None)
    for text_ in said:
        assert text_ in " | ".join(seen.differences)
    assert seen.path.is_file()


def test_observing_an_error_page_keeps_it(wire: Wire, home: Home) -> None:
    wire.on("/rows.csv", Reply(b"<html>moved</html>"))
    (seen,), _ = observe(home, fake(), {}, lambda _: None)
    assert seen.differences[0].startswith("not recognised") and seen.path.read_bytes() == b"<html>moved</html>"
    wire.on("/data/v1/getDa/C/A/HS", Reply(b'{"elapsedTime":"","count":1,"data":[{"period":2010}],"error":""}', headers=JSON))
    (seen,), ended = observe(home, SPEC, ASKED, lambda _: None)
    assert "expected 1 data sets with reporterCode" in ended and seen.path.is_file()
