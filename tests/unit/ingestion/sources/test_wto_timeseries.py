"""WTO Timeseries: the count is asked first, an answer at the cap is refused, flags and missing values stay."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from source_files import check, read, refuses

from ingestion.errors import BadFile
from ingestion.fetch import fetch
from ingestion.landing import receipts
from ingestion.settings import Home
from ingestion.sources import wto_timeseries
from tests.servers.wire import Reply, Wire

Write = Callable[[str, bytes | str], Path]


def row(product: int, value: float | None = 1.5, **changes: Any) -> dict[str, Any]:
    return dict.fromkeys(wto_timeseries.FIELDS, "") | {
        "IndicatorCode": "HS_M_0010", "ReportingEconomyCode": "068", "Year": 2021, "ProductOrSectorCode": str(product), "TextValue": None,
        "Value": value,
    } | changes  # fmt: skip


def body(rows: list[dict[str, Any]]) -> str:
    return json.dumps({"Dataset": rows})


def test_rows(write: Write) -> None:
    got = check("wto_timeseries", write("renamed", body([row(1), row(2, None, ValueFlagCode="E")])))
    assert got.rows_bad == 0
    assert got.good.select("reporter_code", "value", "value_flag", "partner_code").rows() == [
        ("068", 1.5, None, ""),
        ("068", None, "E", ""),
    ]
    latin = body([row(1, Indicator="Côte d'Ivoire")]).encode().decode("unicode_escape").encode("latin-1")
    assert read("wto_timeseries", write("latin", latin)).frame["indicator"].to_list() == ["Côte d'Ivoire"]


def test_damage(write: Write) -> None:
    with pytest.raises(BadFile, match="exactly 500 rows"):
        read("wto_timeseries", write("cap", body([row(n) for n in range(500)])))
    with pytest.raises(BadFile, match="complete JSON"):
        read("wto_timeseries", write("cut", body([row(1)])[:-3]))
    with pytest.raises(BadFile, match="field ValueFlagCode"):
        read("wto_timeseries", write("drift", body([row(1)]).replace("ValueFlagCode", "Flag")))
    assert read("wto_timeseries", write("bad", body([row(1, "n/a")]))).bad["found"].to_list() == ["n/a"]


@pytest.mark.parametrize(("column", "value"), [("indicator_code", "x"), ("reporter_code", "6"), ("year", 1900), ("partner_code", None)])
def test_schema_refuses(write: Write, column: str, value: object) -> None:
    assert refuses("wto_timeseries", read("wto_timeseries", write("a", body([row(1)]))), column, value)


@pytest.mark.parametrize(("count", "sizes"), [(3, [3]), (500, [499, 1]), (0, [])])
def test_fetch_asks_the_count_and_pages_to_it(home: Home, monkeypatch: pytest.MonkeyPatch, count: int, sizes: list[int]) -> None:
    rows = [row(n) for n in range(count)]
    pages, start = [], 0
    for size in sizes:
        pages.append(Reply(body=body(rows[start : start + size]).encode()))
        start += size
    with Wire() as wire:
        monkeypatch.setenv("ACPGVC_WTO_TIMESERIES_BASE_URL", wire.url)
        monkeypatch.setenv("ACPGVC_WTO_TIMESERIES_MIN_INTERVAL_S", "0")
        wire.on("/data_count", Reply(body=str(count).encode()))
        wire.on("/data", *pages or [Reply(status=500)])
        fetch(home, wto_timeseries.SOURCE, {"indicators": "HS_M_0010", "reporters": "068", "years": "2021"})
        assert [s.query["off"] for s in wire.log if s.path == "/data"] == [[str(sum(sizes[:n]))] for n in range(len(sizes))]
    assert sum(r.rows_read for r in receipts(home, "wto_timeseries")) == count


def test_pages_that_miss_the_count_are_not_landed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with Wire() as wire:
        monkeypatch.setenv("ACPGVC_WTO_TIMESERIES_BASE_URL", wire.url)
        monkeypatch.setenv("ACPGVC_WTO_TIMESERIES_MIN_INTERVAL_S", "0")
        wire.on("/data_count", Reply(body=b"9"))
        wire.on("/data", Reply(body=body([row(1)]).encode()))
        with pytest.raises(BadFile, match=r"9 rows, as the service counts, found 1"):
            fetch(home, wto_timeseries.SOURCE, {"indicators": "HS_M_0010", "reporters": "068", "years": "2021"})
    assert receipts(home, "wto_timeseries") == []


def test_fixture(shared: Path) -> None:
    got = check("wto_timeseries", shared / "fixtures/wto/timeseries_data.synthetic.json")
    assert (got.good.height, got.rows_bad) == (9, 0)
