"""Income content of products and of export baskets (Hausmann, Hwang & Rodrik 2007).

What belongs here: pure functions over one country x product matrix of exports and the income of the countries.
"""

from __future__ import annotations

import numpy as np

from indicators.complexity import Floats, as_exports


def prody(x: Floats, gdp_per_head: Floats) -> Floats:
    """Income of a product's exporters: mean GDP per head, weighted by the shares that the product has in their exports.

    PRODY_p = sum_c w_cp Y_c with w_cp = (x_cp / X_c) / sum_c' (x_c'p / X_c'). Shares, not values, so that a large country does
    not stand for the product (Hausmann, Hwang & Rodrik 2007, equation 8).

    x: exports, C x P, >= 0. gdp_per_head: C, one price basis (PPP, constant); NaN: the country is left out of all sums.
    Returns P, in the unit of gdp_per_head, between its least and its greatest value; NaN for a product that no country with a
    known income exports. Raises ValueError as `rca` does, and when the lengths differ.
    """
    exports, income = as_exports(x), np.asarray(gdp_per_head, dtype=np.float64)
    if income.shape != (exports.shape[0],):
        raise ValueError(f"gdp_per_head: expected {exports.shape[0]} values, one a country, found shape {income.shape}")
    panel = np.isfinite(income) & (exports.sum(axis=1) > 0)
    shares = exports[panel] / exports[panel].sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (income[panel] @ shares) / shares.sum(axis=0)


def expy(x: Floats, prody_of_products: Floats) -> Floats:
    """Income content of a basket: mean PRODY weighted by the country's exports (Hausmann, Hwang & Rodrik 2007, equation 9).

    EXPY_c = sum_p (x_cp / X_c) PRODY_p. Products without PRODY are left out of the sum and of X_c.
    x: exports, C x P, >= 0; prody_of_products: P. Returns C, in the unit of PRODY; NaN for a country without such exports.
    """
    exports = as_exports(x)
    known = np.isfinite(prody_of_products)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (exports[:, known] @ prody_of_products[known]) / exports[:, known].sum(axis=1)
