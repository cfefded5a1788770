"""What must hold for any table: random tables, blocks of different lengths too, with a seed that Hypothesis chooses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.icio import borin_mancini, perimeters, wwz
from indicators.icio.identities import violations
from indicators.icio.measures import MeasureSet, measure
from indicators.icio.system import System, solve
from indicators.icio.table import Array, IcioTable

seeds = st.integers(min_value=0, max_value=10_000)
quick = settings(max_examples=20, deadline=None)


def random_table(seed: int, sizes: tuple[int, ...] = (3, 2, 4), zeros: float = 0.2) -> IcioTable:
    """Economies of different numbers of industries; about half of output is value added, `zeros` of the cells are zero."""
    random = np.random.default_rng(seed)
    n, g = sum(sizes), len(sizes)
    z = random.lognormal(0.0, 1.0, (n, n)) * (random.random((n, n)) > zeros)
    y = random.lognormal(1.0, 1.0, (n, g)) * n / 2
    countries = tuple(f"C{s}" for s, size in enumerate(sizes) for _ in range(size))
    sectors = tuple(f"S{i}" for size in sizes for i in range(size))
    while ((z.sum(axis=1) + y.sum(axis=1)) <= 1.1 * z.sum(axis=0)).any():
        z *= 0.8
    return IcioTable(countries, sectors, z, y, inventories=y[:, 0] * random.normal(0.0, 0.02, n))


def assert_same(a: MeasureSet, b: MeasureSet, rows: list[int], columns: list[int], scale: float = 1.0) -> None:
    """a's arrays, taken at rows and columns and times scale (levels only), are b's."""
    for name, values in a.by_partner.items():
        np.testing.assert_allclose(b.by_partner[name], scale * values[rows][:, columns], rtol=1e-9, atol=1e-10 * scale, err_msg=name)
    for mine, others, at in ((a.by_sector, b.by_sector, rows), (a.by_country, b.by_country, columns)):
        for name, values in mine.items():
            np.testing.assert_allclose(others[name], scale * values[at], rtol=1e-9, atol=1e-10 * scale, err_msg=name)
    for mine, others, at in ((a.ratios_by_sector, b.ratios_by_sector, rows), (a.ratios_by_country, b.ratios_by_country, columns)):
        for name, values in mine.items():
            np.testing.assert_allclose(others[name], values[at], rtol=1e-7, atol=1e-9, err_msg=name)


@quick
@given(seed=seeds)
def test_identities(seed: int) -> None:
    system = solve(random_table(seed))
    found = violations(system, measure(system))
    assert "bm_source.davax <= vax" in found
    assert max(found.values()) < 1e-12, found


def test_identities_fail_on_a_damaged_measure() -> None:
    """They can fail: one cell of one term moved by a millionth of exports, one missing value."""
    system = solve(random_table(1))
    found = measure(system)
    for name, damage in (("wwz.dva_int", 1e-6), ("bm_source.fva2", 1e-6), ("trade.two_sided", np.nan)):
        broken = {k: v.copy() for k, v in found.by_partner.items()}
        broken[name][0, 1] += damage * system.exporter_totals()[0]
        assert max(violations(system, replace(found, by_partner=broken)).values()) > 5e-7, name


@quick
@given(seed=seeds)
def test_perimeters_by_definition(seed: int) -> None:
    """B^x inverted in full for every perimeter; V_s B^x_ss and the sum of V_t B^x_ts must be what the updates of B give."""
    table = random_table(seed)
    system = solve(table)
    source = borin_mancini.foreign_first(system)
    bilateral, sectoral, both = perimeters.bilateral(system), perimeters.sectoral(system), perimeters.sectoral_bilateral(system)
    e = system.exports

    def first(cut: Array, at: slice | int, owner: int) -> tuple[Array, Array]:
        inverse = np.linalg.inv(np.eye(len(system.x)) - np.where(cut, 0.0, system.a))
        own = table.owner == owner
        return system.v[own] @ inverse[own, at], system.v[~own] @ inverse[~own, at]

    for s, k in enumerate(table.blocks):
        abroad = table.owner != s
        cut = np.zeros_like(system.a, dtype=bool)
        cut[k, abroad] = True
        domestic, foreign = first(cut, k, s)
        np.testing.assert_allclose(domestic, system.d[k], rtol=1e-10)
        np.testing.assert_allclose(foreign, source[k], rtol=1e-10)
        for r, partner in enumerate(table.blocks):
            if r == s:
                continue
            cut = np.zeros_like(cut)
            cut[k, partner] = True
            domestic, foreign = first(cut, k, s)
            np.testing.assert_allclose(bilateral["dva"][k, r], domestic * e[k, r], rtol=1e-10)
            np.testing.assert_allclose(bilateral["fva"][k, r], foreign * e[k, r], rtol=1e-10)
        i = k.start + seed % (k.stop - k.start)
        for partners, found, exports in ((abroad, sectoral, (i,)), (table.owner == (s + 1) % 3, both, (i, (s + 1) % 3))):
            cut = np.zeros_like(cut)
            cut[i, partners] = True
            domestic, foreign = first(cut, i, s)
            total = system.exports_total[i] if len(exports) == 1 else e[exports]
            assert found["dva"][exports] == pytest.approx(domestic * total, rel=1e-10)
            assert found["fva"][exports] == pytest.approx(foreign * total, rel=1e-10)


def test_lengths_by_definition() -> None:
    """V B B Y over V B Y with whole matrices (no program at hand computes them), and the position of value chains from both ends."""
    system = solve(random_table(3))
    local = np.zeros_like(system.b)
    for s, k in enumerate(system.blocks):
        local[k, k] = system.local[s]
    v, y_home, y_abroad = system.v[:, None], system.y_home, system.y_export.sum(axis=1)
    b, found = system.b, measure(system).ratios_by_sector
    traced = {"": (b, y_home + y_abroad), "_domestic": (local, y_home), "_traditional": (local, y_abroad)}
    flows = {suffix: (v * m * y, v * (m @ m) * y) for suffix, (m, y) in traced.items()}
    flows["_gvc"] = tuple(flows[""][i] - flows["_domestic"][i] - flows["_traditional"][i] for i in (0, 1))
    for suffix, (value, output) in flows.items():
        np.testing.assert_allclose(found[f"length.plv{suffix}"], output.sum(axis=1) / value.sum(axis=1), rtol=1e-9, err_msg=suffix)
        np.testing.assert_allclose(found[f"length.ply{suffix}"], output.sum(axis=0) / value.sum(axis=0), rtol=1e-9, err_msg=suffix)
    np.testing.assert_allclose(found["length.gvc_pos"], found["length.plv_gvc"] / found["length.ply_gvc"], rtol=1e-12)


@quick
@given(seed=seeds)
def test_a_closed_economy_has_no_foreign_content(seed: int) -> None:
    """Foreign value added 0, shares of exports NaN, U and D from the domestic block alone."""
    table = random_table(seed)
    z, y = table.z.copy(), table.y.copy()
    k, abroad = table.blocks[1], table.owner != 1
    z[k, abroad], z[abroad, k] = 0.0, 0.0
    y[k, [0, 2]], y[abroad, 1] = 0.0, 0.0
    system = solve(replace(table, z=z, y=y))
    found = measure(system)
    for name in ("unctad.fva", "unctad.dvx", "bm_source.fva", "bm_sink.fdc", "content.vs", "content.dfd_fva", "output.gvc"):
        assert found.by_country[name][1] == pytest.approx(0.0, abs=1e-12 * system.x.sum()), name
    assert np.isnan(found.ratios_by_country["bm_source.backward_share"][1])
    assert np.isnan(found.ratios_by_country["position.kpww"][1])
    x, inverse = system.x[k], np.linalg.inv(np.eye(k.stop - k.start) - system.a[k, k])
    np.testing.assert_allclose(found.ratios_by_sector["position.upstreamness"][k], inverse @ x / x, rtol=1e-12)
    np.testing.assert_allclose(found.ratios_by_sector["position.downstreamness"][k], inverse.sum(axis=0), rtol=1e-12)


@quick
@given(seed=seeds)
def test_order_and_scale_do_not_matter(seed: int) -> None:
    """Economies in another order, and their industries; a thousand times the dollars."""
    table = random_table(seed)
    whole = measure(solve(table))
    columns = [2, 0, 1]
    rows = [i for s in columns for i in reversed(range(table.blocks[s].start, table.blocks[s].stop))]
    permuted = IcioTable(
        tuple(table.countries[i] for i in rows),
        tuple(table.sectors[i] for i in rows),
        table.z[np.ix_(rows, rows)],
        table.y[np.ix_(rows, columns)],
        inventories=None if table.inventories is None else table.inventories[rows],
    )
    assert_same(whole, measure(solve(permuted)), rows, columns)
    stocks = None if table.inventories is None else 1000 * table.inventories
    scaled = replace(table, z=1000 * table.z, y=1000 * table.y, inventories=stocks)
    assert_same(whole, measure(solve(scaled)), list(range(9)), [0, 1, 2], scale=1000.0)


@quick
@given(seed=seeds)
def test_adding_up_partners_and_industries_is_exact(seed: int) -> None:
    """Terms by partner add to what content rows give for total exports; industries add to country-level definitions."""
    system = solve(random_table(seed))
    found = measure(system)
    np.testing.assert_allclose(found.by_sector["oecd.exgr_fva"], system.f * system.exports_total, rtol=1e-12)
    np.testing.assert_allclose(found.by_sector["bm_source.dva"], system.d * system.exports_total, rtol=1e-12)
    pairs = system.table.sum_by_country(found.by_partner["bm_source.gvc"])
    np.testing.assert_allclose(pairs[:, [0, 2]].sum(axis=1) + pairs[:, 1], found.by_country["bm_source.gvc"], rtol=1e-12)
    np.testing.assert_allclose(found.by_country["bm_source.vax"], found.by_country["content.ffd_dva"], rtol=1e-12)


@quick
@given(seed=seeds)
def test_two_economies_have_no_third(seed: int) -> None:
    found = wwz.decompose(solve(random_table(seed, sizes=(3, 4))))
    total = sum(v.sum() for v in found.values())
    for term in ("dva_intrex_i1", "dva_intrex_f", "dva_intrex_i2", "rdv_fin2", "ova_fin", "ova_int", "odc"):
        assert np.abs(found[term]).max() <= 1e-13 * total, term


def test_the_rest_of_the_world_is_never_split(leather: IcioTable) -> None:
    """Economies of the results are those of the table, one row of results an industry: ROW stays one, its members get none."""
    countries = tuple({"DEU": "ROW"}.get(c, c) for c in leather.countries)
    found = measure(solve(replace(leather, countries=countries)))
    assert found.economies == ("ARG", "TUR", "ROW")
    assert tuple(zip(found.countries, found.sectors, strict=True)) == tuple(zip(countries, leather.sectors, strict=True))
    assert all(v.shape == (9, 3) for v in found.by_partner.values())
    assert all(v.shape == (3,) for v in found.ratios_by_country.values())


def test_names_of_measures_are_one_set(leather_system: System) -> None:
    """Every partner measure has its sums by sector and country; ratios and levels share no name."""
    found = measure(leather_system)
    assert set(found.by_partner) < set(found.by_sector)
    assert {n for n in found.by_sector if not n.startswith("sectoral")} < set(found.by_country)
    assert not set(found.by_sector) & set(found.ratios_by_sector)
    assert set(found.ratios_by_sector) == set(found.ratios_by_country)
    for name, values in found.by_partner.items():
        if not name.startswith("fd_va"):
            assert not values[np.arange(9), leather_system.table.owner].any(), f"{name}: own column is not empty"
