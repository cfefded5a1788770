"""What a row of `raw_wits_gvc__output` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema, PolarsData

FIRST_YEAR, LAST_YEAR = 1965, 2100
# Parts add up to 1e-13 of output in the official file; copies are rounded to nine or ten digits.
TOLERANCE = 1e-5
ABSOLUTE_MUSD = 1e-3


def _adds_up(total: str, *parts: str) -> Check:
    def check(data: PolarsData) -> pl.LazyFrame:
        gap = pl.col(total) - pl.sum_horizontal([pl.col(p) for p in parts], ignore_nulls=False)
        size = pl.max_horizontal([pl.col(c).abs() for c in ("output_musd", total, *parts)])
        return data.lazyframe.select((gap.abs() <= TOLERANCE * size + ABSOLUTE_MUSD).fill_null(value=True))

    return Check(check, name=f"{total} = {' + '.join(parts)}")


def _musd(check: Check | None = None) -> Column:
    return Column(pl.Float64, check, nullable=True)


@cache
def schema() -> DataFrameSchema:
    """Million current US dollars. Parts may be slightly negative (negative inventory changes), output may not."""
    return DataFrameSchema(
        {
            "country_code": Column(pl.String, Check.str_matches(r"^[A-Za-z]{3}$")),
            "sector_code": Column(pl.String, Check.str_matches(r"^[1-9]\d?$")),
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "witness": Column(pl.String, Check.isin(["eora", "tiva", "adb", "wiodo", "wiodn", "wiodlr"])),
            "output_musd": _musd(Check.ge(0)),
            "domestic_musd": _musd(),
            "traditional_trade_musd": _musd(),
            "gvc_musd": _musd(),
            "gvc_backward_musd": _musd(),
            "gvc_forward_musd": _musd(),
            "gvc_two_sided_musd": _musd(),
            "data_origin": Column(pl.String, Check.isin(["modelled", "official", "sample"])),
        },
        checks=[
            _adds_up("output_musd", "domestic_musd", "traditional_trade_musd", "gvc_musd"),
            _adds_up("gvc_musd", "gvc_backward_musd", "gvc_forward_musd", "gvc_two_sided_musd"),
        ],
        strict=True,
    )
