"""What a row of `raw_oecd_icio__tables` must look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.icio_tables import table_schema

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema


def schema() -> DataFrameSchema:
    """ISO3, `ROW`, and in the extended tables the parts of China and Mexico (`CN1`, `MX2`)."""
    return table_schema(r"ICIO 202[135]( EXT)?", r"[A-Z]{3}|(CN|MX)[1-4]")
