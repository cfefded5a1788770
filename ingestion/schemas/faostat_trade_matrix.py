"""What a row of `raw_faostat_trade_matrix__flows` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

FIRST_YEAR, LAST_YEAR = 1986, 2100
AREA = r"^[1-9]\d{0,3}$"


@cache
def schema() -> DataFrameSchema:
    """Trade of an area with another in an item, as reported: quantities in the unit of the row, values in 1000 USD, null where empty."""
    return DataFrameSchema(
        {
            "reporter_code": Column(pl.String, Check.str_matches(AREA)),
            "partner_code": Column(pl.String, Check.str_matches(AREA)),
            "item_code": Column(pl.String, Check.str_matches(r"^\d{2,5}$")),
            "item": Column(pl.String, nullable=True),
            "element": Column(pl.String, Check.str_matches(r"^(import|export) (quantity|value)$")),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "unit": Column(pl.String, Check.str_matches(r"^\S")),
            "value": Column(pl.Float64, Check.ge(0), nullable=True),
            "flag": Column(pl.String, Check.str_matches(r"^\S{1,2}$"), nullable=True),
        },
        strict=True,
    )
