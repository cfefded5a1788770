"""What a row of `raw_comtrade__data` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema, PolarsData

FIRST_YEAR, LAST_YEAR = 1962, 2100
AREA = r"^\d{1,3}$"


def _one_period(data: PolarsData) -> pl.LazyFrame:
    """`period` repeats year and month: 2010 for a yearly row, 201003 for a monthly one."""
    year, month = pl.col("year").cast(pl.String), pl.col("month").cast(pl.String).str.zfill(2)
    yearly = (pl.col("freq_code") == "A") & (pl.col("period") == year) & pl.col("month").is_null()
    monthly = (pl.col("freq_code") == "M") & (pl.col("period") == year + month).fill_null(value=False)
    return data.lazyframe.select(yearly | monthly)


@cache
def schema() -> DataFrameSchema:
    """Codes as text, values in current US dollars, weight in kilograms."""
    not_negative = Check.ge(0)
    return DataFrameSchema(
        {
            "freq_code": Column(pl.String, Check.isin(["A", "M"])),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "month": Column(pl.Int8, Check.in_range(1, 12), nullable=True),
            "period": Column(pl.String, Check.str_matches(r"^\d{4}(0[1-9]|1[0-2])?$")),
            "reporter_code": Column(pl.String, Check.str_matches(AREA)),
            "flow_code": Column(pl.String, Check.str_matches(r"^[A-Z]{1,3}$")),
            "partner_code": Column(pl.String, Check.str_matches(AREA)),
            "partner2_code": Column(pl.String, Check.str_matches(AREA)),
            "classification_code": Column(pl.String, Check.str_matches(r"^(H[0-6]|S[1-4]|SS|B[45])$")),
            "cmd_code": Column(pl.String, Check.str_matches(r"^(TOTAL|[0-9][0-9A-Z]{1,5})$")),
            "aggr_level": Column(pl.Int8, Check.in_range(0, 6)),
            "customs_code": Column(pl.String, Check.str_matches(r"^C\d{2}$")),
            "mos_code": Column(pl.String, Check.str_matches(r"^\d+$")),
            "mot_code": Column(pl.String, Check.str_matches(r"^\d{1,4}$")),
            "net_weight_kg": Column(pl.Float64, Check.gt(0), nullable=True),
            "is_net_weight_estimated": Column(pl.Boolean, nullable=True),
            "cif_value_usd": Column(pl.Float64, not_negative, nullable=True),
            "fob_value_usd": Column(pl.Float64, not_negative, nullable=True),
            "primary_value_usd": Column(pl.Float64, not_negative),
            "is_reported": Column(pl.Boolean, nullable=True),
            "is_aggregate": Column(pl.Boolean, nullable=True),
        },
        checks=[Check(_one_period, name="period, year and month agree")],
        strict=True,
    )
