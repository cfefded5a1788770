"""Value added and double counting for other perimeters than all exports of a country (Borin and Mancini 2023, Miroudot and Ye 2021).

Methods page section 7. Only the perimeter changes: the flows of A that are cut to tell a first crossing from a later one. Domestic and
foreign content never change. Each function gives dva, ddc, fva, fdc in million USD (world: fdc1, fdc2) that add to the exports.
Rank-one and block updates of B take the place of an inversion a perimeter. Where an economy was folded from parts, the perimeter of
an industry is that of each part: an export that returns through another part counts twice.
"""

from __future__ import annotations

import numpy as np

from indicators.icio.system import System
from indicators.icio.table import Array


def bilateral(system: System) -> dict[str, Array]:
    """Perimeter: exports of s to r (A_sr is cut). (GN, G) each, by exporting industry and importer, own column 0.

    B^x = B - B_.s A_sr (I + B_rs A_sr)^-1 B_r., so a content row w B_ss becomes w B_ss (I + A_sr B_rs)^-1.
    """
    dva, fva = np.zeros_like(system.exports), np.zeros_like(system.exports)
    for s, k in enumerate(system.blocks):
        left, below = system.a[k], system.b[:, k]
        others = [r for r in range(len(system.blocks)) if r != s]
        crossing = np.stack([left[:, system.blocks[r]] @ below[system.blocks[r]] for r in others]) + np.eye(k.stop - k.start)
        rows = np.stack([system.c[k], system.f[k]], axis=1)
        first = np.linalg.solve(crossing.transpose(0, 2, 1), rows)
        dva[k, others], fva[k, others] = first[:, :, 0].T, first[:, :, 1].T
    return _split(system, dva, fva)


def sectoral(system: System) -> dict[str, Array]:
    """Perimeter: all exports of industry (s,i). (GN,) each. A rank-one cut: content is divided by 1 + sum over r of A_(s,i),r B_r,(s,i)."""
    loops = 1.0 + _returns(system).sum(axis=1)
    e = system.exports_total
    dva, fva = system.c / loops * e, system.f / loops * e
    return {"dva": dva, "ddc": system.c * e - dva, "fva": fva, "fdc": system.f * e - fva}


def sectoral_bilateral(system: System) -> dict[str, Array]:
    """Perimeter: exports of industry (s,i) to r. (GN, G) each, own column 0."""
    loops = 1.0 + _returns(system)
    return _split(system, system.c[:, None] / loops, system.f[:, None] / loops)


def world(system: System) -> dict[str, Array]:
    """Perimeter: all international flows. (GN, G) each by importer: dva, ddc, fdc1 (first crossing was abroad), fdc2 (later); fva is 0."""
    e, f, f1 = system.exports, system.f[:, None], system.f1[:, None]
    dva = system.d[:, None] * e
    return {"dva": dva, "ddc": system.c[:, None] * e - dva, "fdc1": f1 * e, "fdc2": (f - f1) * e}


def _returns(system: System) -> Array:
    """(GN, G): sum over j of A_(s,i),(r,j) B_(r,j),(s,i), what of (s,i) comes back through r; own column 0."""
    out = np.empty_like(system.exports)
    for r, k in enumerate(system.blocks):
        out[:, r] = np.einsum("nj,jn->n", system.a[:, k], system.b[k])
    out[np.arange(len(system.x)), system.table.owner] = 0.0
    return out


def _split(system: System, domestic: Array, foreign: Array) -> dict[str, Array]:
    """Four parts of each cell from the rows of value added at its first crossing."""
    e = system.exports
    dva, fva = domestic * e, foreign * e
    return {"dva": dva, "ddc": system.c[:, None] * e - dva, "fva": fva, "fdc": system.f[:, None] * e - fva}
