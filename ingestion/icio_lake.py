"""Inter-country input-output tables as they lie in the lake: which are in use, and one of them as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion import lake, landing, vintages
from ingestion.drop import InputRecord
from ingestion.receipt import Receipt
from ingestion.registry import all_sources
from ingestion.settings import Home
from ingestion.spec import SourceSpec

if TYPE_CHECKING:
    import numpy as np

TABLES = "__tables"  # end of the name of every raw table that holds input-output tables


@dataclass(frozen=True)
class TableInUse:
    """One edition and year of one source, and the receipt whose rows are used."""

    spec: SourceSpec
    edition: str
    year: int
    receipt: Receipt

    @property
    def content_sha256(self) -> str:
        """Of the lake part that holds the table."""
        return next(p["content_sha256"] for p in self.receipt.parts if p["year"] == self.year)


@dataclass(frozen=True)
class TableArrays:
    """GN industries in table order, K columns of final demand 'economy:category'; million USD. output is NaN where not published."""

    countries: list[str]
    sectors: list[str]
    intermediate: np.ndarray  # (GN, GN)
    final: np.ndarray  # (GN, K)
    final_columns: list[str]
    output: np.ndarray  # (GN,)
    sha256: str  # of the landed file
    data_origin: str


def table_sources() -> list[SourceSpec]:
    return [s for s in all_sources().values() if s.table.endswith(TABLES)]


def tables_in_use(home: Home) -> Iterator[TableInUse]:
    """Every table that staging keeps; none of a source whose last input held a rejected file."""
    for spec in table_sources():
        if InputRecord.read(home, spec.table).rejected():
            continue
        best = vintages.best_receipts(spec, landing.receipts(home, spec.name))
        for key in sorted(best):
            edition, year = key.rsplit("|", 1)
            yield TableInUse(spec, edition, int(year), best[key])


def read_table(home: Home, table: TableInUse) -> TableArrays:
    """The cells of one table.

    Raises:
        FileNotFoundError: a lake part is missing.
    """
    import polars as pl

    r = table.receipt
    rows = lake.read_parts(home, table.spec, r.sha256, r.parts, table.year).filter(pl.col("edition") == table.edition).sort("position")
    n = rows.height
    return TableArrays(
        countries=rows["country"].to_list(),
        sectors=rows["sector"].to_list(),
        intermediate=rows["intermediate_musd"].explode().to_numpy().reshape(n, n),
        final=rows["final_musd"].explode().to_numpy().reshape(n, -1),
        final_columns=rows["final_columns"][0].to_list(),
        output=rows["output_musd"].cast(pl.Float64).to_numpy(),
        sha256=rows["_sha256"][0],
        data_origin=rows["data_origin"][0],
    )
