"""The map of traps names tests that exist, and every known trap has a row."""

from __future__ import annotations

import csv
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DBT = ROOT / "dbt_project"
PAGE = (ROOT / "docs" / "quirks.md").read_text(encoding="utf-8")


def test_tests_of_the_map_exist() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    units, data = (re.findall(rf"dbt {kind} `(\w+)`", PAGE) for kind in ("unit test", "test"))
    assert named and units and data
    assert [n for n in named if not re.search(rf"^def {n[1]}\(", (ROOT / n[0]).read_text(encoding="utf-8"), re.MULTILINE)] == []
    listed = {name for yml in DBT.glob("models/**/*.yml") for name in _unit_tests(yml.read_text(encoding="utf-8"))}
    assert [n for n in units if n not in listed] == []
    assert [n for n in data if not (DBT / "tests" / f"{n}.sql").is_file()] == []


def test_guards_of_the_map_exist() -> None:
    paths = re.findall(r"(?<![\w/`])(?:dbt_project|ingestion|indicators)/[\w/.]+\.(?:sql|py|csv|yml)", PAGE)
    assert paths and [p for p in paths if not (ROOT / p).is_file()] == []


def test_every_trap_has_a_row(shared: Path) -> None:
    with (shared / "reference" / "data_quirks.csv").open(encoding="utf-8", newline="") as f:
        known = [r["quirk_id"] for r in csv.DictReader(f)]
    assert sorted(re.findall(r"^\| (\w+_\w+|\w+) \| ", PAGE, re.MULTILINE)) == sorted([*known, "quirk_id"])


def _unit_tests(yml: str) -> list[str]:
    return re.findall(r"^  - name: (\w+)$", yml.partition("unit_tests:")[2], re.MULTILINE)
