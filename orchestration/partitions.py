"""Years, for what the publishers ship per year. They begin in the lake: dbt assets are not partitioned."""

from __future__ import annotations

import dagster as dg

FIRST_YEAR = 1990  # first year of the input-output tables (Eora26); trade in HS1996 begins in 1996
YEARS = dg.TimeWindowPartitionsDefinition(start=str(FIRST_YEAR), fmt="%Y", cron_schedule="0 0 1 1 *", end_offset=1)  # to the current year


def years_asked(context: dg.AssetExecutionContext) -> list[str] | None:
    """The years that a run names; None: a run over everything, which names none.

    Such a run notes a materialization for the years that are new alone: a year that was only looked at is as old as before,
    and forty events for each of ten tables would cost more than the work.
    """
    return list(context.partition_keys) if context.has_partition_key or context.has_partition_key_range else None


def note_years(context: dg.AssetExecutionContext, asset: str, rows_by_year: dict[str, int]) -> None:
    """Note in Dagster how many rows each year has: on the materialization of a year that was asked for, else on one of its own."""
    asked = years_asked(context)
    for year, rows in rows_by_year.items():
        metadata = {"rows_in_year": rows}
        if asked is None:
            context.log_event(dg.AssetMaterialization(asset, partition=year, metadata=metadata))
        elif year in asked:
            context.add_asset_metadata(metadata, asset_key=asset, partition_key=year)
