"""Decomposition of gross exports of Borin and Mancini (2019, 2023), exporter perspective, by exporting industry and importer.

Methods page sections 5 (source-based) and 6 (sink-based). The perimeter of exporter s is all its exports: A^x is A without the blocks
A_sr, B^x = (I - A^x)^-1. No extra inversion of GN x GN: B^x_js = B_js B_ss^-1 L_ss (checked in the tests against the definition).
"""

from __future__ import annotations

import numpy as np

from indicators.icio.system import System, times_columns, times_pairs
from indicators.icio.table import Array


def foreign_first(system: System) -> Array:
    """fx_s = sum over t != s of V_t B^x_ts = f_s B_ss^-1 L_ss: foreign content at its first crossing of s's border, (GN,)."""
    out = np.empty_like(system.f)
    for s, k in enumerate(system.blocks):
        out[k] = np.linalg.solve(system.b[k, k].T, system.f[k]) @ system.local[s]
    return out


def source(system: System) -> dict[str, Array]:
    """Source-based terms: an item is value added the first time it leaves s. (GN, G) each, million USD, by importer.

    exgr = vax1 + .. + vax4 + ref1 + ref2 + ddc + fva1 + .. + fva4 + fdc in every cell; dva = vax + ref, dc = dva + ddc, fc = fva + fdc;
    davax (absorbed by the direct importer); gvc = gvcb + gvcf.
    """
    d, fx = system.d[:, None], foreign_first(system)[:, None]
    e, direct = system.exports, system.al_home
    onward, returned, through = _final_stages(system)
    # al Q_l = A_sr (B Y)_rl - al Y_rl, because A^F B Y = (I - A^D) B Y - Y
    all_later = (e - system.y_export) - direct - onward
    home_later = through - returned
    shares = {"1": system.y_export, "2": direct, "3": onward - returned, "4": all_later - home_later}
    out = {f"vax{k}": d * part for k, part in shares.items()}
    out |= {"ref1": d * returned, "ref2": d * home_later, "ddc": (system.c[:, None] - d) * e}
    fva = {"1": system.y_export, "2": direct, "3": onward, "4": all_later}
    out |= {f"fva{k}": fx * part for k, part in fva.items()}
    out["fdc"] = (system.f[:, None] - fx) * e
    out = _totals(system, out)
    out["davax"] = d * (system.y_export + direct)
    out["gvc"] = e - out["davax"]
    out["gvcb"] = system.inputs_imported[:, None] * e
    out["gvcf"] = out["dva"] - out["davax"]
    return out


def sink(system: System) -> dict[str, Array]:
    """Sink-based terms: an item is value added the last time it leaves s. (GN, G) each, million USD, by importer.

    The names are those of `source`, without davax and the gvc terms; vaxim is the part of vax absorbed in the direct importer.
    """
    e, direct = system.exports, system.al_home
    again, again_home, again_importer, reexported = _without_later_exports(system)
    onward, returned, through = _final_stages(system)
    all_later = (e - system.y_export) - direct - onward - again
    home_later = through - returned - again_home
    final = {"1": system.y_export, "2": direct, "3": onward - returned, "4": all_later - home_later}
    c, f = system.c[:, None], system.f[:, None]
    out = {f"vax{k}": c * part for k, part in final.items()}
    out |= {"ref1": c * returned, "ref2": c * home_later, "ddc": c * reexported}
    out |= {f"fva{k}": f * part for k, part in {**final, "3": onward, "4": all_later}.items()}
    out["fdc"] = f * reexported
    out = _totals(system, out)
    out["vaxim"] = out["vax1"] + c * again_importer
    return out


def _final_stages(system: System) -> tuple[Array, Array, Array]:
    """(al sum_{j != r} Y_rj, al Y_rs, A_sr (B Y)_rs), each (GN, G) by importer r."""
    onward = times_columns(system.table, system.al, system.y_export.sum(axis=1))
    (returned,) = times_pairs(system.table, system.al, [system.table.y])
    (through,) = times_pairs(system.table, system.a, [system.absorbed])
    return onward, returned, through


def _without_later_exports(system: System) -> tuple[Array, Array, Array, Array]:
    """What the sink perspective takes out of the later stages, (GN, G) each by importer.

    With s's own exports removed, output for final demand l is B^x Y^x_l = (B Y)_l - B_.s T_sl with
    T_sl = B_ss^-1 ((B Y)_sl - [l = s] L_ss Y_ss), and al A^F_r. B_.s = A_sr B_rs. So the later stages lose A_sr B_rs T_sl:
    summed over l, for l = s; third, what stays in r: A_sr (B Y)_rr - A_sr B_rs T_sr; fourth, R = A_sr B_rs B_ss^-1 L_ss E_s.
    """
    table, g = system.table, len(system.table.economies)
    total, home, exported = (np.empty((len(system.x), g)) for _ in range(3))
    importer = np.empty((len(system.x), g))
    for s, k in enumerate(system.blocks):
        once = system.local[s] @ np.stack([system.y_home[k], system.exports_total[k]], axis=1)
        wanted = np.column_stack([system.x[k] - once[:, 0], system.absorbed[k, s] - once[:, 0], once[:, 1], system.absorbed[k]])
        t = np.linalg.solve(system.b[k, k], wanted)
        total[:, s], home[:, s], exported[:, s] = (system.b[:, k] @ t[:, :3]).T
        for r, rows in enumerate(system.blocks):
            importer[rows, s] = system.absorbed[rows, r] - system.b[rows, k] @ t[:, 3 + r]
    again, again_home, reexported, kept = times_pairs(table, system.a, [total, home, exported, importer])
    return again, again_home, kept, reexported


def _totals(system: System, terms: dict[str, Array]) -> dict[str, Array]:
    """The terms with exgr in front and vax, ref, dva, dc, fva, fc behind."""
    vax = terms["vax1"] + terms["vax2"] + terms["vax3"] + terms["vax4"]
    ref = terms["ref1"] + terms["ref2"]
    fva = terms["fva1"] + terms["fva2"] + terms["fva3"] + terms["fva4"]
    sums = {"vax": vax, "ref": ref, "dva": vax + ref, "dc": vax + ref + terms["ddc"], "fva": fva, "fc": fva + terms["fdc"]}
    return {"exgr": system.exports, **terms, **sums}
