"""Shares and indices of levels that add up: the same formulas for industries and for countries."""

from __future__ import annotations

from collections.abc import Mapping

from indicators.icio.position import kpww
from indicators.icio.table import Array, ratio

# name: (terms of the numerator, denominator); names of levels as in measures.MeasureSet
SHARES: dict[str, tuple[tuple[str, ...], str]] = {
    "bm_source.backward_share": (("bm_source.gvcb",), "bm_source.exgr"),
    "bm_source.forward_share": (("bm_source.gvcf",), "bm_source.exgr"),
    "bm_source.gvc_share": (("bm_source.gvc",), "bm_source.exgr"),
    "bm_source.dva_share": (("bm_source.dva",), "bm_source.exgr"),
    "oecd.exgr_dva_share": (("oecd.exgr_dva",), "oecd.exgr"),
    "oecd.exgr_fva_share": (("oecd.exgr_fva",), "oecd.exgr"),
    "unctad.dvx_share": (("unctad.dvx",), "unctad.exports"),
    "unctad.participation": (("unctad.fva", "unctad.dvx"), "unctad.exports"),
    "content.vax_ratio": (("content.ffd_dva",), "unctad.exports"),
    "content.vs_share": (("content.vs",), "unctad.exports"),
    "trade.pure_forward_share": (("trade.pure_forward",), "trade.gvc"),
    "trade.pure_backward_share": (("trade.pure_backward",), "trade.gvc"),
    "trade.two_sided_share": (("trade.two_sided",), "trade.gvc"),
    "output.gvc_share": (("output.gvc",), "output.output"),
    "output.pure_forward_share": (("output.pure_forward",), "output.output"),
    "output.pure_backward_share": (("output.pure_backward",), "output.output"),
    "output.two_sided_share": (("output.two_sided",), "output.output"),
    "production_forward.participation": (("production_forward.simple_gvc", "production_forward.complex_gvc"), "output.value_added"),
    "production_backward.participation": (("production_backward.simple_gvc", "production_backward.complex_gvc"), "output.final_sales"),
}


def shares(levels: Mapping[str, Array]) -> dict[str, Array]:
    """Every share of SHARES, the forwardness (PF - PB) / GVC in [-1, 1] and the KPWW position; NaN where the denominator is zero.

    levels: arrays of one shape in million USD, by name.
    """
    out = {name: ratio(sum((levels[t] for t in terms[1:]), levels[terms[0]]), levels[whole]) for name, (terms, whole) in SHARES.items()}
    out["trade.forwardness"] = out["trade.pure_forward_share"] - out["trade.pure_backward_share"]
    out["position.kpww"] = kpww(levels["unctad.dvx"], levels["unctad.fva"], levels["unctad.exports"])
    return out
