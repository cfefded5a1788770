"""What a row of `raw_rasff__notices` must look like."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema, PolarsData

CLASSIFICATIONS = (
    "alert notification", "border rejection notification", "information notification for attention",
    "information notification for follow-up", "non-compliance notification",
)  # fmt: skip
RISKS = ("serious", "potentially serious", "potential risk", "not serious", "no risk", "undecided")
STARTED = datetime(1979, 1, 1)  # RASFF exists since 1979
END = datetime(2100, 1, 1)


def _no_empty_names(data: PolarsData) -> pl.LazyFrame:
    names = pl.col(data.key)
    return data.lazyframe.select(names.list.eval(pl.element().is_null() | (pl.element() == "")).list.any().not_())


def _no_empty_hazards(data: PolarsData) -> pl.LazyFrame:
    name = pl.element().struct.field("name")
    return data.lazyframe.select(pl.col(data.key).list.eval(name.is_null() | (name == "")).list.any().not_())


def _text(check: Check | None = None) -> Column:
    return Column(pl.String, check, nullable=True)


@cache
def schema() -> DataFrameSchema:
    """One notice; classification and risk are null where the layout has none."""
    return DataFrameSchema(
        {
            "reference": Column(pl.String, Check.str_matches(r"^\d{4}\.[A-Z]{0,4}\d{1,5}$")),
            "notified_at": Column(pl.Datetime("us"), Check.in_range(STARTED, END)),
            "product_category": _text(),
            "product_type": _text(),
            "subject": _text(),
            "notifying_country": Column(pl.String),
            "classification": _text(Check.isin(CLASSIFICATIONS)),
            "risk_decision": _text(Check.isin(RISKS)),
            "origins": Column(pl.List(pl.String), Check(_no_empty_names, name="names of countries")),
            "hazards": Column(
                pl.List(pl.Struct({"name": pl.String, "category": pl.String})), Check(_no_empty_hazards, name="names of hazards")
            ),
            "notif_id": _text(Check.str_matches(r"^\d+$")),
        },
        strict=True,
    )
