"""What makes a table unusable, and what a usable one has that a reader should know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from indicators.icio.table import Array, BadTable, IcioTable


@dataclass(frozen=True)
class TableReport:
    """What a usable table holds. Imbalance: |row sum - published output| / published output, where that is above zero.

    worst_imbalance: the ten largest as (country, sector, ratio); None and () without published output. Counts are of cells of final
    demand, industries (value added, output) and cells of intermediate flows.
    """

    n_economies: int
    n_industries: int
    max_imbalance: float | None
    mean_imbalance: float | None
    worst_imbalance: tuple[tuple[str, str, float], ...]
    n_negative_final_demand: int
    n_negative_value_added: int
    n_negative_intermediate: int
    n_zero_output: int


def validate(table: IcioTable, tolerance: float = 1e-6) -> TableReport:
    """Check that the table can be solved and count its oddities; nothing is clipped or imputed.

    tolerance: share of the selling industry's output up to which a negative intermediate flow counts as rounding, and share of the
    world's output up to which inputs of industries without output may be left out (`solve` leaves them out).
    Raises BadTable for: shapes that do not fit the labels, a missing or infinite number, a label that stands twice (folded parts may),
    rows of a country apart from each other, a negative intermediate flow or a negative output, inputs without output.
    """
    _check_shapes(table)
    _check_labels(table)
    for name in ("z", "y", "inventories", "published_output"):
        values = getattr(table, name)
        if values is not None and not np.isfinite(values).all():
            row = int(np.argwhere(~np.isfinite(values))[0][0])
            raise BadTable(f"{name}: {_name(table, row)}: expected a finite number in each cell, found NaN or infinity; repair the file")
    x = table.row_sums
    if (x < 0).any():
        row = int(np.argmin(x))
        raise BadTable(f"{_name(table, row)}: expected output (row sum) of 0 or more, found {x[row]:g} million USD; repair the file")
    negative = int((table.z < 0).sum())
    if negative:
        lowest = table.z.min(axis=1)
        beyond = lowest < -tolerance * x
        if beyond.any():
            row = int(np.argmin(np.where(beyond, lowest, 0.0)))
            raise BadTable(
                f"{_name(table, row)} sells to {_name(table, int(np.argmin(table.z[row])))}: expected an intermediate flow of 0 or more, "
                f"found {lowest[row]:g} million USD, output {x[row]:g}; repair the file or raise the tolerance knowingly"
            )
    inputs = table.z.sum(axis=0)
    orphan = np.where(x == 0, np.abs(table.z).sum(axis=0), 0.0)
    if orphan.sum() > tolerance * x.sum():
        row = int(np.argmax(orphan))
        raise BadTable(f"{_name(table, row)}: expected no inputs where output is 0, found {orphan[row]:g} million USD; repair the file")
    imbalance, worst = _imbalance(table, x)
    return TableReport(
        n_economies=len(table.economies),
        n_industries=len(table.countries),
        max_imbalance=None if imbalance is None else float(imbalance.max(initial=0.0)),
        mean_imbalance=None if imbalance is None else float(imbalance.mean()) if imbalance.size else 0.0,
        worst_imbalance=worst,
        n_negative_final_demand=int((table.y < 0).sum()),
        n_negative_value_added=int((x - inputs < 0).sum()),
        n_negative_intermediate=negative,
        n_zero_output=int((x == 0).sum()),
    )


def _name(table: IcioTable, row: int) -> str:
    return f"country {table.countries[row]}, sector {table.sectors[row]} (row {row + 1})"


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


def _imbalance(table: IcioTable, x: Array) -> tuple[Array | None, tuple[tuple[str, str, float], ...]]:
    if table.published_output is None:
        return None, ()
    rows = np.flatnonzero(table.published_output > 0)
    gap = np.abs(x[rows] - table.published_output[rows]) / table.published_output[rows]
    worst = np.argsort(-gap, kind="stable")[:10]
    return gap, tuple((table.countries[rows[i]], table.sectors[rows[i]], float(gap[i])) for i in worst if gap[i] > 0)
