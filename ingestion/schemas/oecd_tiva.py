"""What a row of `raw_oecd_tiva__data` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema, PolarsData

FIRST_YEAR, LAST_YEAR = 1995, 2100
CODE = r"^[A-Z0-9_]+$"
# Shares carry at most three decimals, so a rounded 100 may pass it by so much.
ROUNDING = 0.001


def _percent_of_gross_exports(data: PolarsData) -> pl.LazyFrame:
    """A part of gross exports lies within 0-100 percent; other shares (of value added, of partners) are not bounded here."""
    is_part = (pl.col("unit_measure") == "PT_EXGR") & pl.col("measure").is_in(["EXGR_DVA", "EXGR_FVA"])
    return data.lazyframe.select((~is_part | pl.col("obs_value").is_between(-ROUNDING, 100 + ROUNDING)).fill_null(value=True))


@cache
def schema() -> DataFrameSchema:
    """`obs_value` times ten to the `unit_mult` is the value in `unit_measure`."""
    return DataFrameSchema(
        {
            "dataflow": Column(pl.String, Check.str_matches(r"^DSD_\w+@DF_\w+$")),
            "edition": Column(pl.String, Check.str_matches(r"^\d+\.\d+$")),
            "measure": Column(pl.String, Check.str_matches(CODE)),
            "ref_area": Column(pl.String, Check.str_matches(CODE)),
            "activity": Column(pl.String, Check.str_matches(CODE)),
            "counterpart_area": Column(pl.String, Check.str_matches(CODE)),
            "unit_measure": Column(pl.String, Check.str_matches(CODE)),
            "freq_code": Column(pl.String, Check.isin(["A"])),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "obs_value": Column(pl.Float64, nullable=True),
            "unit_mult": Column(pl.Int8, Check.isin([0, 6])),
        },
        checks=[Check(_percent_of_gross_exports, name="percent of gross exports within 0-100")],
        strict=True,
    )
