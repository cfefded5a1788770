"""Years, for what the publishers ship per year. They begin in the lake: dbt assets are not partitioned."""

from __future__ import annotations

import dagster as dg

FIRST_YEAR = 1990  # first year of the input-output tables (Eora26); trade in HS1996 begins in 1996
YEARS = dg.TimeWindowPartitionsDefinition(start=str(FIRST_YEAR), fmt="%Y", cron_schedule="0 0 1 1 *", end_offset=1)  # to the current year


def all_years_tags() -> dict[str, str]:
    """Tags that let one run hold the partitioned assets, for all years, beside the unpartitioned ones."""
    keys = YEARS.get_partition_keys()
    return {"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]}
