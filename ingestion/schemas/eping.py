"""What a row of `raw_eping__notifications` must look like."""

from __future__ import annotations

import datetime as dt
from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

STARTED, END = dt.date(1995, 1, 1), dt.date(2100, 1, 1)  # the WTO exists since 1995


@cache
def schema() -> DataFrameSchema:
    """One notification, addendum or corrigendum. Days that are announced may lie far ahead."""
    return DataFrameSchema(
        {
            "notification_id": Column(pl.String, Check.str_matches(r"^\d+$")),
            "area": Column(pl.String, Check.isin(["SPS", "TBT"])),
            "symbol": Column(pl.String, Check.str_matches(r"^G/(SPS|TBT)/")),
            "title": Column(pl.String, nullable=True),
            "products": Column(pl.String, nullable=True),
            "hs_codes": Column(pl.String, nullable=True),
            "distributed_on": Column(pl.Date, Check.in_range(STARTED, END)),
            "comments_until": Column(pl.Date, nullable=True),
            "in_force_on": Column(pl.Date, nullable=True),
            "member": Column(pl.String),
            "notification_type": Column(pl.String, nullable=True),
            "keywords": Column(pl.String, nullable=True),
        },
        strict=True,
    )
