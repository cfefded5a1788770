"""Complexity against cases worked by hand, and against what must hold for any matrix.

The nested case: three countries, three products, M = [[1,1,1],[1,1,0],[1,0,0]] (formulas: Hidalgo & Hausmann 2009, PNAS 106(26);
Hausmann et al. 2014, The Atlas of Economic Complexity, part 1; Hidalgo et al. 2007, Science 317). W has the eigenvalues 1, 1/4 and
1/9 (trace 49/36, determinant 1/36), and (2, -1, -4) is its vector at 1/4: all numbers below follow from that with paper and pencil.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.complexity import advantage, diversity, eci_from_pci, eci_pci, rca, ubiquity
from indicators.complexity_income import expy, prody
from indicators.complexity_space import around, closeness, cog, coi, density, proximity

NESTED = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0]], dtype=bool)
ROOT6 = 6.0**0.5
PCI = np.array([-3.0, 3.0, 9.0]) / ROOT6
TRADE = np.array([[2.0, 0.0], [1.0, 1.0]])
seeds = st.integers(min_value=0, max_value=2**32 - 1)


def exports(seed: int, countries: int = 12, products: int = 30) -> np.ndarray:
    """Random exports in which able countries make more, one country and one product empty."""
    rng = np.random.default_rng(seed)
    gap = np.linspace(0, 1, countries)[:, None] - np.linspace(0, 1, products)[None, :]
    x = rng.lognormal(0, 2, gap.shape) * (rng.random(gap.shape) < 0.15 + 0.8 / (1 + np.exp(-6 * gap)))
    x[rng.integers(countries)] = 0.0
    x[:, rng.integers(products)] = 0.0
    return x


def test_rca_by_hand() -> None:
    """X = 4, world shares 3/4 and 1/4; own shares 1, 0 and 1/2, 1/2 (Balassa 1965)."""
    np.testing.assert_allclose(rca(TRADE), [[4 / 3, 0], [2 / 3, 2]], rtol=1e-15)


def test_rca_of_nothing_is_not_zero() -> None:
    ratio = rca(np.array([[2.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]))
    assert np.isnan(ratio[2]).all() and np.isnan(ratio[:, 2]).all()
    assert np.isfinite(ratio[:2, :2]).all()


@pytest.mark.parametrize("bad", [[[1.0, -1.0]], [[1.0, np.nan]], [[np.inf, 1.0]], [1.0, 2.0]])
def test_exports_that_are_none_are_refused(bad: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="countries x products matrix of exports"):
        rca(np.array(bad))


def test_advantage_begins_at_one() -> None:
    np.testing.assert_array_equal(advantage(np.array([[1.0, 0.999, np.nan, 2.0]])), [[True, False, False, True]])


def test_diversity_and_ubiquity_by_hand() -> None:
    assert diversity(NESTED).tolist() == [3, 2, 1]
    assert ubiquity(NESTED).tolist() == [3, 2, 1]


def test_eci_and_pci_by_hand() -> None:
    """v = (2, -1, -4), mean -1, sd root 6; q = mean v over exporters over 1/4 = (-4, 2, 8)."""
    eci, pci = eci_pci(NESTED)
    np.testing.assert_allclose(eci, np.array([3, 0, -3]) / ROOT6, atol=1e-14)
    np.testing.assert_allclose(pci, PCI, atol=1e-14)


def test_who_has_no_advantage_or_stands_alone_has_no_index() -> None:
    """Country 3 has nothing, country 4 alone makes product 3, nobody makes product 4: the others are as without them."""
    m = np.zeros((5, 5), dtype=bool)
    m[:3, :3] = NESTED
    m[4, 3] = True
    eci, pci = eci_pci(m)
    np.testing.assert_allclose(eci, [3 / ROOT6, 0, -3 / ROOT6, np.nan, np.nan], atol=1e-14)
    np.testing.assert_allclose(pci, [*PCI, np.nan, np.nan], atol=1e-14)


@pytest.mark.parametrize("m", [np.ones((4, 4), dtype=bool), np.zeros((4, 4), dtype=bool), np.eye(4, dtype=bool)])
def test_index_that_is_not_defined_is_refused(m: np.ndarray) -> None:
    """All alike: the second eigenvalue is 0. Nothing, or nobody shares a product: no three countries to compare."""
    with pytest.raises(ValueError, match=r"second eigenvalue|three or more countries"):
        eci_pci(m)


def test_eci_of_a_country_outside_by_hand() -> None:
    """Advantage in products 1 and 2: mean of 3 and 9 over root 6. A product without PCI is left out; nothing known gives NaN."""
    found = eci_from_pci(np.array([[0, 1, 1, 1], [0, 0, 0, 1]], dtype=bool), np.array([*PCI, np.nan]))
    np.testing.assert_allclose(found, [6 / ROOT6, np.nan], atol=1e-14)


def test_proximity_by_hand() -> None:
    np.testing.assert_allclose(proximity(NESTED), [[1, 2 / 3, 1 / 3], [2 / 3, 1, 1 / 2], [1 / 3, 1 / 2, 1]], rtol=1e-15)


def test_density_by_hand() -> None:
    """Proximities around the products sum to 2, 13/6 and 11/6, each with itself."""
    found = density(NESTED, NESTED)
    np.testing.assert_allclose(found, [[1, 1, 1], [5 / 6, 10 / 13, 5 / 11], [1 / 2, 4 / 13, 2 / 11]], rtol=1e-14)


def test_outlook_by_hand() -> None:
    """Country 0 lacks nothing; country 1 lacks product 2; country 2 lacks 1 and 2."""
    d = density(NESTED, NESTED)
    np.testing.assert_allclose(coi(NESTED, d, PCI), np.array([0, 5 / 11 * 9, 4 / 13 * 3 + 2 / 11 * 9]) / ROOT6, atol=1e-14)


def test_outlook_gain_by_hand() -> None:
    found = cog(NESTED, NESTED, density(NESTED, NESTED), PCI) * ROOT6
    np.testing.assert_allclose(found, [[0, 0, 0], [0, 0, 9 / 11], [0, 6 / 13 + 27 / 11, 9 / 13 + 36 / 11]], atol=1e-13)


def test_products_and_countries_without_advantage_change_nothing_else() -> None:
    m = np.zeros((4, 4), dtype=bool)
    m[:3, :3] = NESTED
    pci = np.array([*PCI, np.nan])
    phi = proximity(m)
    d = density(m, m)
    assert np.isnan(phi[3]).all() and np.isnan(phi[:, 3]).all()
    assert np.isnan(d[3]).all() and np.isnan(d[:, 3]).all()
    np.testing.assert_allclose(d[:3, :3], density(NESTED, NESTED), rtol=1e-14)
    np.testing.assert_allclose(coi(m, d, pci)[:3], coi(NESTED, d[:3, :3], PCI), atol=1e-13)
    gain = cog(m, m, d, pci)
    np.testing.assert_allclose(gain[:3, :3], cog(NESTED, NESTED, d[:3, :3], PCI), atol=1e-13)
    assert np.isnan(gain[3]).all() and np.isnan(gain[:, 3]).all() and np.isnan(coi(m, d, pci)[3])


def test_income_content_by_hand() -> None:
    """Shares (1, 0) and (1/2, 1/2), incomes 10 and 40: PRODY (10 + 20) / 1.5 = 20 and 40; EXPY 20 and 30."""
    found = prody(TRADE, np.array([10.0, 40.0]))
    np.testing.assert_allclose(found, [20, 40], rtol=1e-15)
    np.testing.assert_allclose(expy(TRADE, found), [20, 30], rtol=1e-15)


def test_income_that_is_not_known_is_left_out() -> None:
    """Without country 1 nobody of the panel makes product 1: no PRODY, and EXPY reads product 0 alone."""
    found = prody(TRADE, np.array([10.0, np.nan]))
    np.testing.assert_array_equal(found, [10, np.nan])
    np.testing.assert_array_equal(expy(TRADE, found), [10, 10])
    with pytest.raises(ValueError, match="expected 2 values, one a country"):
        prody(TRADE, np.array([10.0]))


@settings(deadline=None, max_examples=40)
@given(seed=seeds, factor=st.sampled_from([2.0**-20, 0.5, 1024.0]))
def test_unit_of_exports_does_not_matter(seed: int, factor: float) -> None:
    x = exports(seed)
    np.testing.assert_array_equal(rca(x * factor), rca(x))


@settings(deadline=None, max_examples=40)
@given(seed=seeds)
def test_order_of_countries_and_products_does_not_matter(seed: int) -> None:
    x, rng = exports(seed), np.random.default_rng(seed)
    rows, columns = rng.permutation(x.shape[0]), rng.permutation(x.shape[1])
    m, moved = advantage(rca(x)), advantage(rca(x[np.ix_(rows, columns)]))
    eci, pci = eci_pci(m)
    eci_moved, pci_moved = eci_pci(moved)
    np.testing.assert_allclose(eci_moved, eci[rows], atol=1e-8)
    np.testing.assert_allclose(pci_moved, pci[columns], atol=1e-8)
    np.testing.assert_array_equal(proximity(moved), proximity(m)[np.ix_(columns, columns)])
    np.testing.assert_allclose(density(moved, moved), density(m, m)[np.ix_(rows, columns)], rtol=1e-12)


@settings(deadline=None, max_examples=40)
@given(seed=seeds)
def test_bounds_and_identities(seed: int) -> None:
    m = advantage(rca(exports(seed)))
    phi = proximity(m)
    d, near = density(m, m), phi[np.isfinite(phi)]
    assert near.min() >= 0 and near.max() <= 1 and np.nanmin(d) >= 0 and np.nanmax(d) <= 1 + 1e-12
    np.testing.assert_array_equal(phi, phi.T)
    eci, pci = eci_pci(m)
    assert abs(np.nanmean(eci)) < 1e-9 and np.nanstd(eci) == pytest.approx(1, abs=1e-9)
    known = np.isfinite(eci)
    assert np.corrcoef(diversity(m)[known], eci[known])[0, 1] >= 0
    np.testing.assert_allclose(eci_from_pci(m, pci)[known], eci[known], atol=1e-8)


@settings(deadline=None, max_examples=40)
@given(seed=seeds)
def test_sums_around_products_need_no_square_matrix(seed: int) -> None:
    """`around` is a product with `proximity`, also when proximity is read from some of the countries only."""
    m = advantage(rca(exports(seed)))
    reference, w = m[::2], np.random.default_rng(seed).normal(size=(3, m.shape[1]))
    phi = np.nan_to_num(proximity(reference))
    np.testing.assert_allclose(around(w, reference), w @ phi, atol=1e-12)
    np.testing.assert_allclose(np.nan_to_num(closeness(reference)), phi.sum(axis=0), rtol=1e-13)


@settings(deadline=None, max_examples=40)
@given(seed=seeds)
def test_more_advantage_is_never_farther(seed: int) -> None:
    """With proximities held, a product added to a basket lowers no density, and COI moves by COG less p's own term."""
    m = advantage(rca(exports(seed)))
    d, (_, pci) = density(m, m), eci_pci(m)
    candidates = np.argwhere(~m & np.isfinite(d) & np.isfinite(pci)[None, :])
    c, p = candidates[seed % len(candidates)]
    more = m.copy()
    more[c, p] = True
    d_more = density(more, m)
    assert (d_more[c] >= d[c] - 1e-12)[np.isfinite(d[c])].all()
    moved = coi(more, d_more, pci)[c] - coi(m, d, pci)[c]
    assert moved == pytest.approx(cog(m, m, d, pci)[c, p] - pci[p] / closeness(m)[p], abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(seed=seeds)
def test_income_content_lies_between_incomes(seed: int) -> None:
    x = exports(seed)
    income = np.random.default_rng(seed).lognormal(9, 1, x.shape[0])
    found = prody(x, income)
    assert np.nanmin(found) >= income.min() * (1 - 1e-12) and np.nanmax(found) <= income.max() * (1 + 1e-12)
    richer = income.copy()
    richer[0] *= 2
    assert (prody(x, richer) >= found * (1 - 1e-12))[np.isfinite(found)].all()
