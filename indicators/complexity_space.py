"""The product space: how close products are to each other, and how close a country stands to what it does not make yet.

What belongs here: pure functions over the matrix of comparative advantage (C x P) of one year and one list of products.
Conventions: docs/decisions/0007-complexity.md.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indicators.complexity import Advantage, Floats, diversity, ubiquity

BLOCK = 512  # rows of the P x P matrix at a time: the work space stays small beside the result


def proximity(m: Advantage) -> Floats:
    """Smaller of the two conditional probabilities of having advantage in one product given the other (Hidalgo et al. 2007).

    phi_pq = min(P(p|q), P(q|p)) = #{c: M_cp = M_cq = 1} / max(k_p, k_q). m: C x P bool.
    Returns P x P, symmetric, 0 to 1, diagonal 1 (a product is given with itself; it counts in `density`, as in py-ecomplexity).
    NaN in row and column of a product in which nobody has advantage.
    """
    # counts up to C are whole numbers below 2^24: exact in single precision, at half the cost
    ones = m.astype(np.float32)
    k_p = ubiquity(m).astype(np.float64)
    phi = np.empty((len(k_p), len(k_p)))
    with np.errstate(invalid="ignore"):
        for first in range(0, len(k_p), BLOCK):
            rows = slice(first, first + BLOCK)
            np.divide(ones[:, rows].T @ ones, np.maximum(k_p[rows, None], k_p[None, :]), out=phi[rows])
    phi[k_p == 0, :] = phi[:, k_p == 0] = np.nan
    return phi


def density(m: Advantage, phi: Floats) -> Floats:
    """Share of the proximity around a product that a country already has (Hidalgo et al. 2007).

    d_cp = sum_q M_cq phi_pq / sum_q phi_pq, q over all products with advantage somewhere, p itself included.
    m: C x P bool; phi: P x P of `proximity`. Returns C x P, 0 to 1; NaN in the row of a country without advantage and in the
    column of a product without proximity.
    """
    kept, near = _kept(phi)
    result = np.full(m.shape, np.nan)
    result[:, kept] = (m[:, kept].astype(np.float64) @ near) / near.sum(axis=0)
    result[diversity(m) == 0, :] = np.nan
    return result


def coi(m: Advantage, d: Floats, pci: Floats) -> Floats:
    """Complexity outlook index: complexity of near, absent products, sum_p d_cp (1 - M_cp) PCI_p (Hausmann et al. 2014).

    m: C x P bool; d: C x P of `density`; pci: P, z scores. Returns C, an index without a fixed scale (py-ecomplexity takes the
    eigenvector before it is centred, and standardises the sums). Products without density or PCI are left out; NaN for a
    country without advantage.
    """
    result = np.where(m, 0.0, np.nan_to_num(d)) @ np.nan_to_num(pci)
    result[diversity(m) == 0] = np.nan
    return result


def cog(m: Advantage, phi: Floats, d: Floats, pci: Floats) -> Floats:
    """Complexity outlook gain of adding a product (Hausmann et al. 2014).

    g_cp = sum_q [phi_pq / sum_r phi_rq] (1 - M_cq) PCI_q - d_cp PCI_p where M_cp = 0, and 0 where M_cp = 1: nothing is added.
    q runs over absent products, p itself included, as printed; the change of `coi` is g_cp less p's own term PCI_p / sum_r phi_rp.

    m: C x P bool; phi: P x P of `proximity`; d: C x P of `density`; pci: P, z scores. Returns C x P in units of `coi`; NaN where
    the density or the PCI of p is missing. Products q without PCI are left out.
    """
    kept, near = _kept(phi)
    absent = (~m[:, kept]).astype(np.float64)
    near_gain = (absent * (np.nan_to_num(pci[kept]) / near.sum(axis=0))) @ near
    result = np.full(m.shape, np.nan)
    result[:, kept] = absent * (near_gain - d[:, kept] * pci[kept])
    return result


def _kept(phi: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """Products that have a proximity, and the matrix of those alone; no copy when all have one."""
    kept = np.isfinite(np.diagonal(phi))
    return kept, phi if kept.all() else phi[np.ix_(kept, kept)]
