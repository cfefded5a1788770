"""Value-added content of exports and of final demand: UNCTAD-Eora, OECD TiVA, vertical specialisation, Johnson and Noguera.

Methods page section 2. Content is counted at every border crossing: foreign content holds double counting.
"""

from __future__ import annotations

import numpy as np

from indicators.icio.system import System
from indicators.icio.table import Array, row_groups


def origin_of_exports(system: System, per_output: Array | None = None) -> Array:
    """(G, G): content that origin economy t (row) has in the exports of s (column), u V_t B_ts E_s.

    per_output: (GN,) any factor per dollar of output instead of value added (jobs, tonnes), in its own unit per million USD.
    """
    rows = system.origin if per_output is None else rows_by_origin(system, per_output)
    return system.table.sum_by_country((rows * system.exports_total).T).T


def rows_by_origin(system: System, per_output: Array) -> Array:
    """(G, GN): S_t B_ts for a factor S per dollar of output, content by origin economy of each industry's output."""
    return np.stack([per_output[k] @ system.b[k] for k in system.blocks])


def unctad(system: System) -> dict[str, Array]:
    """By exporter, (G,) million USD: dva (own content), fva (foreign content), dvx (own value added in exports of others), exports.

    Casella, Bolwijn, Moran and Kanemoto (2019). dva + fva = exports; over the world fva = dvx. dvx is VS1 of Hummels, Ishii and Yi.
    """
    origin = origin_of_exports(system)
    own = np.diagonal(origin)
    return {"dva": own.copy(), "fva": origin.sum(axis=0) - own, "dvx": origin.sum(axis=1) - own, "exports": system.exporter_totals()}


def dvx_by_partner(system: System) -> Array:
    """(GN, G): value added of origin industry (s,i) in the exports of r, V B_sr E_r; own column (re-imported content too) 0.

    Row sums are dvx by industry of origin; added over i they are FEXDVAP of the OECD set.
    """
    out = np.stack([system.v * (system.b[:, k] @ system.exports_total[k]) for k in system.blocks], axis=1)
    out[np.arange(len(system.x)), system.table.owner] = 0.0
    return out


def oecd_exports(system: System) -> dict[str, Array]:
    """The OECD TiVA set by exporting industry and importer, (GN, G) each, million USD, own column 0.

    exgr = exgr_dva + exgr_fva = exgr_fnl + exgr_int; exgr_dva = exgr_ddc (the industry's own, through domestic rounds) + exgr_idc
    (other domestic industries) + exgr_rim (re-imported).
    """
    e = system.exports
    own = _own_industry(system)
    return {
        "exgr": e,
        "exgr_fnl": system.y_export,
        "exgr_int": e - system.y_export,
        "exgr_dva": system.c[:, None] * e,
        "exgr_fva": system.f[:, None] * e,
        "exgr_ddc": own[:, None] * e,
        "exgr_idc": (system.d - own)[:, None] * e,
        "exgr_rim": (system.c - system.d)[:, None] * e,
    }


def _own_industry(system: System) -> Array:
    """(GN,): value added of the exporting industry itself per dollar, V_i (L_ss)_ii; all parts of a folded industry are one."""
    group = row_groups(system.table).group
    same = [np.where(group[k][:, None] == group[k], m, 0.0) for k, m in zip(system.blocks, system.local, strict=True)]
    return np.concatenate([system.v[k] @ m for k, m in zip(system.blocks, same, strict=True)])


def backward_by_origin(system: System) -> Array:
    """DEXFVAP (GN, G): content of origin economy t (column) in the exports of industry (s,i), V_t B_ts E; own column 0.

    Row sums are EXGR_FVA.
    """
    out = system.origin.T * system.exports_total[:, None]
    out[np.arange(len(system.x)), system.table.owner] = 0.0
    return out


def final_demand_value_added(system: System) -> Array:
    """FD_VA (GN, G): value added of industry (s,i) absorbed by final demand of each economy, V B Y; the own column is DXD_DVA.

    Without it: FFD_DVA, which is the VAX of Johnson and Noguera by industry of origin. Row sums are value added.
    """
    return system.v[:, None] * system.absorbed


def by_exporter(system: System) -> dict[str, Array]:
    """Totals by economy, (G,) each, million USD.

    ffd_dva (VAX: own value added absorbed abroad), dfd_fva (foreign value added absorbed at home), vs (vertical specialisation,
    imported content in exports on every path, (u - d) E), vs1 (= dvx), imports, balance (exports - imports).
    """
    absorbed = system.table.sum_by_country(final_demand_value_added(system))
    own = np.diagonal(absorbed)
    exports = system.exporter_totals()
    imports = system.exports.sum(axis=0)
    return {
        "ffd_dva": absorbed.sum(axis=1) - own,
        "dxd_dva": own.copy(),
        "dfd_fva": absorbed.sum(axis=0) - own,
        "vs": system.table.sum_by_country(system.inputs_imported * system.exports_total),
        "vs1": unctad(system)["dvx"],
        "imports": imports,
        "balance": exports - imports,
    }
