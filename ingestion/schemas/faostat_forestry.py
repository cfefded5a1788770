"""What a row of `raw_faostat_forestry__data` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

FIRST_YEAR, LAST_YEAR = 1961, 2100


@cache
def schema() -> DataFrameSchema:
    """Quantities in the unit of the row: cubic metres, tonnes; trade values in 1000 USD. An empty cell of the publisher is null."""
    return DataFrameSchema(
        {
            "area_code": Column(pl.String, Check.str_matches(r"^[1-9]\d{0,3}$")),
            "area": Column(pl.String, nullable=True),
            "item_code": Column(pl.String, Check.str_matches(r"^\d{4}$")),
            "item": Column(pl.String, nullable=True),
            "element": Column(pl.String, Check.str_matches(r"^(production|(import|export) (quantity|value))$")),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "unit": Column(pl.String, Check.isin(["m3", "t", "tonnes", "1000 USD", "1000 US$"])),
            "quantity": Column(pl.Float64, Check.ge(0), nullable=True),
            "flag": Column(pl.String, Check.str_matches(r"^\S{1,2}$"), nullable=True),
        },
        strict=True,
    )
