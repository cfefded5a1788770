"""One direction: ingestion -> indicators -> dbt_project -> orchestration. A package imports only what stands left of it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("ingestion", "indicators", "orchestration")
# Who may import whom. `ingestion` and `indicators` know neither each other nor the tools of orchestration.
FORBIDDEN = {
    "ingestion": {"indicators", "orchestration", "dbt_project", "dagster", "dagster_dbt", "dbt", "great_expectations", "duckdb"},
    "indicators": {"ingestion", "orchestration", "dbt_project", "dagster", "dagster_dbt", "dbt", "great_expectations", "duckdb"},
    "orchestration": {"tests", "benchmarks"},
}


def _imported(path: Path) -> set[str]:
    """Top-level names of all imports of a file, those inside functions included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", OURS)
def test_only_leftwards(package: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): sorted(names)
        for path in sorted((ROOT / package).rglob("*.py"))
        if (names := _imported(path) & FORBIDDEN[package])
    }
    assert wrong == {}


def test_sample_generator_knows_no_parser() -> None:
    """The sample goes through the same door as real data; a generator that shares code with a parser proves nothing."""
    wrong = [
        f"{path.name}: {node.module}"
        for path in sorted((ROOT / "ingestion" / "sample").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("ingestion")
        and not (node.module or "").startswith("ingestion.sample")
    ]
    assert wrong == []


def test_python_in_dbt_is_one_call_of_a_public_function() -> None:
    """SQL, except where a matrix step reads a dbt relation: an `int_` model of ten lines at most that calls one function of `indicators/`.

    dbt refuses contracts and unit tests on Python models: an SQL model with a contract stands between them and every reader.
    """
    models = sorted((ROOT / "dbt_project").rglob("*.py"))
    assert [p.name for p in models if not p.stem.startswith("int_") or len(p.read_text(encoding="utf-8").splitlines()) > 10] == []
    sql = {p: p.read_text(encoding="utf-8") for p in (ROOT / "dbt_project" / "models").rglob("*.sql")}
    for path in models:
        (taken,) = [n for n in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(n, ast.ImportFrom)]
        assert (taken.module or "").startswith("indicators.") and len(taken.names) == 1, path.name
        readers = [p for p, text in sql.items() if f"ref('{path.stem}')" in text]
        assert readers, f"{path.name}: no SQL model reads it"
        contracts = [p for p in readers if "contract: {enforced: true}" in p.with_suffix(".yml").read_text(encoding="utf-8")]
        assert contracts == readers, f"{path.name}: read by a model without a contract"


def test_great_expectations_only_at_the_gate() -> None:
    users = {p.parent.name for p in ROOT.glob("orchestration/**/*.py") if "great_expectations" in _imported(p)}
    assert users == {"expectations"}


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("orchestration", {"dagster", "dbt", "polars", "duckdb", "pandas"}),
        ("orchestration.run_steps", {"dagster", "dbt", "polars", "duckdb", "pandas"}),  # decides that nothing is new
        ("orchestration.runner", {"dagster", "dbt", "great_expectations"}),
        ("orchestration.definitions", {"great_expectations"}),
    ],
)
def test_light_modules_stay_light(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; print(*sorted({{m.split('.')[0] for m in sys.modules}} & {heavy!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120, check=True)
    assert done.stdout.split() == []
