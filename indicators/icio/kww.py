"""The nine terms of Koopman, Wang and Wei (2014), by exporter. Methods page section 3."""

from __future__ import annotations

import numpy as np

from indicators.icio.system import System
from indicators.icio.table import Array

TERMS = ("dva_fin", "dva_int", "dva_intrex", "rdv_fin", "rdv_int", "ddc", "fva_fin", "fva_int", "fdc")


def decompose(system: System) -> dict[str, Array]:
    """(G,) each, million USD, in the order of TERMS; they add to gross exports.

    1 to 3 are VAX, 1 to 5 value added, 1 to 6 domestic content, 7 to 9 foreign content. The split of the foreign part is known to
    be inconsistent (term 8 counts once an importer, not once a border): for value added without double counting use Borin and Mancini.
    """
    table = system.table
    exported_final = system.y_export.sum(axis=1)
    abroad = system.origin.copy()  # V_s B_sr without r = s
    abroad[table.owner, np.arange(len(system.x))] = 0.0
    sold = abroad @ np.column_stack([system.y_home, exported_final])
    returned_final = np.einsum("sn,ns->s", abroad, system.y_export)

    def total(values: Array) -> Array:
        return table.sum_by_country(values)

    return {
        "dva_fin": total(system.c * exported_final),
        "dva_int": sold[:, 0],
        "dva_intrex": sold[:, 1] - returned_final,
        "rdv_fin": returned_final,
        "rdv_int": np.einsum("sn,ns->s", abroad, system.al_home),
        "ddc": np.einsum("sn,ns->s", abroad, system.al_exports),
        "fva_fin": total(system.f * exported_final),
        "fva_int": total(system.f * system.al_home.sum(axis=1)),
        "fdc": total(system.f * system.al_exports.sum(axis=1)),
    }
