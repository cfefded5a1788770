"""All dbt nodes as assets, built by one step in this process. Years that are unchanged keep their Parquet file."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from ingestion import atomic
from ingestion.settings import Home
from orchestration import dbt_in_process, years
from orchestration.dbt_manifest import parsed
from orchestration.dbt_translator import Translator
from orchestration.identity import identity_of
from orchestration.resources import Platform
from orchestration.settings import DBT_PROJECT, dbt_env, dbt_target, warehouse_file

REBUILD_TAG = "acpgvc/rebuild"  # run tag: 'all' builds every year, whatever its fingerprint says
CODE_FILE = "code.sha256"
FOLDERS = ("temp", "yearly", "windows")  # of the warehouse: where DuckDB spills, and what grows with the years (yearly_parquet)


def manifest_of(home: Home, project: Path = DBT_PROJECT) -> Path:
    """Path of dbt's manifest; dbt reads its project first when the manifest is missing or older than the code.

    Raises:
        dg.Failure: dbt cannot read the project.
    """
    target = dbt_target(home)
    code, stamp = years.code_fingerprint(project), target / CODE_FILE
    with atomic.locked(target / ".lock"):  # two downloads may begin at once
        if not (target / "manifest.json").is_file() or not stamp.is_file() or stamp.read_text() != code:
            os.environ.update(dbt_env(home, identity_of(home)))
            parsed(project, target)
            stamp.write_text(code)
    return target / "manifest.json"


def dbt_models(manifest_path: Path, project: Path = DBT_PROJECT) -> dg.AssetsDefinition:
    """One multi-asset over the whole project: seeds, models and their tests."""
    manifest: Mapping[str, Any] = json.loads(manifest_path.read_text(encoding="utf-8"))

    @dbt_assets(manifest=manifest, dagster_dbt_translator=Translator(), name="dbt", pool="duckdb")
    def dbt(context: dg.AssetExecutionContext, platform: Platform) -> Iterator[Any]:
        home, whole = platform.home, not context.is_subset
        plan = years.plan_years(home, years.code_fingerprint(project), rebuild_all=context.run.tags.get(REBUILD_TAG) == "all")
        context.log.info(f"years to build: {plan.rebuild or 'none'}, unchanged: {len(plan.fingerprints) - len(plan.rebuild)}")
        years.forget(home, plan.rebuild)
        platform.set_dbt_env(plan)
        file = warehouse_file(home)
        for folder in FOLDERS:
            (home.warehouse / folder).mkdir(parents=True, exist_ok=True)
        if whole:  # anew each run: a killed run can have left anything in it
            for left in (file, file.with_name(file.name + ".wal")):
                left.unlink(missing_ok=True)
        yield from dbt_in_process.build(context, manifest, Translator(), project, manifest_path.parent, file)
        if whole:
            years.remember(home, plan)

    return dbt


def published_models(manifest_path: Path) -> list[str]:
    """Names of the models that a release holds: everything under models/marts."""
    nodes = json.loads(manifest_path.read_text(encoding="utf-8"))["nodes"].values()
    return sorted(n["name"] for n in nodes if n["resource_type"] == "model" and "marts" in n["fqn"])
