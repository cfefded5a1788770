"""Many lists at once give what each list gives alone; a country outside the reference set moves no index."""

from __future__ import annotations

import numpy as np
import pytest

from indicators.complexity import advantage, eci_pci, rca
from indicators.complexity_lists import country_measures, country_product_measures, product_measures
from indicators.complexity_space import coi, density


def nested(seed: int, countries: int, products: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    gap = np.linspace(0, 1, countries)[:, None] - np.linspace(0, 1, products)[None, :]
    x = rng.lognormal(3, 1, gap.shape) * (rng.random(gap.shape) < 1 / (1 + np.exp(-6 * gap)))
    x[-1] += 1.0  # every product is exported by somebody, every country exports something
    x[:, 0] += 1.0
    return x


def rows(list_no: int, x: np.ndarray, outside: int | None = None) -> dict[str, np.ndarray]:
    """Long rows of one matrix; countries are numbered from 100, products from 1000, to be told from positions."""
    c, p = np.nonzero(x)
    return {
        "list_no": np.full(len(c), list_no, dtype=np.int32),
        "country_no": (c + 100).astype(np.int32),
        "product_no": (p + 1000).astype(np.int32),
        "export_kusd": x[c, p],
        "is_reference": c != outside if outside is not None else np.ones(len(c), dtype=bool),
    }


def test_two_lists_in_any_order_are_two_matrices() -> None:
    small, large = nested(1, 10, 20), nested(2, 15, 30)
    one, two = rows(7, small), rows(3, large)
    mixed = np.random.default_rng(0).permutation(len(one["list_no"]) + len(two["list_no"]))
    given = {name: np.concatenate([one[name], two[name]])[mixed] for name in one}
    countries, products, cells = country_measures(**given), product_measures(**given), country_product_measures(**given)
    assert countries["list_no"].tolist() == [3] * 15 + [7] * 10
    assert len(products["pci"]) == 50 and len(cells["rca"]) == 10 * 20 + 15 * 30
    for number, x in ((7, small), (3, large)):
        m = advantage(rca(x))
        (eci, pci), d = eci_pci(m), density(m, m)
        mine = countries["list_no"] == number
        np.testing.assert_allclose(countries["eci"][mine], eci, atol=1e-10)
        np.testing.assert_allclose(countries["coi"][mine], coi(m, d, pci), atol=1e-10)
        np.testing.assert_array_equal(countries["diversity"][mine], m.sum(axis=1))
        np.testing.assert_array_equal(products["pci"][products["list_no"] == number], pci)
        mine = cells["list_no"] == number
        np.testing.assert_array_equal(cells["rca"][mine].reshape(x.shape), rca(x))
        np.testing.assert_array_equal(cells["density"][mine].reshape(x.shape), d)
        assert cells["country_no"][mine].tolist() == np.repeat(np.arange(len(x)) + 100, x.shape[1]).tolist()
        assert cells["product_no"][mine].tolist() == np.tile(np.arange(x.shape[1]) + 1000, len(x)).tolist()


def test_a_country_outside_the_reference_set_has_an_index_and_moves_none() -> None:
    """World totals keep it (RCA), the eigenvector does not: its ECI is the mean PCI of what it has advantage in."""
    x = nested(5, 12, 25)
    given = rows(1, x, outside=4)
    m = advantage(rca(x))
    eci, pci = eci_pci(np.delete(m, 4, axis=0))
    np.testing.assert_array_equal(product_measures(**given)["pci"], pci)
    found = country_measures(**given)["eci"]
    np.testing.assert_allclose(np.delete(found, 4), eci, atol=1e-10)
    assert found[4] == pytest.approx(np.nanmean(pci[m[4]]))


def test_no_list_gives_empty_columns() -> None:
    empty = {name: values[:0] for name, values in rows(1, nested(1, 4, 6)).items()}
    assert {name: len(values) for name, values in country_product_measures(**empty).items()} == dict.fromkeys(
        ("list_no", "country_no", "product_no", "rca", "density"), 0
    )


def test_a_list_without_index_is_named() -> None:
    with pytest.raises(ValueError, match="list 9: m: expected"):
        country_measures(**rows(9, np.ones((4, 4))))
