"""One inter-country input-output table: labels, flows, the folding of split economies and the sums by country and sector."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# The older OECD tables split two economies by processing regime; final demand and results exist for the economy only.
PARTS_OF_ECONOMY = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}


class BadTable(ValueError):
    """The table cannot be used; the text names country and sector, what was expected, what was found and the remedy."""


@dataclass(frozen=True)
class IcioTable:
    """An inter-country input-output table in million USD, rows grouped by country.

    countries, sectors: labels of the GN rows. z: (GN, GN) intermediate flows, row sells to column. y: (GN, G) final demand summed
    over its categories, columns in the order of `economies`. inventories: (GN,) net change in inventories summed over absorbers
    (part of y). published_output: (GN,) output as published, for comparison only. parts: the publisher's code of each row where
    an economy was split (`fold_parts`); there one economy has the same sector several times. reexport_output_share: share of the
    published table's output in sectors of re-exports, which were left out (`assemble.without_reexports`).
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    z: Array
    y: Array
    inventories: Array | None = None
    published_output: Array | None = None
    parts: tuple[str, ...] | None = None
    reexport_output_share: float = 0.0

    @cached_property
    def economies(self) -> tuple[str, ...]:
        """The distinct countries in the order of first appearance, length G."""
        return tuple(dict.fromkeys(self.countries))

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """(GN,) position in `economies` of each row's country."""
        position = {economy: i for i, economy in enumerate(self.economies)}
        return np.array([position[c] for c in self.countries], dtype=np.intp)

    @cached_property
    def blocks(self) -> tuple[slice, ...]:
        """The rows of each economy; rows are grouped, so each is one slice."""
        ends = np.cumsum(np.bincount(self.owner, minlength=len(self.economies)))
        return tuple(slice(int(a), int(b)) for a, b in zip([0, *ends[:-1]], ends, strict=True))

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """(G,) first row of each economy, for sums over blocks."""
        return np.array([b.start for b in self.blocks], dtype=np.intp)

    @cached_property
    def row_sums(self) -> Array:
        """(GN,) output as the sum of all sales: x = Z u' + Y u'."""
        return self.z.sum(axis=1) + self.y.sum(axis=1)

    def sum_by_country(self, values: Array) -> Array:
        """(GN, ...) summed over the rows of each economy: (G, ...)."""
        return np.add.reduceat(values, self.starts, axis=0)


def fold_parts(table: IcioTable, parts_of_economy: dict[str, str] | None = None) -> IcioTable:
    """Split economies become one: their rows carry the economy's code and stand together, and their final demand is one column.

    Flows are not added up: production keeps its rows, so the Leontief inverse is that of the published table. Flows between parts
    become domestic because the rows share a country. `table.y` has one column for each code in the order of the table's own
    `economies` (absent final demand of a part is a column of zeros); columns of one economy are added.
    parts_of_economy: part code to economy, default the Chinese and Mexican parts of the OECD. Returns the folded table; the given
    one when it holds no part.
    """
    mapping = PARTS_OF_ECONOMY if parts_of_economy is None else parts_of_economy
    if not any(c in mapping for c in table.economies):
        return table
    countries = [mapping.get(c, c) for c in table.countries]
    economies = list(dict.fromkeys(countries))
    order = np.argsort([economies.index(c) for c in countries], kind="stable")
    y = np.zeros((len(countries), len(economies)))
    for column, code in enumerate(table.economies):
        y[:, economies.index(mapping.get(code, code))] += table.y[:, column]
    return IcioTable(
        countries=tuple(countries[i] for i in order),
        sectors=tuple(table.sectors[i] for i in order),
        z=table.z[np.ix_(order, order)],
        y=y[order],
        inventories=None if table.inventories is None else table.inventories[order],
        published_output=None if table.published_output is None else table.published_output[order],
        parts=tuple(table.countries[i] for i in order),
        reexport_output_share=table.reexport_output_share,
    )


@dataclass(frozen=True)
class RowGroups:
    """Rows of the same (country, sector) of a table: what results by sector are summed over.

    countries, sectors: labels of the K groups, in order of first appearance. group: (GN,) group of each row.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    group: NDArray[np.intp]

    def fold(self, values: Array, weights: Array | None = None) -> Array:
        """(GN, ...) summed by group: (K, ...); with weights (GN,) the weighted mean instead, NaN where the weights add to zero.

        A mean over the rows that have a value: a row that is NaN leaves both sums.
        """
        if len(self.countries) == len(self.group):
            return values
        if weights is None:
            order = np.argsort(self.group, kind="stable")
            return np.add.reduceat(values[order], np.searchsorted(self.group[order], np.arange(len(self.countries))), axis=0)
        known = ~np.isnan(values)
        mass = np.where(known, weights, 0.0)
        return ratio(self.fold(np.where(known, values, 0.0) * mass), self.fold(mass))


def row_groups(table: IcioTable) -> RowGroups:
    """The (country, sector) groups of a table's rows; each row its own group unless economies were folded."""
    position: dict[tuple[str, str], int] = {}
    group = [position.setdefault(key, len(position)) for key in zip(table.countries, table.sectors, strict=True)]
    return RowGroups(tuple(c for c, _ in position), tuple(s for _, s in position), np.array(group, dtype=np.intp))


def ratio(numerator: Array, denominator: Array) -> Array:
    """numerator / denominator, NaN where the denominator is zero."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    out = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=out, where=denominator != 0)
    return out
