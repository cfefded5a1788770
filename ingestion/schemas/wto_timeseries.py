"""What a row of `raw_wto_timeseries__data` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

FIRST_YEAR, LAST_YEAR = 1948, 2100  # the oldest series begin with the GATT


@cache
def schema() -> DataFrameSchema:
    """One value in the unit that stands beside it; null with a flag where the WTO has none."""
    code = Column(pl.String)
    return DataFrameSchema(
        {
            "indicator_code": Column(pl.String, Check.str_matches(r"^[A-Z0-9]+(_[A-Z0-9]+)+$")),
            "indicator": Column(pl.String, nullable=True),
            "reporter_code": Column(pl.String, Check.str_matches(r"^[0-9A-Z]{3,4}$")),
            "partner_code": code,
            "product_class": code,
            "product_code": code,
            "period_code": code,
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "unit_code": Column(pl.String, nullable=True),
            "value_flag": Column(pl.String, nullable=True),
            "value_text": Column(pl.String, nullable=True),
            "value": Column(pl.Float64, nullable=True),
        },
        strict=True,
    )
