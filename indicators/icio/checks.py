"""What makes a table unusable, and what a usable one has that a reader should know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from indicators.icio.table import Array, BadTable, IcioTable


@dataclass(frozen=True)
class TableReport:
    """What a usable table holds. Imbalance: |row sum - published output| / published output, where that is above zero.

    total_imbalance: sum of the gaps over the sum of published output. worst_imbalance: the ten largest as (country, sector, ratio).
    None and () without published output. reexport_output_share: share of output in sectors left out before solving.
    Counts are of cells (final demand, intermediate flows) and of industries (value added, output).
    """

    n_economies: int
    n_industries: int
    max_imbalance: float | None
    mean_imbalance: float | None
    total_imbalance: float | None
    worst_imbalance: tuple[tuple[str, str, float], ...]
    n_negative_final_demand: int
    n_negative_value_added: int
    n_negative_intermediate: int
    n_negative_output: int
    n_zero_output: int
    reexport_output_share: float


def validate(table: IcioTable, tolerance: float = 1e-3) -> TableReport:
    """Check that the table can be solved and count its oddities; nothing is clipped or imputed.

    tolerance: share of its economy's output up to which a negative intermediate flow, a negative output or inputs of an industry
    without output count as rounding (tables in whole millions have all three); `solve` leaves the last out.
    Raises BadTable for: shapes that do not fit the labels, a missing or infinite number, a label that stands twice (folded parts may),
    rows of a country apart from each other, and the three above beyond the tolerance.
    """
    _check_shapes(table)
    _check_labels(table)
    for name in ("z", "y", "inventories", "published_output"):
        values = getattr(table, name)
        if values is not None and not np.isfinite(values).all():
            row = int(np.argwhere(~np.isfinite(values))[0][0])
            raise BadTable(f"{name}: {_name(table, row)}: expected a finite number in each cell, found NaN or infinity; repair the file")
    x = table.row_sums
    orphan = np.where(x == 0, np.abs(table.z).sum(axis=0), 0.0)
    _check_rounding(table, tolerance, "an output (row sum) of 0 or more", x)
    _check_rounding(table, tolerance, "intermediate sales of 0 or more", table.z.min(axis=1))
    _check_rounding(table, tolerance, "no inputs where output is 0", -orphan)
    largest, mean, total, worst = _imbalance(table, x)
    return TableReport(
        n_economies=len(table.economies),
        n_industries=len(table.countries),
        max_imbalance=largest,
        mean_imbalance=mean,
        total_imbalance=total,
        worst_imbalance=worst,
        n_negative_final_demand=int((table.y < 0).sum()),
        n_negative_value_added=int((x - table.z.sum(axis=0) < 0).sum()),
        n_negative_intermediate=int((table.z < 0).sum()),
        n_negative_output=int((x < 0).sum()),
        n_zero_output=int((x == 0).sum()),
        reexport_output_share=table.reexport_output_share,
    )


def _name(table: IcioTable, row: int) -> str:
    return f"country {table.countries[row]}, sector {table.sectors[row]} (row {row + 1})"


def _check_rounding(table: IcioTable, tolerance: float, expected: str, values: Array) -> None:
    """Refuse the row that is furthest below zero if it is so beyond rounding; values: (GN,) million USD."""
    row = int(np.argmin(values))
    economy = float(np.abs(table.row_sums[table.blocks[table.owner[row]]]).sum())
    if values[row] < -tolerance * economy:
        raise BadTable(
            f"{_name(table, row)}: expected {expected}, found {abs(values[row]):g} million USD on the wrong side, "
            f"{economy:g} million USD being the economy's output and {tolerance:g} of it the tolerance; repair the file"
        )


def _check_shapes(table: IcioTable) -> None:
    n, g = len(table.countries), len(table.economies)
    expected: dict[str, tuple[int, ...]] = {"z": (n, n), "y": (n, g), "inventories": (n,), "published_output": (n,)}
    if n == 0:
        raise BadTable("expected a table with rows, found none")
    for name in ("sectors", "parts"):
        labels = getattr(table, name)
        if labels is not None and len(labels) != n:
            raise BadTable(f"{name}: expected {n} labels, one a row, found {len(labels)}")
    for name, shape in expected.items():
        values = getattr(table, name)
        if values is not None and values.shape != shape:
            raise BadTable(f"{name}: expected shape {shape} for {n} industries of {g} economies, found {values.shape}")


def _check_labels(table: IcioTable) -> None:
    runs = Counter(c for i, c in enumerate(table.countries) if i == 0 or table.countries[i - 1] != c)
    country, places = runs.most_common(1)[0]
    if places > 1:
        raise BadTable(f"country {country}: expected its rows next to each other, found them in {places} places; sort the rows")
    twice = [key for key, count in Counter(zip(table.parts or table.countries, table.sectors, strict=True)).items() if count > 1]
    if twice:
        raise BadTable(f"country {twice[0][0]}, sector {twice[0][1]}: expected one row, found several; fold the parts or repair the labels")


def _imbalance(table: IcioTable, x: Array) -> tuple[float | None, float | None, float | None, tuple[tuple[str, str, float], ...]]:
    if table.published_output is None or not (table.published_output > 0).any():
        return None, None, None, ()
    rows = np.flatnonzero(table.published_output > 0)
    published = table.published_output[rows]
    gap = np.abs(x[rows] - published)
    relative = gap / published
    worst = [i for i in np.argsort(-relative, kind="stable")[:10] if gap[i] > 0]
    named = tuple((table.countries[rows[i]], table.sectors[rows[i]], float(relative[i])) for i in worst)
    return float(relative.max()), float(relative.mean()), float(gap.sum() / published.sum()), named
