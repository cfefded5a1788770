"""What a row of `raw_fda__refusals` must look like."""

from __future__ import annotations

import datetime as dt
from functools import cache

import polars as pl
from pandera.polars import Check, Column, DataFrameSchema

STARTED = dt.date(2001, 10, 1)  # the Import Refusal Report begins with October 2001
END = dt.date(2100, 1, 1)


@cache
def schema() -> DataFrameSchema:
    """One refused line (one line and charge in the extract). Lines are numbered in files only; charges are the FDA's numbers."""
    return DataFrameSchema(
        {
            "country_code": Column(pl.String, Check.str_matches(r"^[A-Z]{2}$")),
            "product_code": Column(pl.String, Check.str_matches(r"^\d{2}[A-Z0-9-]{5}$")),
            "refused_on": Column(pl.Date, Check.in_range(STARTED, END)),
            "entry_number": Column(pl.String),
            "charge_ids": Column(pl.String, Check.str_matches(r"^\d+(,\d+)*$"), nullable=True),
            "product_text": Column(pl.String, nullable=True),
            "document_id": Column(pl.String, nullable=True),
            "line_number": Column(pl.String, nullable=True),
            "line_suffix": Column(pl.String, nullable=True),
            "year": Column(pl.Int16),
            "refusal_month": Column(pl.String, Check.str_matches(r"^\d{4}-\d{2}$")),
            "layout": Column(pl.String, Check.isin(["bulk_csv", "api_json", "shrimp_extract"])),
        },
        strict=True,
    )
