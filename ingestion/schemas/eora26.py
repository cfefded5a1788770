"""What a row of `raw_eora26__tables` must look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.icio_tables import table_schema

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema


def schema() -> DataFrameSchema:
    """One edition; Eora's own three-letter codes, `ROW` for the rest of the world."""
    return table_schema("Eora26", "[A-Z]{3}")
