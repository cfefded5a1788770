"""What a row of `raw_unctadstat__observations` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema, PolarsData

FIRST_YEAR, LAST_YEAR = 1980, 2100
REPORTS = ("US.PCI", "US.ConcentDiversIndices", "US.LSCI")


def _in_range(data: PolarsData) -> pl.LazyFrame:
    measure, value = pl.col("measure"), pl.col("value")
    return data.lazyframe.select(
        pl.when(measure == "Productive Capacities Index")
        .then(value.is_between(0, 100))
        .when(measure.is_in(["Concentration Index", "Diversification Index"]))
        .then(value.is_between(0, 1))
        .when(measure.str.starts_with("Growth rate"))
        .then(value >= -100)
        .otherwise(value >= 0)
        .fill_null(value=True)
    )


@cache
def schema() -> DataFrameSchema:
    """One value of one measure, economy and period. PCI 0 to 100; concentration 0 to 1; LSCI 100 = average of the first quarter of 2023;
    growth in percent. A blank value has the publisher's own reason in `missing_value`."""
    return DataFrameSchema(
        {
            "report": Column(pl.String, Check.isin(REPORTS)),
            "measure": Column(pl.String, Check.str_matches(r"^\S")),
            "economy_code": Column(pl.String, Check.str_matches(r"^\d{3,4}$")),
            "economy": Column(pl.String, nullable=True),
            "category_code": Column(pl.String, Check.str_matches(r"^\d{1,2}$"), nullable=True),
            "category": Column(pl.String, nullable=True),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "quarter": Column(pl.Int8, Check.in_range(1, 4), nullable=True),
            "value": Column(pl.Float64, nullable=True),
            "footnote": Column(pl.String, nullable=True),
            "missing_value": Column(pl.String, nullable=True),
        },
        checks=[Check(_in_range, name="values within the measure's bounds")],
        strict=True,
    )
