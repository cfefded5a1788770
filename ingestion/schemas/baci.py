"""What a row of `raw_baci__flows` must look like."""

from __future__ import annotations

from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema, PolarsData

FIRST_YEAR, LAST_YEAR = 1988, 2100
COUNTRY = r"^\d{1,3}$"


def _two_countries(data: PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col("exporter_code") != pl.col("importer_code"))


@cache
def schema() -> DataFrameSchema:
    """Value in thousand US dollars (FOB), quantity in tonnes. Zero flows are absent, nobody trades with itself."""
    return DataFrameSchema(
        {
            "year": Column(pl.Int16, Check.in_range(FIRST_YEAR, LAST_YEAR)),
            "exporter_code": Column(pl.String, Check.str_matches(COUNTRY)),
            "importer_code": Column(pl.String, Check.str_matches(COUNTRY)),
            "hs6": Column(pl.String, Check.str_matches(r"^([0-9]{6}|9999AA)$")),
            "value_kusd": Column(pl.Decimal(18, 3), Check.gt(0)),
            "quantity_t": Column(pl.Float64, Check.gt(0), nullable=True),
            "hs_revision": Column(pl.String, Check.str_matches(r"^(HS(92|96|02|07|12|17|22))?$")),
            "baci_version": Column(pl.String, Check.str_matches(r"^(V\d{6}[a-z]?)?$")),
            "is_complete": Column(pl.Boolean),
        },
        checks=[Check(_two_countries, name="exporter and importer differ")],
        strict=True,
    )
