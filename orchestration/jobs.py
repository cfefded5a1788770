"""Jobs. Each is one run in one process; the partitioned assets take all their years in it (see `partitions.py`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import dagster as dg

from ingestion.spec import SourceSpec
from orchestration.assets.dbt import REBUILD_TAG
from orchestration.assets.release import CANDIDATE, PUBLISHED
from orchestration.run_lock import DOWNLOAD_JOB

JOBS = ("full_refresh", "incremental", "publish")


def jobs(specs: Iterable[SourceSpec]) -> list[Any]:
    """The three jobs of the platform, and one `fetch_<source>` for each source with an interface."""
    everything = dg.AssetSelection.all()
    fetches = [
        dg.define_asset_job(
            f"{DOWNLOAD_JOB}{s.name}", selection=dg.AssetSelection.assets(s.table), description=f"Download from {s.publisher} and parse."
        )
        for s in specs
        if s.plan is not None
    ]
    return [
        dg.define_asset_job(
            "full_refresh", selection=everything, tags={REBUILD_TAG: "all"}, description="Everything, every year built anew."
        ),
        dg.define_asset_job(
            "incremental", selection=everything, description="Everything; years with unchanged inputs and code keep their files."
        ),
        dg.define_asset_job(
            "publish",
            selection=dg.AssetSelection.assets(CANDIDATE, PUBLISHED),
            description="Gate and release of the warehouse as it stands.",
        ),
        *fetches,
    ]
