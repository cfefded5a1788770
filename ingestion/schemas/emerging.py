"""What a row of `raw_emerging__tables` must look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.icio_tables import table_schema

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema


def schema() -> DataFrameSchema:
    """ISO3 and a few codes of the authors' own."""
    return table_schema("EMERGING", "[A-Z0-9]{3,}")
