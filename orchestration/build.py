"""Puts the parts together. A pure function of the home, so that tests build their own graph."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from ingestion.registry import all_sources
from ingestion.settings import Home
from orchestration.assets.dbt import dbt_models, manifest_of, published_models
from orchestration.assets.icio import num_icio
from orchestration.assets.numerics import num_rejections__poisson_interval
from orchestration.assets.raw import landing_asset, raw_asset
from orchestration.assets.release import release_assets
from orchestration.checks.release import release_checks
from orchestration.jobs import jobs
from orchestration.resources import Platform
from orchestration.schedules import schedules
from orchestration.sensors import SENSORS
from orchestration.settings import DBT_PROJECT, current_home, silence_telemetry


def build_defs(overrides: Mapping[str, Any] | None = None, home: Home | None = None, project: Path = DBT_PROJECT) -> dg.Definitions:
    """All assets, checks, jobs, schedules and sensors of one home.

    `overrides` replaces resources by name; `project` is the dbt project, which is read when its manifest is missing or old.

    Raises:
        dg.Failure: dbt cannot read its project.
    """
    silence_telemetry()
    warnings.filterwarnings("ignore", category=dg.BetaWarning)  # backfill_policy; the version is pinned
    home = home or current_home()
    manifest = manifest_of(home, project)
    specs = list(all_sources().values())
    return dg.Definitions(
        assets=[
            *(raw_asset(s) for s in specs),
            landing_asset(specs),
            num_rejections__poisson_interval,
            num_icio,
            dbt_models(manifest, project),
            *release_assets(manifest, published_models(manifest)),
        ],
        asset_checks=release_checks(),
        jobs=jobs(specs),
        schedules=schedules(specs),
        sensors=SENSORS,
        resources={"platform": Platform.of(home), **(overrides or {})},
        executor=dg.in_process_executor,  # a process per step would load everything again, ten seconds each
    )
