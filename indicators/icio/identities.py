"""What must hold between the measures of one table (methods page section 12): the largest violation of each identity.

Relative to the gross exports of the economy concerned (of the exporter, where a cell is meant), or to its output where it exports
nothing, and for accounts of output. Rounding of double precision gives 1e-15 to 1e-12; a wrong formula or a damaged table gives more.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from indicators.icio.kww import TERMS as KWW_TERMS
from indicators.icio.measures import MeasureSet
from indicators.icio.production import PARTS as PRODUCTION_PARTS
from indicators.icio.system import System
from indicators.icio.table import Array, ratio
from indicators.icio.wwz import TERMS as WWZ_TERMS

BM_PARTS = ("vax1", "vax2", "vax3", "vax4", "ref1", "ref2", "ddc", "fva1", "fva2", "fva3", "fva4", "fdc")
TRIPARTITE = ("traditional", "pure_forward", "pure_backward", "two_sided")


def violations(system: System, measures: MeasureSet) -> dict[str, float]:
    """Identity -> largest relative violation over all cells; orderings are there for tables without negative entries only.

    `measures` must come from `system`.
    """
    table = system.table
    exports = system.exporter_totals()
    output = table.sum_by_country(system.x)
    scale = np.where(exports > 0, exports, output)
    position = {c: i for i, c in enumerate(measures.economies)}
    of_row = np.array([position[c] for c in measures.countries], dtype=np.intp)
    out: dict[str, float] = {}

    def hold(name: str, gap: Array, by: Array) -> None:
        # NaN passes every comparison unseen, so a missing value is an infinite violation; an economy without output has no scale
        out[name] = float("inf") if np.isnan(gap).any() else float(np.nanmax(np.abs(ratio(gap.T, by)), initial=0.0))

    cell, sector, country = measures.by_partner, measures.by_sector, measures.by_country
    row_scale, e = scale[of_row], cell["bm_source.exgr"]
    for name, gap in _cell_gaps(cell, e).items():
        hold(name, gap, row_scale)
    for name, gap in _country_gaps(country).items():
        hold(name, gap, scale)

    output_scale = output[of_row]
    hold("output.parts = output", _total(sector, "output", ("domestic", *TRIPARTITE)) - sector["output.output"], output_scale)
    for side, whole in (("forward", "value_added"), ("backward", "final_sales")):
        gap = _total(sector, f"production_{side}", PRODUCTION_PARTS) - sector[f"output.{whole}"]
        hold(f"production_{side}.parts = {whole}", gap, output_scale)
    hold("fd_va over absorbers = value added", sector["fd_va.value_added"] - sector["output.value_added"], output_scale)
    hold("fd_va over origins = final demand", cell["fd_va.value_added"].sum(axis=0) - table.y.sum(axis=0), output)

    hold("V B = u", system.c + system.f - (system.inputs_imported + system.d), np.ones_like(system.x))
    abroad = system.a @ system.absorbed - np.concatenate([system.a[k, k] @ system.absorbed[k] for k in system.blocks])
    local = np.concatenate([system.local[s] @ (table.y + abroad)[k] for s, k in enumerate(system.blocks)])
    hold("B Y = L (Y + A^F B Y)", local - system.absorbed, output[table.owner])
    for name, (gap, whole) in _world_gaps(system, country).items():
        hold(name, np.array([gap]), np.array([whole]))
    if system.v.min() >= 0 and table.y.min() >= 0 and table.z.min() >= 0:
        for name, gap in _order_gaps(cell, country).items():
            hold(name, np.maximum(gap, 0.0), row_scale if gap.ndim == 2 else scale)
    return out


def _total(levels: Mapping[str, Array], family: str, terms: tuple[str, ...]) -> Array:
    return sum((levels[f"{family}.{t}"] for t in terms[1:]), levels[f"{family}.{terms[0]}"])


def _cell_gaps(cell: Mapping[str, Array], e: Array) -> dict[str, Array]:
    """Identities of each exporting industry and importer."""
    return {
        "oecd.dva + fva = exports": _total(cell, "oecd", ("exgr_dva", "exgr_fva")) - e,
        "oecd.ddc + idc + rim = dva": _total(cell, "oecd", ("exgr_ddc", "exgr_idc", "exgr_rim")) - cell["oecd.exgr_dva"],
        "bm_source.parts = exports": _total(cell, "bm_source", BM_PARTS) - e,
        "bm_sink.parts = exports": _total(cell, "bm_sink", BM_PARTS) - e,
        "bm_source.gvc = gvcb + gvcf": _total(cell, "bm_source", ("gvcb", "gvcf")) - cell["bm_source.gvc"],
        "bm_source.gvcb = fc + ddc": _total(cell, "bm_source", ("fc", "ddc")) - cell["bm_source.gvcb"],
        "bm_source.dc = oecd.dva": cell["bm_source.dc"] - cell["oecd.exgr_dva"],
        "bm_source.dva = world.dva": cell["bm_source.dva"] - cell["world.dva"],
        "wwz.terms = exports": _total(cell, "wwz", WWZ_TERMS) - e,
        "trade.parts = exports": _total(cell, "trade", TRIPARTITE) - e,
        "trade.gvc = bm_source.gvc": cell["trade.gvc"] - cell["bm_source.gvc"],
        "trade.pure_forward = bm_source.gvcf": cell["trade.pure_forward"] - cell["bm_source.gvcf"],
    }


def _country_gaps(country: Mapping[str, Array]) -> dict[str, Array]:
    """Identities of each exporter."""
    e = country["unctad.exports"]
    vax = _total(country, "kww", ("dva_fin", "dva_int", "dva_intrex"))
    gaps = {f"source total = sink total, {t}": country[f"bm_source.{t}"] - country[f"bm_sink.{t}"] for t in ("dva", "ddc", "fva", "fdc")}
    return gaps | {
        "kww.terms = exports": _total(country, "kww", KWW_TERMS) - e,
        "kww vax = ffd_dva": vax - country["content.ffd_dva"],
        "bm_source.vax = ffd_dva": country["bm_source.vax"] - country["content.ffd_dva"],
        "vs = gvcb": country["content.vs"] - country["bm_source.gvcb"],
        "dexfvap = fva": country["dexfvap.value_added"] - country["unctad.fva"],
        "ffd_dva - dfd_fva = exports - imports": country["content.ffd_dva"] - country["content.dfd_fva"] - country["content.balance"],
    }


def _order_gaps(cell: Mapping[str, Array], country: Mapping[str, Array]) -> dict[str, Array]:
    """What must not be above zero in a table without negative entries."""
    chain = ("davax", "vax", "dva", "dc")
    gaps = {f"bm_source.{a} <= {b}": cell[f"bm_source.{a}"] - cell[f"bm_source.{b}"] for a, b in pairwise(chain)}
    return gaps | {"dva: exporter <= bilateral perimeter": country["bm_source.dva"] - country["bilateral.dva"]}


def _world_gaps(system: System, country: Mapping[str, Array]) -> dict[str, tuple[float, float]]:
    """Sums over the world with their scale: foreign content = DVX; upstreamness and downstreamness have the same means."""
    x_up, down = system.b @ system.x, system.b.sum(axis=0)  # x U and D
    return {
        "world fva = dvx": (country["unctad.fva"].sum() - country["unctad.dvx"].sum(), country["unctad.exports"].sum()),
        "world mean U = D (output)": (x_up.sum() - down @ system.x, system.x.sum()),
        "world mean U (value added) = D (final demand)": (system.v @ x_up - down @ system.table.y.sum(axis=1), system.x.sum()),
    }
