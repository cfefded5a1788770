"""WTO ePing: shapes of the answer, pages, damage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from source_files import check, read, recognise, refuses

from ingestion.errors import BadFile
from ingestion.sources import eping

Write = Callable[[str, bytes | str], Path]


def item(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": number, "area": "SPS", "documentSymbol": "G/SPS/N/KEN/12 ", "title": "<p>x</p>", "titlePlain": "x", "hsCodes": "0801",
        "productsFreeTextPlain": "nuts", "distributionDate": "2026-01-26T00:00:00", "commentDeadlineDate": None, "notifyingMember": "Kenya",
        "proposedEntryIntoForceDate": None, "notificationType": "Regular notification", "spsKeywords": [{"name": "a"}, {"name": "b"}],
    } | changes  # fmt: skip


def page(items: list[dict[str, Any]]) -> str:
    return json.dumps({"items": items})


def test_text_or_object_and_each_envelope(write: Write) -> None:
    plain = check("eping", write("a", page([item(1)]))).good
    named = {"notifyingMember": {"name": "Kenya"}, "notificationType": {"name": "Regular notification"}}
    for number, body in enumerate(({"data": [item(1, **named)]}, {"value": [item(1)]}, [item(1)])):
        assert check("eping", write(f"b{number}", json.dumps(body))).good.equals(plain)
    row = plain.row(0, named=True)
    assert (row["symbol"], row["member"], row["keywords"], str(row["distributed_on"])) == ("G/SPS/N/KEN/12", "Kenya", "a; b", "2026-01-26")


def test_pages(write: Write) -> None:
    (first,) = eping.plan({"from": "2026-01-01", "to": "2026-01-31", "domains": "SPS"})
    assert first.params["domainIds"] == "2" and first.params["page"] == "1"
    full, last = write("p1", page([item(n) for n in range(100)])), write("p2", page([item(n) for n in range(100, 103)]))
    (second,) = eping.follow(first, full)
    assert second.params["page"] == "2" and list(eping.follow(second, last)) == []
    eping.verify([full, last])
    with pytest.raises(BadFile, match="99 more than once"):
        eping.verify([full, write("moved", page([item(99)]))])


def test_damage(write: Write) -> None:
    with pytest.raises(BadFile, match="field distributionDate"):
        path = write("a", page([item(1)]).replace("distributionDate", "distributed"))
        eping.parse(path, eping.Recognition("search_json"))
    with pytest.raises(BadFile, match="a list of notifications"):
        eping.parse(write("b", '{"message": "documentSymbol"}'), eping.Recognition("search_json"))
    with pytest.raises(BadFile):
        read("eping", write("cut", page([item(1)])[:-9]))
    assert read("eping", write("bad", page([item(1), item(2, distributionDate="soon")]))).bad["found"].to_list() == ["soon"]
    assert recognise("eping", write("none", '{"items": []}')).layout == "search_json"
    assert recognise("eping", write("other", '{"items": [{"id": 1}]}')) is None


@pytest.mark.parametrize(("column", "value"), [("area", "XYZ"), ("symbol", "KEN/12"), ("notification_id", "x"), ("member", None)])
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("eping", read("eping", write("a", page([item(1)]))), column, value)


def test_fixture(shared: Path) -> None:
    got = check("eping", shared / "fixtures/wto/eping_search_page1.synthetic.json")
    body = json.loads((shared / "fixtures/wto/eping_search_page1.synthetic.json").read_text())
    assert (got.good.height, got.rows_bad) == (len(body["items"]), 0)
