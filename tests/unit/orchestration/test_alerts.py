"""Alerts over real sockets on loopback; sensors that start builds, tell of failed runs and of late sources; schedules."""

from __future__ import annotations

import json
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ingestion import landing
from ingestion.receipt import Receipt
from ingestion.registry import all_sources
from ingestion.settings import REPO_ROOT, Home
from orchestration import alerts, sensors
from orchestration.schedules import schedules


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def webhook(status: int = 204) -> Iterator[tuple[str, list[dict[str, str]]]]:
    got: list[dict[str, str]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    with serving(HTTPServer(("127.0.0.1", 0), Hook)) as port:
        yield f"http://127.0.0.1:{port}/s3cret", got


class Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        letter: list[bytes] | None = None
        for line in self.rfile:
            if letter is None:
                letter = [] if line.upper().startswith(b"DATA") else None
                quits = line.upper().startswith(b"QUIT")
                self.wfile.write(b"354 go on\r\n" if letter is not None else b"221 bye\r\n" if quits else b"250 yes\r\n")
                if quits:
                    return
            elif line == b".\r\n":
                self.server.letters.append(b"".join(letter).decode())  # type: ignore[attr-defined]
                letter = None
                self.wfile.write(b"250 yes\r\n")
            else:
                letter.append(line)


def test_nothing_is_sent_where_nothing_is_configured() -> None:
    assert alerts.send("a", "b") == []


def test_a_webhook_takes_subject_and_text(monkeypatch: pytest.MonkeyPatch) -> None:
    with webhook() as (url, got):
        monkeypatch.setenv("ACPGVC_ALERT_WEBHOOK", url)
        assert alerts.send("acpgvc: run failed", "Côte d'Ivoire") == ["webhook"]
    assert got == [{"subject": "acpgvc: run failed", "text": "Côte d'Ivoire"}]


def test_an_alert_that_is_not_taken_says_so_without_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    with webhook(500) as (url, _):
        monkeypatch.setenv("ACPGVC_ALERT_WEBHOOK", url)
        with pytest.raises(alerts.AlertFailed, match="HTTP 500") as e:
            alerts.send("a", "b")
    assert "s3cret" not in str(e.value)
    with pytest.raises(alerts.AlertFailed, match="URLError"):  # nobody listens any more
        alerts.send("a", "b")
    monkeypatch.setenv("ACPGVC_ALERT_WEBHOOK", "file:///x")
    with pytest.raises(alerts.AlertFailed, match="expected an http"):
        alerts.send("a", "b")


def test_a_mail_goes_to_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    server = socketserver.TCPServer(("127.0.0.1", 0), Smtp)
    server.letters = []  # type: ignore[attr-defined]
    with serving(server) as port:
        monkeypatch.setenv("ACPGVC_SMTP", f"127.0.0.1:{port}")
        monkeypatch.setenv("ACPGVC_ALERT_MAIL", "data@example.org")
        assert alerts.send("acpgvc: late", "wdi: old") == ["mail"]
    (letter,) = server.letters  # type: ignore[attr-defined]
    assert "Subject: acpgvc: late" in letter and "To: data@example.org" in letter and "wdi: old" in letter


def test_a_failed_run_tells_its_step_and_error(monkeypatch: pytest.MonkeyPatch) -> None:
    @dg.asset
    def broken() -> None:
        raise ValueError("no such column")

    job = dg.Definitions([broken], jobs=[dg.define_asset_job("fetch_x")]).resolve_job_def("fetch_x")
    with dg.DagsterInstance.ephemeral() as instance, webhook() as (url, got):
        monkeypatch.setenv("ACPGVC_ALERT_WEBHOOK", url)
        result = job.execute_in_process(instance=instance, raise_on_error=False)
        event = result.get_run_failure_event() if hasattr(result, "get_run_failure_event") else result.get_job_failure_event()
        run = instance.get_run_by_id(result.run_id)
        assert run is not None
        context = dg.build_run_status_sensor_context("failed_runs", event, instance, run).for_run_failure()
        sensors.failed_runs(context)
    assert got[0]["subject"] == "acpgvc: fetch_x failed"
    assert "broken" in got[0]["text"]


def landed(home: Home, content: str, came: str = "2024-01-01T00:00:00Z", last_year: int = 2023) -> None:
    values = {
        **dict.fromkeys(("layout", "licence", "parser", "vintage"), "x"),
        **{"source": "rasff", "table": "raw_rasff__notices", "layout_rank": 0, "batch": content * 64, "batch_size": 1, "request": {}},
        **{"headers": {}, "retrieved_at": came, "sha256": content * 64, "content_sha256": content, "duplicate_of": None, "size_bytes": 1},
        **{"may_redistribute": True, "data_origin": "official", "rows_read": 1, "rows_quarantined": 0, "parts": []},
        **{"first_year": None, "last_year": last_year, "partition_columns": [], "partitions": {}},
    }
    landing.write_receipt(home, Receipt.from_json(json.dumps(values)))


def test_new_rows_start_one_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACPGVC_HOME", str(tmp_path))
    monkeypatch.setenv("ACPGVC_PROFILE", "main")
    context = dg.build_sensor_context()
    assert isinstance(sensors.new_vintages(context), dg.SkipReason)
    landed(Home(tmp_path, "main"), "a")
    asked = sensors.new_vintages(context)
    assert isinstance(asked, dg.RunRequest)
    assert isinstance(sensors.new_vintages(context), dg.SkipReason)
    landed(Home(tmp_path, "main"), "b")
    again = sensors.new_vintages(context)
    assert isinstance(again, dg.RunRequest) and again.run_key != asked.run_key


def test_a_late_source_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACPGVC_HOME", str(tmp_path))
    monkeypatch.setenv("ACPGVC_PROFILE", "main")
    home = Home(tmp_path, "main")
    landed(home, "a")
    assert sensors.late_sources(home, datetime(2024, 1, 10, tzinfo=UTC)) == []
    landed(home, "b", came=f"{datetime.now(UTC):%Y-%m-%d}T00:00:00Z", last_year=1999)  # a backfill
    with webhook() as (url, got):
        monkeypatch.setenv("ACPGVC_ALERT_WEBHOOK", url)
        context = dg.build_sensor_context()
        sensors.late_data(context)
        sensors.late_data(context)
    assert [g["text"] for g in got] == ["rasff: newest data of 2024-01-01, last year 2023; expected every 14 days"]


# The asker must name numbers of measures, which only the data centre shows.
UNSCHEDULED = {"unctadstat"}


def test_every_source_with_an_interface_has_a_calendar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is asked at a tick is what the source's plan takes."""
    monkeypatch.setenv("ACPGVC_HOME", str(tmp_path))
    made, now = {s.name: s for s in schedules(all_sources().values())}, datetime(2026, 3, 16, 5, tzinfo=UTC)
    asked = {}
    for spec in (s for s in all_sources().values() if s.plan and s.name not in UNSCHEDULED):
        tick = made[f"fetch_{spec.name}_at_cadence"].evaluate_tick(dg.build_schedule_context(scheduled_execution_time=now))
        (request,) = tick.run_requests or []
        asked[spec.name] = request.run_config["ops"][spec.table]["config"]["fetch"]
        assert list(spec.plan(asked[spec.name])), spec.name
    assert asked["fda"] == {"from": "2025-12-01", "to": "2026-03-16"}, "whole months: an answer replaces the months that it holds"
    assert (asked["comtrade"]["years"], asked["baci"]) == ("2023-2026", {"version": "V202601"})
    last_four = {"reporters": "ACP", "years": "2023-2026"}
    assert asked["wto_timeseries"] == {"indicators": "HS_M_0010", **last_four}
    assert asked["wits_tariffs"] == {**last_four, "reporters": "ACP,918"}
    used = set(re.findall(r"'code': '([^']+)'", (REPO_ROOT / "dbt_project/macros/wdi_series.sql").read_text(encoding="utf-8")))
    assert set(asked["wdi"]["indicators"].split(",")) == used | {"IP.PAT.RESD"}


def test_a_schedule_fetches_with_the_arguments_of_the_declaration() -> None:
    made = {s.name: s for s in schedules(all_sources().values())}
    rasff = made["fetch_rasff_at_cadence"]
    assert (rasff.cron_schedule, rasff.job_name, rasff.default_status.value) == ("0 5 * * 1", "fetch_rasff", "STOPPED")
    tick = rasff.evaluate_tick(dg.build_schedule_context(scheduled_execution_time=datetime(2026, 1, 5, 5, tzinfo=UTC)))
    assert tick.run_requests and tick.run_requests[0].run_config == {
        "ops": {"raw_rasff__notices": {"config": {"fetch": {}, "is_scheduled": True}}}
    }
