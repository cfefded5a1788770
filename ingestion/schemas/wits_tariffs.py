"""What a row of `raw_wits_tariffs__rates` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

FIRST_YEAR, LAST_YEAR = 1988, 2100  # TRAINS begins in 1988
MAX_PERCENT = 3000.0  # the highest rates of whole products are quota tariffs of some 1,000 percent


@cache
def schema() -> DataFrameSchema:
    """Percent of value. A null rate is a duty that is no percentage, never a zero."""
    rate = Check.in_range(0, MAX_PERCENT)
    return DataFrameSchema(
        {
            "reporter_code": Column(pl.String, Check.str_matches(r"^[0-9A-Z]{3}$")),
            "partner_code": Column(pl.String, Check.str_matches(r"^[0-9A-Z]{3}$")),
            "hs6": Column(pl.String, Check.str_matches(r"^\d{6}$")),
            "hs_revision": Column(pl.String, Check.str_matches(r"^[A-Z0-9]{2}$"), nullable=True),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "tariff_type": Column(pl.String),
            "datatype": Column(pl.String, Check.isin(["reported", "aveestimated"])),
            "measure": Column(pl.String),
            "rate_percent": Column(pl.Float64, rate, nullable=True),
            "min_percent": Column(pl.Float64, rate, nullable=True),
            "max_percent": Column(pl.Float64, rate, nullable=True),
            "n_lines": Column(pl.Int32, Check.ge(0), nullable=True),
            "n_lines_without_rate": Column(pl.Int32, Check.ge(0), nullable=True),
        },
        strict=True,
    )
