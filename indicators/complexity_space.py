"""The product space: how close products are to each other, and how close a country stands to what it does not make yet.

What belongs here: pure functions over the matrix of comparative advantage (C x P) of one year and one list of products.
Conventions: docs/decisions/0010-complexity.md.
"""

from __future__ import annotations

import numpy as np

from indicators.complexity import Advantage, Floats, diversity, ubiquity

BLOCK = 256  # products at a time: the work space stays small beside the result, and the matrices large enough to multiply fast


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


def around(w: Floats, reference: Advantage) -> Floats:
    """w @ proximity(reference), without the P x P matrix: weights of products summed by their closeness to each product.

    With products in order of ubiquity the divisor max(k_p, k_q) is k_p for every q before p and k_q for every q after it, and the
    counts are sums over countries: for q outside the block of p, sum_q w_iq phi_pq = sum_c M_cp [sum_{q before} w_iq M_cq / k_p +
    sum_{q after} w_iq M_cq / k_q]. The brackets are small (rows of w x countries) and are carried from block to block, so the cost
    grows with P, not with P^2.

    w: N x P; reference: R x P bool, the countries from whose advantage proximity is read. Returns N x P, 0 in columns without
    advantage; columns of w at such products do not count.
    """
    k_p = ubiquity(reference)
    order = np.argsort(k_p, kind="stable")[np.count_nonzero(k_p == 0) :]
    k, ones, weights = k_p[order].astype(np.float64), reference[:, order].astype(np.float64), w[:, order]
    blocks = [slice(first, first + BLOCK) for first in range(0, len(order), BLOCK)]
    near = np.zeros(weights.shape)
    before, after = np.zeros((len(w), len(reference))), np.zeros((len(w), len(reference)))
    for b in blocks:
        near[:, b] = weights[:, b] @ (ones[:, b].T @ ones[:, b] / np.maximum(k[b, None], k[None, b])) + before @ ones[:, b] / k[b]
        before += weights[:, b] @ ones[:, b].T
    for b in reversed(blocks):  # from the other end: sums only grow, nothing is lost by subtracting
        near[:, b] += after @ ones[:, b]
        after += (weights[:, b] / k[b]) @ ones[:, b].T
    result = np.zeros(w.shape)
    result[:, order] = near
    return result


def closeness(reference: Advantage) -> Floats:
    """Sum of proximities around each product, itself included. reference: R x P bool; returns P, NaN where nobody has advantage."""
    total = around(np.ones((1, reference.shape[1])), reference)[0]
    return np.where(total > 0, total, np.nan)


def density(m: Advantage, reference: Advantage) -> Floats:
    """Share of the proximity around a product that a country already has (Hidalgo et al. 2007).

    d_cp = sum_q M_cq phi_pq / sum_q phi_pq, q over all products with proximity, p itself included.
    m: C x P bool; reference: R x P bool, the countries from whose advantage phi is read (m itself, or a reference set).
    Returns C x P, 0 to 1; NaN in the row of a country without advantage and in the column of a product without proximity.
    """
    result = np.minimum(around(m.astype(np.float64), reference) / closeness(reference), 1.0)  # rounding alone exceeds 1
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


def cog(m: Advantage, reference: Advantage, d: Floats, pci: Floats) -> Floats:
    """Complexity outlook gain of adding a product (Hausmann et al. 2014).

    g_cp = sum_q [phi_pq / sum_r phi_rq] (1 - M_cq) PCI_q - d_cp PCI_p where M_cp = 0, and 0 where M_cp = 1: nothing is added.
    q runs over absent products, p itself included, as printed; the change of `coi` is g_cp less p's own term PCI_p / sum_r phi_rp.

    m: C x P bool; reference: R x P bool as in `density`; d: C x P of `density`; pci: P, z scores. Returns C x P in units of
    `coi`; NaN where the density or the PCI of p is missing. Products q without PCI are left out.
    """
    return np.where(m, 0.0, around(~m * np.nan_to_num(pci / closeness(reference)), reference)) - np.where(m, 0.0, d) * pci
