"""What a row of `raw_wdi__indicators` must look like."""

from __future__ import annotations

import datetime as dt
from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema, PolarsData

FIRST_YEAR, LAST_YEAR = 1960, 2100
# Indicators that are shares of a population by definition. Shares of GDP are not bounded: direct investment runs beyond ±1,000 %.
WITHIN_0_100 = ("EG.ELC.ACCS.ZS", "IT.NET.USER.ZS", "SL.AGR.EMPL.ZS")
COUNTS = (
    "SP.POP.TOTL",
    "NY.GDP.PCAP.PP.KD",
    "SP.POP.SCIE.RD.P6",
    "IP.PAT.RESD",
    "GB.XPD.RSDV.GD.ZS",
    "SE.SEC.ENRR",
    "SE.TER.ENRR",
    "NY.GDP.MKTP.CD",
)


def _in_range(data: PolarsData) -> pl.LazyFrame:
    code, value = pl.col("indicator_code"), pl.col("value")
    return data.lazyframe.select(
        pl.when(code.is_in(WITHIN_0_100))
        .then(value.is_between(0, 100))
        .when(code.is_in(COUNTS))
        .then(value >= 0)
        .otherwise(pl.lit(value=True))
    )


@cache
def schema() -> DataFrameSchema:
    """One value of one indicator, country (or group) and year, in the indicator's own unit."""
    return DataFrameSchema(
        {
            "country_code": Column(pl.String, Check.str_matches(r"^[A-Z0-9]{2,3}$")),
            "country_name": Column(pl.String, nullable=True),
            "indicator_code": Column(pl.String, Check.str_matches(r"^[A-Z0-9]+(\.[A-Z0-9]+)+$")),
            "indicator_name": Column(pl.String, nullable=True),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "value": Column(pl.Float64),
            "last_updated": Column(pl.Date, Check.in_range(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), nullable=True),
        },
        checks=[Check(_in_range, name="values within the indicator's bounds")],
        strict=True,
    )
