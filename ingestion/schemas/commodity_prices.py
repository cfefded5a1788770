"""What a row of `raw_commodity_prices__prices` must look like."""

from __future__ import annotations

import datetime as dt
from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

FIRST_YEAR, LAST_YEAR = 1960, 2100
UNITS = ("$/bbl", "$/mt", "$/kg", "$/mmbtu", "$/cubic meter", "$/dmtu", "$/troy oz", "$/toz", "cents/sheet", "2010=100")


@cache
def schema() -> DataFrameSchema:
    """One price of one commodity in the unit of the row, nominal or in US dollars of 2010; a month is null in yearly prices."""
    return DataFrameSchema(
        {
            "price_basis": Column(pl.String, Check.isin(["nominal", "real_2010"])),
            "frequency": Column(pl.String, Check.isin(["A", "M"])),
            "commodity": Column(pl.String, Check.str_matches(r"^\S")),
            "unit": Column(pl.String, Check.isin(UNITS)),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "month": Column(pl.Int8, Check.in_range(1, 12), nullable=True),
            "price": Column(pl.Float64, Check.gt(0)),
            "updated_on": Column(pl.Date, Check.in_range(dt.date(2000, 1, 1), dt.date(2100, 1, 1))),
        },
        strict=True,
    )
