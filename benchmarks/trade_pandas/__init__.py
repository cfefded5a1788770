"""The peer of the trade suite: what an economist would write in pandas and py-ecomplexity, without tricks and without sabotage.

The same rules and the same tables as the models in TABLES, a file a year each, sorted by the model's key, from the raw rows of BACI in
the lake: nothing that was computed of flows is read from the warehouse. Written from the rules, and so a check of the numbers (check.py).
It knows BACI alone: no reports of exporters and importers, no partial years, and the columns for them are empty. The numbers that the
models give to countries and headings for their matrices have no counterpart.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from trade_pandas import complexity, flows, governance, ladder, product, structure, survival, upgrading
from trade_pandas.study import TABLES, Study

__all__ = ["TABLES", "in_pandas", "of_years"]


def in_pandas(root: Path, year: int, folder: Path | None = None) -> tuple[float, dict[str, float]]:
    """`of_years` for one year, as if the lake held no other; by default it writes below `root`/pandas."""
    return of_years(root, [year], folder or root / "pandas")


def of_years(root: Path, years: Sequence[int], folder: Path) -> tuple[float, dict[str, float]]:
    """(seconds, table -> seconds) of years in the lake below `root`, from reading their Parquet to writing all tables below `folder`."""
    study = Study(root, sorted(years), folder)
    began = time.perf_counter()
    for year in study.years:
        _one_year(study, year)
    base = ladder.base_prices(study)
    for year in study.years:
        _with_other_years(study, year, base)
    for year in study.years:
        upgrading.chain_kr(study, year, upgrading.market_share(study, year))
    return time.perf_counter() - began, study.seconds


def _one_year(study: Study, year: int) -> None:
    """Tables that read one year of trade."""
    study.constants["year"] = year
    rows = flows.read_flows(study, year)
    archives = flows.publications(study, flows.editions(study, rows))
    rows = flows.with_status(study, rows, archives)
    flows.account(study, rows)
    trade = flows.trade(study, rows)
    del rows
    is_whole = flows.coverage(study, trade)
    products = product.country(study, trade)
    product.prices(study, products, is_whole)
    product.premium(study, trade, products)
    partners = structure.pairs(study, trade)
    measured = structure.country(study, products)
    sold = structure.markets(study, trade, partners, year)
    evidence = structure.evidence(study, partners)
    grid = structure.grid(study, products, is_whole)
    shares = structure.shares(study, grid, measured, evidence, sold)
    headings = structure.exports_hs4(study, products, is_whole)
    structure.groups(study, year, shares, measured, products)
    staged = ladder.flows(study, trade)
    chains = ladder.partners(study, staged)
    ladder.code_prices(study, trade)
    ladder.reexport(study, products)
    covered = ladder.coverage(study, products, is_whole)
    ladder.grid(study, covered, chains)
    upgrading.report_error(study, chains)
    bought = governance.buyers(study, staged)
    governance.relations(study, bought, year)
    survival.flows(study, trade)
    complexity.measures(study, complexity.cells(study, headings), year)


def _with_other_years(study: Study, year: int, base: pd.DataFrame) -> None:
    """Tables that read prices or flows of other years beside their own. `base`: mean prices of the base years."""
    here = [year]
    study.constants["year"] = year
    study.constants |= study.read("int_trade__vintages", here).iloc[0].to_dict()
    trade = study.read("fct_trade", here, ["exporter", "hs6", "value_kusd", "quantity_t"])
    staged = study.read("int_ladder__flows", here)
    stages = ladder.country_stage(study, trade, staged, base)
    del trade
    positions = ladder.position(study, study.read("int_ladder__grid", here), stages, study.read("int_ladder__reexport", here))
    ladder.own_origin(study, positions, staged)
    upgrading.product_kr(study, year)
    upgrading.chain_stage(study, year)
    governance.growth(study, year)
    survival.events(study, year)
    prody = complexity.income(study, year)
    found = study.read("int_complexity__country_measures", here)
    shares, cells = study.read("int_structure__shares", here), study.read("int_complexity__cells", here)
    complexity.country(study, shares, cells, found, prody, year)
