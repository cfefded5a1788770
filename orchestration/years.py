"""Which years of the growing models must be built again. A year is skipped while its inputs and the code are the same.

<warehouse>/yearly/_built/<year>.json holds the fingerprint that a year was built from. It is removed before dbt starts
and written after dbt succeeded: a killed run builds its years again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingestion import atomic, lake
from ingestion.drop import InputRecord
from ingestion.registry import all_sources
from ingestion.settings import REPO_ROOT, Home
from orchestration.settings import DBT_PROJECT, counted_tables, feeds_years

CODE_SUFFIXES = {".sql", ".py", ".yml", ".csv", ".md"}
BYTES_AT_ONCE = 32_000_000  # Parquet of trade that one statement may compute from: about four million rows
WRITTEN_BY_DBT = {"target", "logs", "dbt_packages"}


@dataclass(frozen=True)
class YearPlan:
    """`fingerprints` of all years in the lake; `rebuild`, those without a build of the same; `at_once` of them fit one statement."""

    fingerprints: dict[int, str]
    rebuild: list[int]
    at_once: int


def code_fingerprint(project: Path = DBT_PROJECT, lock: Path = REPO_ROOT / "requirements.lock") -> str:
    """Models, macros, seeds, tests and settings of dbt, the functions that its Python models call, the sources it is told of, and the lock
    (another DuckDB may write other bytes).
    """
    digest = hashlib.sha256(lock.read_bytes() if lock.is_file() else b"")
    digest.update(",".join(counted_tables()).encode() + b"\0")
    for root in (project, REPO_ROOT / "indicators"):
        for path in sorted(root.rglob("*")):
            inner = path.relative_to(root)
            if path.is_file() and path.suffix in CODE_SUFFIXES and not WRITTEN_BY_DBT & set(inner.parts):
                digest.update(f"{inner.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def plan_years(home: Home, code: str, rebuild_all: bool = False) -> YearPlan:
    """Compare every year of trade in the lake with what was built: the models of one file a year are made of trade alone."""
    tables = [s.table for s in all_sources().values() if feeds_years(s)]
    parts = {t: lake.year_parts(home, t) for t in tables}
    blocked = {t: bool(InputRecord.read(home, t).rejected()) for t in tables}
    years = sorted({y for by_year in parts.values() for y in by_year if y})
    # What wins within a year is decided among the year's own parts; a blocked table is left out of every year.
    fingerprints = {y: _hash([code, home.profile, [[t, blocked[t], parts[t].get(y, [])] for t in tables]]) for y in years}
    rebuild = [y for y in years if rebuild_all or _built(home, y) != fingerprints[y]]
    largest = max((sum(p.stat().st_size for t in tables for p in (home.lake / t).glob(f"year={y}/*.parquet")) for y in rebuild), default=0)
    return YearPlan(fingerprints, rebuild, at_once=max(1, BYTES_AT_ONCE // max(largest, 1)))


def forget(home: Home, years: Iterable[int]) -> None:
    """Take back that these years are built."""
    for year in years:
        _path(home, year).unlink(missing_ok=True)


def remember(home: Home, plan: YearPlan) -> None:
    """Note what the years were built from; years that left the lake are forgotten, with the files built from them."""
    for year, fingerprint in plan.fingerprints.items():
        atomic.write_bytes(_path(home, year), json.dumps({"year": year, "fingerprint": fingerprint}).encode() + b"\n")
    kept = {str(y) for y in plan.fingerprints}
    for path in [*home.warehouse.glob("yearly/_built/*.json"), *home.warehouse.glob("*/*/year=*.parquet")]:
        if path.stem.removeprefix("year=") not in kept:
            path.unlink()


def _path(home: Home, year: int) -> Path:
    return home.warehouse / "yearly" / "_built" / f"{year}.json"


def _built(home: Home, year: int) -> str | None:
    try:
        return json.loads(_path(home, year).read_text(encoding="utf-8"))["fingerprint"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _hash(material: object) -> str:
    return hashlib.sha256(json.dumps(material, sort_keys=True).encode()).hexdigest()
