"""Where dbt's things are and what it is told through the environment. Home and profiles: `ingestion/settings.py`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from ingestion.registry import all_sources
from ingestion.settings import PROFILES, REPO_ROOT, Home
from ingestion.spec import SourceSpec
from orchestration.identity import Identity

DBT_PROJECT = REPO_ROOT / "dbt_project"
WAREHOUSE_FILE = "acpgvc.duckdb"  # its stem is the name of the database in every compiled model: never rename per run


def warehouse_file(home: Home) -> Path:
    return home.warehouse / WAREHOUSE_FILE


def dbt_target(home: Home) -> Path:
    """dbt's output folder. One per profile, because the manifest holds absolute paths into the lake."""
    return home.folder / "dbt"


def current_home() -> Home:
    """Home of the profile that `ACPGVC_PROFILE` names (default `sample`).

    Raises:
        ValueError: no such profile.
    """
    profile = os.environ.get("ACPGVC_PROFILE", "sample")
    for known in PROFILES:
        if profile == known:
            return Home.of(known)
    raise ValueError(f"ACPGVC_PROFILE: expected {' or '.join(PROFILES)}, found {profile!r}")


def dbt_env(home: Home, identity: Identity, rebuild: Iterable[int] = (), years: Iterable[int] = (), at_once: int = 1) -> dict[str, str]:
    """Environment of a dbt call. Paths are absolute: dbt resolves relative ones against the current folder.

    `rebuild` are the years whose Parquet is written anew, `years` all years that the lake holds, `at_once` how many one
    statement computes.
    """
    return {
        "ACPGVC_PROFILE": home.profile,
        "ACPGVC_LAKE": str(home.lake),
        "ACPGVC_WAREHOUSE": str(home.warehouse),
        "ACPGVC_WAREHOUSE_FILE": str(warehouse_file(home)),
        "ACPGVC_SOURCE_TABLES": ",".join(counted_tables()),
        "ACPGVC_YEARS": json.dumps(sorted(rebuild)),
        "ACPGVC_ALL_YEARS": json.dumps(sorted(years)),
        "ACPGVC_YEARS_AT_ONCE": str(at_once),
        "DBT_INDIRECT_SELECTION": "buildable",  # a part of the models runs only the tests whose tables exist
        **identity.as_env(),
    }


def counted_tables() -> list[str]:
    """Raw tables whose rows `int_landing__row_status` counts: all but those of trade by year, whose models are written year by year."""
    return [s.table for s in all_sources().values() if not is_growing(s)]


def is_growing(spec: SourceSpec) -> bool:
    """Its staging models and the account of its rows are one file a year: the sources of `fct_trade`."""
    return spec.name in ("baci", "comtrade")


def feeds_years(spec: SourceSpec) -> bool:
    """Models of one file a year are made of it: the growing sources, and the exports by heading that stand beside them in complexity."""
    return is_growing(spec) or spec.name == "hs4_exports"


def silence_telemetry() -> None:
    """No tool of the stack calls home; Great Expectations reads this before its import, Dagster from dagster.yaml too."""
    os.environ.update(GX_ANALYTICS_ENABLED="false", DO_NOT_TRACK="1", DBT_SEND_ANONYMOUS_USAGE_STATS="false", DAGSTER_DISABLE_TELEMETRY="1")
