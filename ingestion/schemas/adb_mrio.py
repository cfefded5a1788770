"""What a row of `raw_adb_mrio__tables` must look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.icio_tables import table_schema

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema


def schema() -> DataFrameSchema:
    """The ADB's own codes (`PRC`, `INO`), `RoW` for the rest of the world; the edition holds the number of economies."""
    return table_schema(r"ADB MRIO \d+", r"[A-Z]{3}|RoW")
