"""What a row of `raw_wiod__tables` must look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.icio_tables import table_schema

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema


def schema() -> DataFrameSchema:
    """Two releases with their own industries; the rest of the world is `RoW` (2013) or `ROW` (2016)."""
    return table_schema(r"WIOD 201[36]", r"[A-Z]{3}|RoW")
