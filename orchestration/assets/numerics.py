"""Numbers that SQL cannot compute: pure functions of `indicators/`, written to the lake as Parquet for dbt to read."""

import dagster as dg

from ingestion.lake import write_parquet
from orchestration.assets.raw import column_schema
from orchestration.dbt_translator import OWNER
from orchestration.resources import Platform

MAX_N = 5000  # rejections of one origin, chain and market in three years: far above any seen


@dg.asset(group_name="num_rejections", owners=[OWNER], kinds={"python", "scipy", "parquet"})
def num_rejections__poisson_interval(platform: Platform) -> dg.MaterializeResult:
    """5th and 95th percentile of a Poisson mean given n events, n = 0 to 5000 (exact interval of Garwood)."""
    import numpy as np
    import polars as pl

    from indicators.rejections import poisson_interval

    n = np.arange(MAX_N + 1)
    low, high = poisson_interval(n)
    frame = pl.DataFrame({"n": n, "low": low, "high": high}, schema={"n": pl.Int32, "low": pl.Float64, "high": pl.Float64})
    name = "num_rejections__poisson_interval"
    write_parquet(frame, platform.home.lake / name / f"{name}.parquet")
    return dg.MaterializeResult(metadata={"dagster/row_count": frame.height, "dagster/column_schema": column_schema(dict(frame.schema))})
