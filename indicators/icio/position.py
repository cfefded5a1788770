"""Position in chains: upstreamness and downstreamness, with and without net inventories, and the KPWW index.

Methods page section 11: Antras, Chor, Fally and Hillberry (2012), Antras and Chor (2018); Koopman, Powers, Wang and Wei (2010).
"""

from __future__ import annotations

import numpy as np
import scipy.linalg

from indicators.icio.system import System
from indicators.icio.table import Array, BadTable, ratio


def upstreamness(system: System) -> Array:
    """U: row sums of the Ghosh inverse x^-1 B x, stages to final use, >= 1; (GN,), NaN where output is 0."""
    return ratio(system.b @ system.x, system.x)


def downstreamness(system: System) -> Array:
    """D = u B: stages from primary factors, >= 1; (GN,), NaN where output is 0."""
    return np.where(system.x != 0, system.b.sum(axis=0), np.nan)


def inventory_corrected(system: System) -> tuple[Array, Array]:
    """(U, D) after Antras and Chor's correction for net inventories, (GN,) each, NaN where output is 0.

    Row i of Z is multiplied by x_i / (x_i - n_i), as if stocks were used like current output. Where an industry sold nothing but to
    stocks (x - n <= 0) the factor does not exist: it is 1 in computing and the industry's own values are NaN.
    Raises BadTable when the table holds no inventories or the corrected system cannot be solved.
    """
    n = system.table.inventories
    if n is None:
        raise BadTable("inventories: expected the net change in inventories of each industry, found none; give them to the table")
    sold = system.x - n
    defined = (system.x != 0) & (sold > 0)
    factor = np.divide(system.x, sold, out=np.ones_like(system.x), where=defined)
    # I - x^-1 M Z = x^-1 (I - M A) x with M the diagonal of factors: one LU serves both ends
    work = -factor[:, None] * system.a
    work[np.diag_indices_from(work)] += 1.0
    lu = scipy.linalg.lu_factor(work.T, overwrite_a=True, check_finite=False)
    up = ratio(scipy.linalg.lu_solve(lu, system.x, trans=1, check_finite=False), system.x)
    down = scipy.linalg.lu_solve(lu, np.ones_like(system.x), trans=0, check_finite=False)
    if not (np.isfinite(up[defined]).all() and np.isfinite(down).all()):
        raise BadTable("inventories: the system corrected for net inventories has no solution; check the inventories of the table")
    return np.where(defined, up, np.nan), np.where(defined, down, np.nan)


def kpww(dvx: Array, fva: Array, exports: Array) -> Array:
    """ln(1 + DVX/E) - ln(1 + FVA/E) (Koopman, Powers, Wang, Wei): above 0 upstream, below 0 downstream.

    dvx: own value added in other economies' exports, fva: foreign content of own exports, exports: million USD, one shape.
    NaN without exports, and where a negative value added leaves no logarithm.
    """
    forward, backward = 1.0 + ratio(dvx, exports), 1.0 + ratio(fva, exports)
    defined = (forward > 0) & (backward > 0)
    return np.log(np.where(defined, forward, np.nan)) - np.log(np.where(defined, backward, np.nan))
