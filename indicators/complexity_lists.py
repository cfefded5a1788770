"""Complexity of many lists at once: long rows in, long rows out. A list is one source, edition of products and year.

What belongs here: cutting long arrays into one matrix a list, and putting the results of `complexity.py` and `complexity_space.py`
back into long arrays. Lists, countries and products are numbers; the caller keeps their names.

Rows: list_no, country_no, product_no (whole numbers >= 0, each combination at most once), export_kusd (thousand USD, > 0) and
is_reference (the country belongs to the reference set of its list: PCI, proximity and the scale of ECI are read from that set, and
every other country takes the mean PCI of its products). NaN where a number does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.complexity import Advantage, Floats, advantage, diversity, eci_from_pci, eci_pci, rca, ubiquity
from indicators.complexity_space import coi, density

Integers = NDArray[np.int32]
Columns = dict[str, NDArray]


@dataclass(frozen=True)
class _List:
    """One list as a matrix: `countries` and `products` name its rows and columns, `reference` marks rows."""

    list_no: int
    countries: Integers
    products: Integers
    x: Floats
    reference: NDArray[np.bool_]

    def numbers(self, n: int) -> Integers:
        """The number of the list, n times."""
        return np.full(n, self.list_no, dtype=np.int32)

    def index(self) -> tuple[Floats, Advantage, Floats]:
        """(RCA, advantage, PCI of the reference set). Raises ValueError naming the list where no index is defined."""
        ratio = rca(self.x)
        m = advantage(ratio)
        try:
            _, pci = eci_pci(m[self.reference])
        except ValueError as error:
            raise ValueError(f"list {self.list_no}: {error}") from error
        return ratio, m, pci


def product_measures(
    list_no: Integers, country_no: Integers, product_no: Integers, export_kusd: Floats, is_reference: NDArray[np.bool_]
) -> Columns:
    """A row a list and product: pci (z score, in units of ECI), ubiquity (countries with advantage, the whole list)."""
    parts = []
    for one in _lists(list_no, country_no, product_no, export_kusd, is_reference):
        _, m, pci = one.index()
        parts.append({"list_no": one.numbers(len(one.products)), "product_no": one.products, "pci": pci, "ubiquity": ubiquity(m)})
    return _stacked(parts, ("list_no", "product_no", "pci", "ubiquity"))


def country_measures(
    list_no: Integers, country_no: Integers, product_no: Integers, export_kusd: Floats, is_reference: NDArray[np.bool_]
) -> Columns:
    """A row a list and country: eci (z score over the reference set), coi (index), diversity (products with advantage)."""
    parts = []
    for one in _lists(list_no, country_no, product_no, export_kusd, is_reference):
        _, m, pci = one.index()
        d = density(m, m[one.reference])
        measures = {"eci": eci_from_pci(m, pci), "coi": coi(m, d, pci), "diversity": diversity(m)}
        parts.append({"list_no": one.numbers(len(one.countries)), "country_no": one.countries, **measures})
    return _stacked(parts, ("list_no", "country_no", "eci", "coi", "diversity"))


def country_product_measures(
    list_no: Integers, country_no: Integers, product_no: Integers, export_kusd: Floats, is_reference: NDArray[np.bool_]
) -> Columns:
    """A row a list, country of it and product of it: rca (ratio >= 0), density (ratio 0 to 1). Absent products are there, RCA 0."""
    parts = []
    for one in _lists(list_no, country_no, product_no, export_kusd, is_reference):
        ratio = rca(one.x)
        m = advantage(ratio)
        d = density(m, m[one.reference])
        row, column = (a.ravel() for a in np.indices(ratio.shape))
        names = {"list_no": one.numbers(ratio.size), "country_no": one.countries[row], "product_no": one.products[column]}
        parts.append({**names, "rca": ratio.ravel(), "density": d.ravel()})
    return _stacked(parts, ("list_no", "country_no", "product_no", "rca", "density"))


def _lists(
    list_no: Integers, country_no: Integers, product_no: Integers, export_kusd: Floats, is_reference: NDArray[np.bool_]
) -> Iterator[_List]:
    """The lists in order of their number."""
    order = np.argsort(list_no, kind="stable")
    numbers, first = np.unique(list_no[order], return_index=True)
    for number, start, end in zip(numbers.tolist(), first, [*first[1:], len(order)], strict=False):  # no list: nothing to zip
        rows = order[start:end]
        countries, c = np.unique(country_no[rows], return_inverse=True)
        products, p = np.unique(product_no[rows], return_inverse=True)
        x, reference = np.zeros((len(countries), len(products))), np.zeros(len(countries), dtype=bool)
        x[c, p] = export_kusd[rows]
        reference[c] = is_reference[rows]
        yield _List(number, countries, products, x, reference)


def _stacked(parts: list[Columns], names: tuple[str, ...]) -> Columns:
    """Rows of all lists under each other; empty columns where there is no list."""
    if not parts:
        return {name: np.empty(0, dtype=np.int32 if name.endswith("_no") else np.float64) for name in names}
    return {name: np.concatenate([part[name] for part in parts]) for name in names}
