"""From the rows of a published table to an `IcioTable`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indicators.icio.table import PARTS_OF_ECONOMY, Array, BadTable, IcioTable, fold_parts

# Final demand that is a change in inventories: OECD INVNT, WIOD 2013 c42, WIOD 2016 c61 (both with valuables), ADB F5; Eora writes it out.
# Position is corrected for it (Antras, Chor, Fally and Hillberry 2012).
INVENTORY_CATEGORIES = frozenset({"INVNT", "c42", "c61", "F5"})
INVENTORY_WORDS = "changes in inventories"
# Eora books goods that only pass through a country as an industry of it, which inflates every share of value chains.
REEXPORT_SECTOR = "re-export & re-import"


def table_of(
    countries: Sequence[str],
    sectors: Sequence[str],
    intermediate: Array,
    final: Array,
    final_columns: Sequence[str],
    published_output: Array | None = None,
) -> IcioTable:
    """The table of GN industries, with split economies folded and without Eora's sector of re-exports.

    intermediate: (GN, GN) and final: (GN, K), million USD. final_columns: K labels 'economy:category'. published_output: (GN,).
    Raises BadTable when a column of final demand belongs to no economy of the rows.
    """
    economies = list(dict.fromkeys(countries))
    # Final demand of a split economy stands under its own code, which may have no rows: it is put on its first part.
    home = {e: e for e in economies} | {PARTS_OF_ECONOMY[e]: e for e in reversed(economies) if e in PARTS_OF_ECONOMY}
    home |= {e: e for e in economies}
    position = {e: i for i, e in enumerate(economies)}
    y = np.zeros((len(countries), len(economies)))
    inventories = np.zeros(len(countries))
    has_inventories = False
    for number, label in enumerate(final_columns):
        economy, _, category = label.partition(":")
        if economy not in home:
            raise BadTable(f"final demand {label}: expected an economy of the table, found none of that code; map it before computing")
        y[:, position[home[economy]]] += final[:, number]
        if category in INVENTORY_CATEGORIES or category.lower().startswith(INVENTORY_WORDS):
            inventories += final[:, number]
            has_inventories = True
    table = IcioTable(
        countries=tuple(countries),
        sectors=tuple(sectors),
        z=intermediate,
        y=y,
        inventories=inventories if has_inventories else None,
        published_output=published_output,
    )
    return fold_parts(without_reexports(table))


def without_reexports(table: IcioTable) -> IcioTable:
    """The table without the rows and columns of re-exports, before anything is solved; the given one when it has none.

    What an industry buys from re-exporters counts as its own value added from then on: the share that leaves is kept
    beside the table (`reexport_output_share`), so that a reader sees how much that is.
    """
    kept = np.array([sector.lower() != REEXPORT_SECTOR for sector in table.sectors])
    if kept.all():
        return table
    output = np.abs(table.row_sums)
    return IcioTable(
        countries=tuple(c for c, keep in zip(table.countries, kept, strict=True) if keep),
        sectors=tuple(s for s, keep in zip(table.sectors, kept, strict=True) if keep),
        z=table.z[np.ix_(kept, kept)],
        y=table.y[kept],
        inventories=None if table.inventories is None else table.inventories[kept],
        published_output=None if table.published_output is None else table.published_output[kept],
        reexport_output_share=float(output[~kept].sum() / output.sum()),
    )
