"""Production-based participation and average production lengths of Wang, Wei, Yu and Zhu (2017a, 2017b).

Methods page section 10. V B Y = V L Y^D + V L Y^F + V L A^F L Y^D + V L A^F (B Y - L Y^D), with V and Y on diagonals: pure domestic,
traditional trade, simple and complex value-chain activities. Row sums trace value added forward, column sums final goods backward.
"""

from __future__ import annotations

import numpy as np

from indicators.icio.system import System
from indicators.icio.table import Array

PARTS = ("domestic", "traditional", "simple_gvc", "complex_gvc")


def forward(system: System) -> dict[str, Array]:
    """Value added by where it goes, the four PARTS; (GN,) each, million USD; they add to value added."""
    yd, yf = system.y_home, system.y_export.sum(axis=1)
    home, exported = _local_times(system, yd), _local_times(system, yf)
    simple = _local_times(system, system.a @ home - _own_times(system, home))
    gvc = system.x - home - exported  # (B - L) y, and B y = x
    parts = {"domestic": home, "traditional": exported, "simple_gvc": simple, "complex_gvc": gvc - simple}
    return {name: system.v * part for name, part in parts.items()}


def backward(system: System) -> dict[str, Array]:
    """Final goods by where their value comes from, the four PARTS; (GN,) each, million USD; they add to final sales."""
    yd, yf = system.y_home, system.y_export.sum(axis=1)
    gvc = (system.c + system.f - system.d) * (yd + yf)
    simple = system.f1 * yd
    return {"domestic": system.d * yd, "traditional": system.d * yf, "simple_gvc": simple, "complex_gvc": gvc - simple}


def lengths(system: System) -> dict[str, tuple[Array, Array]]:
    """Average production lengths as (output called forth, value traced), (GN,) each in million USD; the length is their ratio.

    Both may be summed over industries before dividing. plv: forward from value added, ply: backward from final goods; without suffix
    all activities (plv is upstreamness, ply downstreamness), then _domestic, _traditional and _gvc (simple and complex together).
    """
    yd, yf = system.y_home, system.y_export.sum(axis=1)
    y = yd + yf
    home, exported = _local_times(system, yd), _local_times(system, yf)
    home2, exported2 = _local_times(system, home), _local_times(system, exported)
    all2 = system.b @ system.x
    content, content2 = system.c + system.f, (system.c + system.f) @ system.b
    d2 = np.concatenate([system.d[k] @ system.local[s] for s, k in enumerate(system.blocks)])
    v, d = system.v, system.d
    return {
        "plv": (v * all2, v * system.x),
        "plv_domestic": (v * home2, v * home),
        "plv_traditional": (v * exported2, v * exported),
        "plv_gvc": (v * (all2 - home2 - exported2), v * (system.x - home - exported)),
        "ply": (content2 * y, content * y),
        "ply_domestic": (d2 * yd, d * yd),
        "ply_traditional": (d2 * yf, d * yf),
        "ply_gvc": ((content2 - d2) * y, (content - d) * y),
    }


def _local_times(system: System, column: Array) -> Array:
    """L times a column, (GN,)."""
    return np.concatenate([system.local[s] @ column[k] for s, k in enumerate(system.blocks)])


def _own_times(system: System, column: Array) -> Array:
    """A^D times a column, (GN,)."""
    return np.concatenate([system.a[k, k] @ column[k] for k in system.blocks])
