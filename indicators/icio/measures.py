"""The whole set of measures of one table in one call, with labels, from one solved system."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indicators.icio import borin_mancini, content, kww, perimeters, position, production, tripartite, wwz
from indicators.icio.shares import shares
from indicators.icio.system import System
from indicators.icio.table import Array, RowGroups, ratio, row_groups


@dataclass(frozen=True)
class MeasureSet:
    """Measures named "family.term". K = (country, sector) pairs, folded where an economy was split; G = economies.

    countries, sectors: labels of the K rows; economies: labels of the G columns and countries.
    by_partner: (K, G) million USD, by partner: the direct importer, but in dexfvap.* the origin of the content, in fexdvap.* the
    economy that exports the content on, in fd_va.* the absorber. by_sector: (K,) and by_country: (G,) million USD; they hold the
    sums of every by_partner measure over partners, and measures that have no partner (kww.* and content.* by country only).
    ratios_by_sector: (K,) and ratios_by_country: (G,): shares, lengths and position, NaN where a denominator is zero; up- and
    downstreamness of a country (and of a folded industry) are means weighted by output.
    """

    economies: tuple[str, ...]
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    by_partner: dict[str, Array]
    by_sector: dict[str, Array]
    by_country: dict[str, Array]
    ratios_by_sector: dict[str, Array]
    ratios_by_country: dict[str, Array]


def measure(system: System) -> MeasureSet:
    """All measures of a solved table. The measures corrected for net inventories are there when the table holds inventories.

    Memory: about 90 arrays of (GN, G) beside the system; no GN x GN array is made but one for the inventory correction.
    """
    groups = row_groups(system.table)
    by_partner = _fold(groups, _by_partner(system))
    own_sectors = _by_sector(system)
    by_sector = {name: values.sum(axis=1) for name, values in by_partner.items()} | _fold(groups, own_sectors)
    country_of = {c: i for i, c in enumerate(system.table.economies)}
    totals = RowGroups(system.table.economies, (), np.array([country_of[c] for c in groups.countries], dtype=np.intp))
    by_country = {name: totals.fold(values) for name, values in by_sector.items() if not name.startswith("sectoral")}
    by_country |= _by_country(system)
    ratios_by_sector, ratios_by_country = shares(by_sector), shares(by_country)
    for name, values in _stages(system).items():
        ratios_by_sector[name] = groups.fold(values, weights=system.x)
        ratios_by_country[name] = totals.fold(ratios_by_sector[name], weights=by_sector["output.output"])
    for name, (numerator, denominator) in production.lengths(system).items():
        lengths = groups.fold(numerator), groups.fold(denominator)
        ratios_by_sector[f"length.{name}"] = ratio(*lengths)
        ratios_by_country[f"length.{name}"] = ratio(totals.fold(lengths[0]), totals.fold(lengths[1]))
    for ratios in (ratios_by_sector, ratios_by_country):
        ratios["length.gvc_pos"] = ratio(ratios["length.plv_gvc"], ratios["length.ply_gvc"])
    return MeasureSet(
        economies=system.table.economies,
        countries=groups.countries,
        sectors=groups.sectors,
        by_partner=by_partner,
        by_sector=by_sector,
        by_country=by_country,
        ratios_by_sector=ratios_by_sector,
        ratios_by_country=ratios_by_country,
    )


def _fold(groups: RowGroups, values: dict[str, Array]) -> dict[str, Array]:
    return {name: groups.fold(v) for name, v in values.items()}


def _named(family: str, terms: dict[str, Array]) -> dict[str, Array]:
    return {f"{family}.{term}": values for term, values in terms.items()}


def _by_partner(system: System) -> dict[str, Array]:
    """(GN, G) levels of every family."""
    return (
        _named("oecd", content.oecd_exports(system))
        | _named("bm_source", borin_mancini.source(system))
        | _named("bm_sink", borin_mancini.sink(system))
        | _named("wwz", wwz.decompose(system))
        | _named("trade", tripartite.trade(system))
        | _named("bilateral", perimeters.bilateral(system))
        | _named("sectoral_bilateral", perimeters.sectoral_bilateral(system))
        | _named("world", perimeters.world(system))
        | {
            "dexfvap.value_added": content.backward_by_origin(system),
            "fexdvap.value_added": content.dvx_by_partner(system),
            "fd_va.value_added": content.final_demand_value_added(system),
        }
    )


def _by_sector(system: System) -> dict[str, Array]:
    """(GN,) levels that have no partner."""
    absorbed = content.final_demand_value_added(system)
    own = absorbed[np.arange(len(system.x)), system.table.owner]
    return (
        _named("output", tripartite.output(system))
        | {"output.value_added": system.v * system.x, "output.final_sales": system.table.y.sum(axis=1)}
        | _named("sectoral", perimeters.sectoral(system))
        | _named("production_forward", production.forward(system))
        | _named("production_backward", production.backward(system))
        | {
            "unctad.dva": system.c * system.exports_total,
            "unctad.fva": system.f * system.exports_total,
            "unctad.dvx": content.dvx_by_partner(system).sum(axis=1),
            "unctad.exports": system.exports_total,
            "content.vs": system.inputs_imported * system.exports_total,
            "content.ffd_dva": absorbed.sum(axis=1) - own,
        }
    )


def _by_country(system: System) -> dict[str, Array]:
    """(G,) levels that exist for whole economies only."""
    totals = content.by_exporter(system)
    return _named("kww", kww.decompose(system)) | {f"content.{k}": totals[k] for k in ("dfd_fva", "imports", "balance")}


def _stages(system: System) -> dict[str, Array]:
    """(GN,) measures of position, folded and summed up as means weighted by output."""
    out = {"position.upstreamness": position.upstreamness(system), "position.downstreamness": position.downstreamness(system)}
    if system.table.inventories is not None:
        up, down = position.inventory_corrected(system)
        out |= {"position.upstreamness_inventory": up, "position.downstreamness_inventory": down}
    return out
