"""What a row of `raw_faostat_crops__data` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

FIRST_YEAR, LAST_YEAR = 1961, 2100


@cache
def schema() -> DataFrameSchema:
    """One figure in the unit of the row (t, ha, heads, yield in 100 g/ha or hg/ha). An empty cell of the publisher is null."""
    return DataFrameSchema(
        {
            "area_code": Column(pl.String, Check.str_matches(r"^[1-9]\d{0,3}$")),
            "area": Column(pl.String, nullable=True),
            "item_code": Column(pl.String, Check.str_matches(r"^\d{2,5}$")),
            "item": Column(pl.String, nullable=True),
            "element_code": Column(pl.String, Check.str_matches(r"^\d{4}$")),
            "element": Column(pl.String, nullable=True),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "unit": Column(pl.String, Check.str_matches(r"^\S")),
            "value": Column(pl.Float64, Check.ge(0), nullable=True),
            "flag": Column(pl.String, Check.str_matches(r"^\S{1,2}$"), nullable=True),
        },
        strict=True,
    )
