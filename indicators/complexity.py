"""Economic complexity: comparative advantage, diversity, ubiquity, and the two indices that are read from them.

What belongs here: pure functions over one country x product matrix (C x P) of one year and one list of products. Closeness of
products is in `complexity_space.py`, income content in `complexity_income.py`, many years at once in `complexity_lists.py`.

Conventions (docs/decisions/0010-complexity.md): what has no exports or no advantage is left out and comes back as NaN, never as 0;
ECI has mean 0 and standard deviation 1 (divisor C) over the countries that have one; PCI is in the units of ECI.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Advantage = NDArray[np.bool_]

MIN_EIGENVALUE_GAP = 1e-9  # below it two directions explain the matrix equally well and none of them is "the" second


def rca(x: Floats) -> Floats:
    """Revealed comparative advantage: own share of a product over the world's share of it (Balassa 1965).

    x: exports, C x P, one currency unit, finite and >= 0. RCA_cp = (x_cp / X_c) / (X_p / X).
    Returns C x P, ratio >= 0, unchanged when all of x is multiplied by a positive number. NaN in the row of a country without
    exports and in the column of a product that nobody exports: a share of nothing is not 0.
    Raises ValueError when x is not a matrix or holds a negative, missing or infinite value.
    """
    exports = as_exports(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        own_share = exports / exports.sum(axis=1, keepdims=True)
        ratio = own_share / (exports.sum(axis=0, keepdims=True) / exports.sum())
    return ratio


def advantage(ratio: Floats) -> Advantage:
    """M_cp = 1 where RCA >= 1 (Hidalgo & Hausmann 2009); NaN counts as no advantage. C x P, ratio in, bool out."""
    return np.nan_to_num(ratio, nan=0.0) >= 1.0


def diversity(m: Advantage) -> NDArray[np.int64]:
    """k_c: number of products in which a country has advantage. m: C x P bool; returns C."""
    return np.count_nonzero(m, axis=1)


def ubiquity(m: Advantage) -> NDArray[np.int64]:
    """k_p: number of countries that have advantage in a product. m: C x P bool; returns P."""
    return np.count_nonzero(m, axis=0)


def eci_pci(m: Advantage) -> tuple[Floats, Floats]:
    """Economic and product complexity index (Hidalgo & Hausmann 2009; eigenvector form: Hausmann et al. 2014).

    The index is the eigenvector v of W = D^-1 M U^-1 M' (D, U: diversity and ubiquity on the diagonal) at the second largest
    eigenvalue. W has the eigenvalues of the symmetric S = D^-1/2 M U^-1 M' D^-1/2, C x C, so that one small symmetric problem
    is solved whatever the number of products; v = D^-1/2 s for an eigenvector s of S.

    ECI = (v - mean v) / sd v, sd with divisor C; its sign makes the correlation with diversity >= 0.
    PCI = (q - mean v) / sd v with q = U^-1 M' v / eigenvalue: standardised by mean and sd of ECI's vector, as py-ecomplexity
    does, so that ECI is the mean of PCI over the products of a country. (Standardised by its own mean and sd, PCI has the same
    order and loses this identity.)

    m: C x P bool. Returns (ECI of length C, PCI of length P), z scores. NaN for countries and products without advantage, and
    for those outside the largest connected group: a country alone with its products cannot be compared with the rest.
    Raises ValueError when fewer than three countries are connected or the second eigenvalue is not simple.
    """
    from scipy.linalg import eigh  # costs a second to import: only when an index is computed

    rows, columns = _largest_group(m)
    kept = m[np.ix_(rows, columns)].astype(np.float64)
    k_c, k_p = kept.sum(axis=1), kept.sum(axis=0)
    n = len(k_c)
    if n < 3:
        raise ValueError(f"m: expected three or more countries that share products with advantage, found {n}")
    half = kept / np.sqrt(k_c)[:, None] / np.sqrt(k_p)[None, :]
    values, vectors = eigh(half @ half.T, subset_by_index=[n - 3, n - 1])
    if values[1] - values[0] < MIN_EIGENVALUE_GAP or values[1] < MIN_EIGENVALUE_GAP:
        raise ValueError(
            f"m: expected one second eigenvalue above the third, found {values[1]:.12g} and {values[0]:.12g}; ECI is not defined"
        )
    v = vectors[:, 1] / np.sqrt(k_c)
    # ties of sign (no correlation at all) go to the first country, so that the same matrix always gives the same index
    leaning = float((k_c - k_c.mean()) @ (v - v.mean()))
    v = v if leaning > 0 or (leaning == 0 and v[0] > 0) else -v
    q = (kept.T @ v) / k_p / values[1]
    eci, pci = np.full(m.shape[0], np.nan), np.full(m.shape[1], np.nan)
    eci[rows] = (v - v.mean()) / v.std()
    pci[columns] = (q - v.mean()) / v.std()
    return eci, pci


def eci_from_pci(m: Advantage, pci: Floats) -> Floats:
    """ECI of countries outside the reference set: mean PCI over the products with advantage (Hausmann et al. 2014).

    For a country of the reference set itself this is its ECI exactly (see `eci_pci`). m: C x P bool; pci: P, z scores, NaN where
    a product has none: such products are left out of the mean. Returns C; NaN for a country without any product that has a PCI.
    """
    known = m & np.isfinite(pci)[None, :]
    with np.errstate(invalid="ignore"):
        return (known @ np.nan_to_num(pci)) / known.sum(axis=1)


def as_exports(x: Floats) -> Floats:
    """The matrix of exports as float64; raises ValueError when it is no matrix or holds a negative, missing or infinite value."""
    exports = np.asarray(x, dtype=np.float64)
    if exports.ndim != 2 or not np.all(np.isfinite(exports)) or np.any(exports < 0):
        raise ValueError("x: expected a countries x products matrix of exports, finite and >= 0; put 0 where there was no trade")
    return exports


def _largest_group(m: Advantage) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the largest set of countries linked by shared products with advantage."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    rows, columns = np.flatnonzero(m.any(axis=1)), np.flatnonzero(m.any(axis=0))
    kept = m[np.ix_(rows, columns)]
    if not kept.size:
        return rows, columns
    shared = kept.astype(np.float32)
    _, group = connected_components(csr_array(shared @ shared.T > 0), directed=False)
    largest = np.flatnonzero(group == np.bincount(group).argmax())
    return rows[largest], columns[kept[largest].any(axis=0)]
