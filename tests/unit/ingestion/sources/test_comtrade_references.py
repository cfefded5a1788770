"""UN Comtrade reference lists: each layout, lists told by their codes, whole lists only, drift."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from source_files import check, read, recognise, refuses

from ingestion.errors import BadFile, TerminalError
from ingestion.sources import comtrade_references as references
from tests.servers.publishers import worlds
from tests.servers.wire import Seen

SOURCE = "comtrade_references"
Write = Callable[[str, bytes | str], Path]


def published(name: str) -> bytes:
    """The made-up list of the loopback server."""
    return worlds()[SOURCE].publisher(Seen("GET", f"/files/v1/app/reference/{name}.json", {}, {})).body


def changed(name: str, edit: Callable[[dict[str, Any]], Any]) -> bytes:
    body = json.loads(published(name))
    edit(body)
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    ("name", "layout", "rows"),
    [("Reporters", "reporters_json", 152), ("partnerAreas", "partners_json", 4), ("H1", "commodities_json", 3),
     ("tradeRegimes", "codes_json", 3), ("QuantityUnits", "units_json", 2)],
)  # fmt: skip
def test_each_layout_under_any_name(write: Write, name: str, layout: str, rows: int) -> None:
    path = write("renamed.bin", published(name))
    found = recognise(SOURCE, path)
    assert found is not None and (found.layout, found.refused) == (layout, None)
    got = check(SOURCE, path).good
    assert got.height == rows and got["list_name"].unique().to_list() == [name]
    assert got.equals(check(SOURCE, write("compact", json.dumps(json.loads(published(name))))).good), "only the spacing is another"


def test_what_a_list_tells_of_its_codes(write: Write) -> None:
    areas = {r["code"]: r for r in check(SOURCE, write("a", published("partnerAreas"))).good.to_dicts()}
    assert (areas["516"]["iso2"], areas["97"]["is_group"], str(areas["230"]["expired_on"])) == ("NA", True, "1992-12-31")
    assert areas["404"]["expired_on"] is None and areas["404"]["aggr_level"] is None
    goods = {r["code"]: r for r in check(SOURCE, write("h", published("H1"))).good.to_dicts()}
    nuts = goods["080131"]
    assert (nuts["parent_code"], nuts["aggr_level"], nuts["is_leaf"], nuts["unit"]) == ("0801", 6, True, "kg")
    assert goods["0801"]["is_leaf"] is False and nuts["is_group"] is None
    units = {r["code"]: r["label"] for r in check(SOURCE, write("q", published("QuantityUnits"))).good.to_dicts()}
    assert units == {"-1": "Not specified", "8": "Weight in kilograms"}


@pytest.mark.parametrize(("codes", "name"), [(["C00", "C01"], "CustomsCodes"), ([0, 1000, 2100], "ModeOfTransportCodes")])
def test_bare_lists_are_told_by_their_codes(write: Write, codes: list[str | int], name: str) -> None:
    rows = [{"id": c, "text": f"text of {c}"} for c in codes]
    got = check(SOURCE, write("a", json.dumps({"results": rows}))).good
    assert got["list_name"].to_list() == [name] * len(codes) and got["code"].to_list() == [str(c) for c in codes]


def test_names_are_read_in_any_capitals(write: Write) -> None:
    plain = check(SOURCE, write("a", published("H1"))).good
    assert check(SOURCE, write("b", published("H1").replace(b"aggrLevel", b"aggrlevel"))).good.equals(plain)


def test_of_others(write: Write) -> None:
    other = recognise(SOURCE, write("a", changed("H1", lambda b: b.update(classCode="S4"))))
    assert other is not None and "classification S4" in str(other.refused)
    index = recognise(SOURCE, write("b", '{"results": [{"category": "reporter", "fileuri": "https://x/Reporters.json"}]}'))
    assert index is not None and "without codes" in str(index.refused)
    for number, body in enumerate(('{"results": []}', '{"results": [{"id": "A", "text": "Annual"}]}', '{"data": [{"reporterCode": 4}]}')):
        assert recognise(SOURCE, write(f"c{number}", body)) is None


@pytest.mark.parametrize(
    ("name", "edit", "said"),
    [
        ("H1", lambda b: b.update(results=[]), "a list of codes in results"),
        ("H1", lambda b: b.update(more=True), "a whole list"),
        ("H1", lambda b: [r.pop("parent") for r in b["results"]], "column parent"),
        ("Reporters", lambda b: [r.pop("entryExpiredDate", 0) for r in b["results"]], "column entryExpiredDate"),
    ],
)
def test_not_a_whole_list(write: Write, name: str, edit: Callable[[dict[str, Any]], Any], said: str) -> None:
    with pytest.raises(BadFile, match=said):
        read(SOURCE, write("a", changed(name, edit)))


def test_damage(write: Write) -> None:
    with pytest.raises(BadFile):
        read(SOURCE, write("cut", published("H1")[:-9]))
    bad = read(SOURCE, write("day", changed("partnerAreas", lambda b: b["results"][0].update(entryEffectiveDate="1900")))).bad
    assert bad["found"].to_list() == ["1900"] and bad["column"].to_list() == ["entryEffectiveDate"]
    references.verify([write("whole", published("Reporters")), write("units", published("QuantityUnits"))])
    with pytest.raises(BadFile, match=r"150 reporters in force.*149"):
        references.verify([write("short", changed("Reporters", lambda b: b["results"].pop(0)))])


def test_plan() -> None:
    calls = list(references.plan({}))
    assert len(calls) == 14 and calls[0].url.endswith("/files/v1/app/reference/Reporters.json") and not calls[0].is_counted
    assert [c.note for c in references.plan({"lists": "H6,QuantityUnits"})] == ["Comtrade list H6", "Comtrade list QuantityUnits"]
    with pytest.raises(TerminalError, match="unknown S4"):
        list(references.plan({"lists": "H6,S4"}))


@pytest.mark.parametrize(("column", "value"), [("list_name", "S4"), ("code", "0801 31"), ("label", None), ("aggr_level", 8)])
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses(SOURCE, read(SOURCE, write("a", published("H1"))), column, value)


def test_fixtures(shared: Path) -> None:
    for name in ("reference_HS.synthetic.json", "reference_Reporters.bom.synthetic.json"):
        got = check(SOURCE, shared / "fixtures/comtrade" / name)
        assert (got.good.height, got.rows_bad) == (7, 0)
