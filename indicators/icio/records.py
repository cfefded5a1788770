"""Results of the engine as columns of the tables `num_icio__…`: each function here is one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from indicators.icio.checks import TableReport, validate
from indicators.icio.identities import violations
from indicators.icio.measures import MeasureSet, measure
from indicators.icio.system import solve
from indicators.icio.table import IcioTable

WHOLE_COUNTRY = "ALL"
BLAS_THREADS = 2  # one number for all machines: another splits the sums of a product otherwise, and the last digits differ


def all_records(table: IcioTable) -> dict[str, dict[str, Any]]:
    """Everything that the engine says of a table: name of the function below -> its columns.

    Runs in BLAS_THREADS threads. Raises BadTable when the table cannot be used.
    """
    with threadpool_limits(BLAS_THREADS, "blas"):
        report, system = validate(table), solve(table)
        found = measure(system)
        broken = violations(system, found)
    return {"tables": tables(report), "identities": identities(broken), "partners": partners(found), "measures": measures(found)}


def tables(found: TableReport) -> dict[str, Any]:
    """Columns of the one row that tells what a table is like; the worst imbalances as text 'CHN c5 0.012'."""
    row = asdict(found)
    row["worst_imbalance"] = [f"{country} {sector} {share:.2g}" for country, sector, share in found.worst_imbalance]
    return {name: [value] for name, value in row.items()} | {"problem": [None]}


def identities(found: Mapping[str, float]) -> dict[str, Any]:
    """Columns of one row per identity: its largest relative violation over all cells."""
    return {"identity": list(found), "largest_violation": list(found.values())}


def measures(found: MeasureSet) -> dict[str, Any]:
    """Columns of one row per industry and, with sector 'ALL', per country.

    Levels end in `_musd` (million USD); ratios keep their names. What exists for one of the two kinds of rows only is NaN in the other.
    """
    n_rows, n_countries = len(found.countries), len(found.economies)
    columns: dict[str, Any] = {
        "country": [*found.countries, *found.economies],
        "sector": [*found.sectors, *[WHOLE_COUNTRY] * n_countries],
    }
    kinds = ((found.by_sector, found.by_country, "_musd"), (found.ratios_by_sector, found.ratios_by_country, ""))
    for of_sector, of_country, unit in kinds:
        for name in sorted({*of_sector, *of_country}):
            rows, totals = of_sector.get(name, np.full(n_rows, np.nan)), of_country.get(name, np.full(n_countries, np.nan))
            columns[name.replace(".", "_") + unit] = np.concatenate([rows, totals])
    return columns


def partners(found: MeasureSet) -> dict[str, Any]:
    """Columns of one row per country and partner, all levels in million USD, summed over the country's industries."""
    g = len(found.economies)
    position = {e: i for i, e in enumerate(found.economies)}
    owner = np.array([position[c] for c in found.countries], dtype=np.intp)
    starts = np.searchsorted(owner, np.arange(g))  # rows are grouped by country
    columns: dict[str, Any] = {"country": np.repeat(found.economies, g).tolist(), "partner": list(found.economies) * g}
    for name in sorted(found.by_partner):
        columns[name.replace(".", "_") + "_musd"] = np.add.reduceat(found.by_partner[name], starts, axis=0).ravel()
    return columns
