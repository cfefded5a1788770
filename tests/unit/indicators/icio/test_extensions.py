"""Accounts of factors against pymrio 0.7.0 on its own test table (emissions, factor inputs), and refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from indicators.icio.extensions import factor_accounts
from indicators.icio.system import System, solve
from indicators.icio.table import BadTable

NAME = "pymrio_test_6x8"


@pytest.mark.parametrize(("extension", "row"), [("emissions", 0), ("emissions", 1), ("factor_inputs", 0)])
def test_pymrio_accounts(vectors: Any, extension: str, row: int) -> None:
    """S, M, D_cba, D_pba, D_imp, D_exp of each factor; in pymrio D_cba and D_imp are by absorber and product, summed over sellers."""
    system = vectors.system(NAME)
    factor = vectors.matrix(f"{NAME}/F_{extension}.csv")[row]
    found = factor_accounts(system, factor)

    def by_absorber_and_product(values: np.ndarray) -> np.ndarray:
        return values.reshape(6, 8, 6).sum(axis=0).T.ravel()

    mine = {
        "S": found.per_output,
        "M": found.multiplier,
        "D_cba": by_absorber_and_product(found.by_product),
        "D_imp": by_absorber_and_product(found.by_product_imported),
        "D_pba": factor,
        "D_exp": found.exports,
    }
    for account, values in mine.items():
        expected = vectors.matrix(f"{NAME}/expected/pymrio_{extension}_{account}.csv")[row]
        np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-12 * abs(expected).max(), err_msg=account)


def test_pymrio_accounts_by_region(vectors: Any) -> None:
    """By region pymrio adds what households emit directly (FY) to cba and pba; imp and exp have none."""
    system = vectors.system(NAME)
    for extension, row in (("emissions", 0), ("emissions", 1), ("factor_inputs", 0)):
        found = factor_accounts(system, vectors.matrix(f"{NAME}/F_{extension}.csv")[row])
        direct = vectors.matrix(f"{NAME}/FY_emissions.csv")[row].reshape(6, -1).sum(axis=1) if extension == "emissions" else 0.0
        abroad = found.footprint - np.diag(np.diagonal(found.footprint))
        mine = {"cba": found.cba + direct, "pba": found.pba + direct, "imp": abroad.sum(axis=0), "exp": abroad.sum(axis=1)}
        for account, values in mine.items():
            expected = vectors.matrix(f"{NAME}/expected/pymrio_{extension}_D_{account}_reg.csv")[row]
            np.testing.assert_allclose(values, expected, rtol=1e-9, err_msg=account)


def test_pymrio_inverse_and_trade(vectors: Any) -> None:
    system = vectors.system(NAME)
    expected = vectors.matrix(f"{NAME}/expected/pymrio_L.csv")
    np.testing.assert_allclose(system.b, expected, rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(system.exports, vectors.matrix(f"{NAME}/expected/pymrio_gross_trade_bilat_flows.csv"), rtol=1e-9)
    totals = vectors.matrix(f"{NAME}/expected/pymrio_gross_trade_totals.csv")
    np.testing.assert_allclose(system.exports_total, totals[:, 0], rtol=1e-9)
    np.testing.assert_allclose(system.exports.reshape(6, 8, 6).sum(axis=0).T.ravel(), totals[:, 1], rtol=1e-9)


def test_value_added_as_a_factor_is_the_content_of_exports(leather_system: System) -> None:
    """The same code: value added per output gives the origin matrix, and everything that is absorbed arises somewhere."""
    system = leather_system
    found = factor_accounts(system, system.v * system.x)
    np.testing.assert_allclose(found.content_of_exports.sum(axis=0), system.exporter_totals(), rtol=1e-12)
    np.testing.assert_allclose(found.cba, system.table.y.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.by_product.sum(axis=0), found.cba, rtol=1e-12)


def test_the_imported_part_arises_abroad(leather_system: System) -> None:
    """What final demand takes in from abroad is its footprint outside the diagonal, by product and by origin alike."""
    system = leather_system
    found = factor_accounts(system, np.arange(1.0, 10.0))
    abroad = found.footprint - np.diag(np.diagonal(found.footprint))
    np.testing.assert_allclose(found.by_product_imported.sum(axis=0), abroad.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(system.table.sum_by_country(found.exports), abroad.sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(found.pba, system.table.sum_by_country(np.arange(1.0, 10.0)), rtol=1e-12)


def test_a_factor_of_an_idle_industry_is_refused(leather_system: System) -> None:
    table = leather_system.table
    z, y = table.z.copy(), table.y.copy()
    z[4], z[:, 4], y[4] = 0.0, 0.0, 0.0
    with pytest.raises(BadTable, match="country TUR, sector leather: expected 0 where output is 0, found 7"):
        factor_accounts(solve(replace(table, z=z, y=y)), np.where(np.arange(9) == 4, 7.0, 1.0))


def test_factors_that_do_not_fit_are_refused(leather_system: System) -> None:
    with pytest.raises(BadTable, match="9 finite numbers, one an industry"):
        factor_accounts(leather_system, np.ones(8))
    with pytest.raises(BadTable, match="missing values"):
        factor_accounts(leather_system, np.full(9, np.nan))
