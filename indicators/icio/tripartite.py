"""Tripartite participation of Borin, Mancini and Taglioni (2021, 2025): pure backward, pure forward, two-sided.

Methods page section 8 (exports by importer) and section 9 (output by sector, as the World Bank publishes it in WITS).
"""

from __future__ import annotations

from indicators.icio.system import System
from indicators.icio.table import Array


def trade(system: System) -> dict[str, Array]:
    """Exports by what crossed a border before and what goes on after the importer; (GN, G) each, million USD, by importer.

    traditional + pure_forward + pure_backward + two_sided = exports in every cell; gvc is the last three.
    """
    stops = system.y_export + system.al_home
    goes_on = system.al_exports
    domestic, imported = system.d[:, None], system.inputs_imported[:, None]
    out = {
        "traditional": domestic * stops,
        "pure_forward": domestic * goes_on,
        "pure_backward": imported * stops,
        "two_sided": imported * goes_on,
    }
    out["gvc"] = out["pure_forward"] + out["pure_backward"] + out["two_sided"]
    return out


def output(system: System) -> dict[str, Array]:
    """Gross output by industry split by borders crossed up- and downstream; (GN,) each, million USD.

    domestic + traditional + pure_forward + pure_backward + two_sided = output; gvc is the last three. Row weights: own value added,
    domestic suppliers, foreign content over one border (f1), the rest (two or more, returned domestic value added included). Uses:
    no border downstream (q0), one (q1), two or more (q2). Parts may be negative where final demand is (inventories); not clipped.
    """
    q0, q1, q2 = _uses(system)
    far = system.inputs_imported - system.f1
    sold_final = system.table.y.sum(axis=1)
    exported_final = system.y_export.sum(axis=1)
    intermediate = system.x - sold_final
    out = {
        "output": system.x,
        "domestic": system.d * q0,
        "traditional": system.d * q1 + system.f1 * q0,
        "pure_forward": system.v * q2,
        "pure_backward": system.f1 * exported_final + far * sold_final,
        "two_sided": (system.d - system.v) * q2 + (system.f1 + far) * intermediate - system.f1 * (q0 - system.y_home),
    }
    out["gvc"] = out["pure_forward"] + out["pure_backward"] + out["two_sided"]
    return out


def _uses(system: System) -> tuple[Array, Array, Array]:
    """x = q0 + q1 + q2: L_ss times home final demand, exports that stop at the importer, exports that go on."""
    stops = (system.y_export + system.al_home).sum(axis=1)
    q0, q1 = system.x.copy(), system.x.copy()
    for s, k in enumerate(system.blocks):
        q0[k] = system.local[s] @ system.y_home[k]
        q1[k] = system.local[s] @ stops[k]
    return q0, q1, system.x - q0 - q1
