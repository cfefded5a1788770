"""Factors other than value added (jobs, emissions, energy): footprints, content of exports, by the same system.

Accounts and their names as in pymrio (Stadler 2021): cba consumption-based, pba production-based, imp and exp embodied in trade.
A factor is measured in its own unit; intensities are units per million USD of output.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indicators.icio.content import origin_of_exports, rows_by_origin
from indicators.icio.system import System
from indicators.icio.table import Array, BadTable


@dataclass(frozen=True)
class FactorAccounts:
    """Accounts of one factor, in its unit.

    per_output: (GN,) intensity S; multiplier: (GN,) S B, embodied in a dollar of final goods. by_product: (GN, G) embodied in final
    goods of industry (t,j) absorbed by each economy; by_product_imported: the part that arose outside the absorber.
    footprint: (G, G) arising in row, absorbed by final demand of column. exports: (GN,) arising in an industry for final demand
    abroad. content_of_exports: (G, G) arising in row, embodied in gross exports of column (double counting included).
    """

    per_output: Array
    multiplier: Array
    by_product: Array
    by_product_imported: Array
    footprint: Array
    exports: Array
    content_of_exports: Array

    @property
    def cba(self) -> Array:
        """(G,) consumption-based account: all that final demand of the economy calls for."""
        return self.footprint.sum(axis=0)

    @property
    def pba(self) -> Array:
        """(G,) production-based account: all that arises in the economy's industries."""
        return self.footprint.sum(axis=1)


def factor_accounts(system: System, factor: Array) -> FactorAccounts:
    """Accounts of a factor used by industries. factor: (GN,) in its own unit.

    Raises BadTable for a factor of another shape, with missing values, or used by an industry without output.
    """
    table = system.table
    if factor.shape != system.x.shape or not np.isfinite(factor).all():
        raise BadTable(f"factor: expected {len(system.x)} finite numbers, one an industry, found shape {factor.shape} or missing values")
    unused = (system.x == 0) & (factor != 0)
    if unused.any():
        row = int(np.argmax(unused))
        raise BadTable(
            f"factor: country {table.countries[row]}, sector {table.sectors[row]}: expected 0 where output is 0, found {factor[row]:g}"
        )
    per_output = np.divide(factor, system.x, out=np.zeros_like(system.x), where=system.x != 0)
    rows = rows_by_origin(system, per_output)
    multiplier = rows.sum(axis=0)
    arising = per_output[:, None] * system.absorbed
    own = np.arange(len(system.x)), table.owner
    return FactorAccounts(
        per_output=per_output,
        multiplier=multiplier,
        by_product=multiplier[:, None] * table.y,
        by_product_imported=(multiplier[:, None] - rows.T) * table.y,
        footprint=table.sum_by_country(arising),
        exports=arising.sum(axis=1) - arising[own],
        content_of_exports=origin_of_exports(system, per_output),
    )
