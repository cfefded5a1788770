"""What a row of `raw_hs4_exports__cross_sections` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

FIRST_YEAR, LAST_YEAR = 1962, 2100  # UN Comtrade begins in 1962


@cache
def schema() -> DataFrameSchema:
    """US dollars. `product_code` is four digits, the name of a service (Atlas), or '' where the publisher's name stands for two codes."""
    return DataFrameSchema(
        {
            "publisher": Column(pl.String, Check.isin(["atlas", "ots", "ots_sitc2_means"])),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "country_code": Column(pl.String, Check.str_matches(r"^[A-Za-z]{3}$")),
            "hs_revision": Column(pl.String, Check.isin(["HS1992", "HS2007", "SITC2"])),
            "product_code": Column(pl.String, Check.str_matches(r"^(\d{4}|[a-z]{3,}|)$")),
            "export_value_usd": Column(pl.Float64, Check.ge(0), nullable=True),
        },
        strict=True,
    )
