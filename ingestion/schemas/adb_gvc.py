"""What a row of `raw_adb_gvc__statistics` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema, PolarsData

from ingestion.sources.adb_gvc import FIGURES

FIRST_YEAR, LAST_YEAR = 2000, 2100
TOLERANCE = 1e-9  # of exports


def _parts_add_up(data: PolarsData) -> pl.LazyFrame:
    gap = pl.col("participation_share") - pl.col("forward_share") - pl.col("backward_share")
    return data.lazyframe.select((gap.abs() <= TOLERANCE).fill_null(value=True))


@cache
def schema() -> DataFrameSchema:
    """Statistics of one industry or group of industries of one economy, by the numbers of the table; `_musd` is million current US dollars.

    A row has the figures of its file, the others are null. Forward parts may be slightly negative (negative inventory changes).
    """
    return DataFrameSchema(
        {
            "statistics": Column(pl.String, Check.isin(["participation", "lengths", "advantage"])),
            "edition": Column(pl.String, Check.str_matches(r"^ADB MRIO \d\d$")),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "economy_number": Column(pl.String, Check.str_matches(r"^[1-9]\d?$")),
            "sector_level": Column(pl.Int8, Check.isin([0, 5, 15, 35])),
            "sector_number": Column(pl.String, Check.str_matches(r"^\d{1,2}$")),
            **{name: Column(pl.Float64, nullable=True) for figures in FIGURES.values() for name in figures.values()},
            "data_origin": Column(pl.String, Check.isin(["modelled", "sample"])),
        },
        checks=[Check(_parts_add_up, name="participation_share = forward_share + backward_share")],
        strict=True,
    )
