"""The sixteen terms of Wang, Wei and Zhu (2013, revised 2018) by exporting industry and importer. Methods page section 4."""

from __future__ import annotations

import numpy as np

from indicators.icio.system import System, times_pairs
from indicators.icio.table import Array

TERMS = (
    *("dva_fin", "dva_int", "dva_intrex_i1", "dva_intrex_f", "dva_intrex_i2", "rdv_fin", "rdv_fin2", "rdv_int"),
    *("ddc_fin", "ddc_int", "mva_fin", "mva_int", "mdc", "ova_fin", "ova_int", "odc"),
)


def decompose(system: System) -> dict[str, Array]:
    """(GN, G) each, million USD, in the order of TERMS (the names of the R package decompr), own column 0; they add to exports.

    dva: absorbed abroad, intrex re-exported by the importer; rdv: returns home; ddc, mdc, odc: double counted (domestic, importer's,
    others'); mva, ova: value added of the importer and of third economies.
    """
    table = system.table
    local_home, home_rest, final_rest, home_s, final_s, through_s, own_final, own_returned = _importer_output(system)
    parts = times_pairs(table, system.a, [local_home, home_rest, final_rest, home_s, final_s, through_s, own_final, own_returned])
    int_home, rest_home, rest_final, back_home, back_final, through, importer_final, importer_returned = parts
    # what t != s, r sells to s: all that s absorbs less what r and s themselves sell to s
    third_returned = through - importer_returned - back_home

    d, e = system.d[:, None], system.exports
    content = system.origin.T  # V_r B_rs at (s,i), r; the own column meets zero flows only
    third = system.f[:, None] - content
    return {
        "dva_fin": system.c[:, None] * system.y_export,
        "dva_int": d * int_home,
        "dva_intrex_i1": d * (rest_home - back_home),
        "dva_intrex_f": d * (importer_final - importer_returned),
        "dva_intrex_i2": d * (rest_final - back_final - third_returned),
        "rdv_fin": d * importer_returned,
        "rdv_fin2": d * third_returned,
        "rdv_int": d * back_home,
        "ddc_fin": d * back_final,
        "ddc_int": (system.c[:, None] - d) * (e - system.y_export),
        "mva_fin": content * system.y_export,
        "mva_int": content * system.al_home,
        "mdc": content * system.al_exports,
        "ova_fin": third * system.y_export,
        "ova_int": third * system.al_home,
        "odc": third * system.al_exports,
    }


def _importer_output(system: System) -> list[Array]:
    """Output of importer r that several final demands call for, each (GN, G): rows (r,j), column the exporter s.

    B_rr Y_rr; sum over t != r of B_rt Y_tt; the same of final exports, sum over t != r of B_rt sum_k Y_tk; B_rs Y_ss;
    B_rs sum_k Y_sk; (B Y)_rs; B_rr sum over t != r of Y_rt; B_rr Y_rs. The column s of the sums is taken out by the caller.
    """
    b, blocks, shape = system.b, system.blocks, system.exports.shape
    exported_final = system.y_export.sum(axis=1)
    home_by = np.stack([b[:, k] @ system.y_home[k] for k in blocks], axis=1)
    final_by = np.stack([b[:, k] @ exported_final[k] for k in blocks], axis=1)
    own = np.arange(len(system.x)), system.table.owner
    own_returned = np.concatenate([b[k, k] @ system.y_export[k] for k in blocks])

    def same_for_all(column: Array) -> Array:
        return np.broadcast_to(column[:, None], shape)

    return [
        same_for_all(home_by[own]),
        same_for_all(home_by.sum(axis=1) - home_by[own]),
        same_for_all(final_by.sum(axis=1) - final_by[own]),
        home_by,
        final_by,
        system.absorbed,
        same_for_all(final_by[own]),
        own_returned,
    ]
