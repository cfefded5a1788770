"""What a row of `raw_comtrade_references__codes` must look like."""

from __future__ import annotations

import datetime as dt
from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

from ingestion.sources.comtrade_references import LISTS

FIRST, LAST = dt.date(1800, 1, 1), dt.date(2100, 1, 1)


@cache
def schema() -> DataFrameSchema:
    """One code of one list. Areas have ISO codes and days in force, commodities a parent and a level of 0 to 6 digits."""
    return DataFrameSchema(
        {
            "list_name": Column(pl.String, Check.isin(LISTS)),
            "code": Column(pl.String, Check.str_matches(r"^-?[0-9A-Za-z]+$")),
            "label": Column(pl.String),
            "note": Column(pl.String, nullable=True),
            "parent_code": Column(pl.String, nullable=True),
            "aggr_level": Column(pl.Int8, Check.in_range(0, 6), nullable=True),
            "is_leaf": Column(pl.Boolean, nullable=True),
            "unit": Column(pl.String, nullable=True),
            "iso2": Column(pl.String, nullable=True),
            "iso3": Column(pl.String, nullable=True),
            "is_group": Column(pl.Boolean, nullable=True),
            "effective_on": Column(pl.Date, Check.in_range(FIRST, LAST), nullable=True),
            "expired_on": Column(pl.Date, Check.in_range(FIRST, LAST), nullable=True),
        },
        strict=True,
    )
