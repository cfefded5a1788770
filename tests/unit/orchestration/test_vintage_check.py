"""The check `vintage`: an error that blocks while a vintage is beyond its bounds, a warning where a person should look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from typer.testing import CliRunner

from ingestion import landing
from ingestion.receipt import Receipt
from ingestion.registry import all_sources
from ingestion.settings import Home
from orchestration.checks.vintages import vintage_result, vintage_spec
from orchestration.cli import app

SPEC = all_sources()["baci"]
COUNTS = {"rows_before": 1000, "rows_removed": 0, "rows_far_revised": 0, "rows_revised": 3, "largest": ["hs6=180100: value_kusd 1 -> 2"]}


def landed(home: Home, **changes: Any) -> None:
    values = {
        **dict.fromkeys(("layout", "licence", "parser"), "x"),
        **{"source": "baci", "table": SPEC.table, "layout_rank": 0, "batch": "a" * 64, "batch_size": 1, "request": {}, "headers": {}},
        **{"retrieved_at": "2024-01-01T00:00:00Z", "sha256": "a" * 64, "content_sha256": "a", "duplicate_of": None, "size_bytes": 1},
        **{"vintage": "V1", "may_redistribute": True, "data_origin": "official", "rows_read": 1, "rows_quarantined": 0, "parts": []},
        **{"first_year": None, "last_year": None, "partition_columns": [], "partitions": {}, "changes": {**COUNTS, **changes}},
    }
    landing.write_receipt(home, Receipt.from_json(json.dumps(values)))


@pytest.mark.parametrize(
    ("changes", "passed", "severity"),
    [
        ({}, True, "WARN"),
        ({"partitions_gone": 1, "gone": ["HS96|*|2020"]}, False, "WARN"),
        ({"rows_removed": 201}, False, "ERROR"),
        ({"rows_far_revised": 201}, False, "ERROR"),
        ({"rows_before": 99, "rows_removed": 99}, True, "WARN"),
    ],
)
def test_severity_follows_the_bounds(tmp_path: Path, changes: dict[str, Any], passed: bool, severity: str) -> None:
    home = Home(tmp_path, "main")
    landed(home, **changes)
    result = vintage_result(home, SPEC)
    assert (result.passed, result.severity.value) == (passed, severity)
    assert "180100" in str(result.metadata["largest_revisions"].value)


def test_what_is_held_back_blocks_what_is_built_until_a_person_accepts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path, "main")
    landed(home, rows_removed=500)

    @dg.asset(name=SPEC.table, check_specs=[vintage_spec(SPEC)])
    def raw() -> dg.MaterializeResult:
        return dg.MaterializeResult(check_results=[vintage_result(home, SPEC)])

    @dg.asset(deps=[SPEC.table])
    def mart() -> None: ...

    def built() -> bool:
        return dg.materialize([raw, mart], raise_on_error=False).success

    assert not built()
    assert "--accept baci" in str(vintage_result(home, SPEC).description)
    monkeypatch.setenv("ACPGVC_HOME", str(tmp_path))
    monkeypatch.setattr("orchestration.run_steps.is_up_to_date", lambda *_: None)
    monkeypatch.setattr("orchestration.commands.run._build", lambda *_: False)
    said = CliRunner().invoke(app, ["run", "--profile", "main", "--accept", "baci"])
    assert said.exit_code == 0 and "accepted aaaaaaaaaaaa" in said.output
    assert built()


def test_declared_measures_are_columns() -> None:
    for spec in all_sources().values():
        if spec.revisions:
            assert {*spec.revisions.measure, *spec.revisions.by} <= set(spec.schema().columns), spec.name
