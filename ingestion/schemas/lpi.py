"""What a row of `raw_lpi__scores` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema, PolarsData

FIRST_EDITION, LAST_EDITION = 2007, 2100
MOST_ECONOMIES = 250


def _in_range(data: PolarsData) -> pl.LazyFrame:
    series, value = pl.col("series_code"), pl.col("value")
    return data.lazyframe.select(
        pl.when(series.str.ends_with(".ZS"))
        .then(value.is_between(0, 100))
        .when(series.str.ends_with(".CI"))
        .then(value.is_between(0, 4))
        .when(series.str.contains(r"\.XQ(\.LB)?$"))
        .then(value.is_between(1, 5))
        .when(series.str.ends_with(".XQ.UB"))
        .then(value.is_between(1, 5.5))  # a bound may lie beyond the scale
        .otherwise(value.is_between(1, MOST_ECONOMIES))
    )


@cache
def schema() -> DataFrameSchema:
    """One value of one series, economy and edition: scores 1 (low) to 5 (high), ranks from 1, percent of the highest performer."""
    return DataFrameSchema(
        {
            "country_code": Column(pl.String, Check.str_matches(r"^[A-Z]{3}$")),
            "country_name": Column(pl.String, nullable=True),
            "series_code": Column(pl.String, Check.str_matches(r"^LP\.LPI\.[A-Z]{4}\.(XQ|RK)(\.(LB|UB|ZS|CI))?$")),
            "year": Column(pl.Int16, Check.in_range(FIRST_EDITION, LAST_EDITION)),
            "value": Column(pl.Float64),
        },
        checks=[Check(_in_range, name="values within the scale of the series")],
        strict=True,
    )
