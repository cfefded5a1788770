"""What all tables of the pandas version share: rules, lists of codes and groups, grades, how a table is written and read again."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

SMALL = {
    "files": "select sha256, preference, source_vintage, data_origin from stg_landing__files "
    "where table_name = 'raw_baci__flows' and status = 'accepted'",
    "country_codes": "select code, iso3 from country_codes where scheme = 'baci'",
    "revisions": "select classification_code, hs6_from, hs6_hs1996 from hs_revisions_to_hs1996",
    "countries": "select iso3, region from dim_country",
    "members": "select iso3 from v_acp_current",
    "products": "select * from dim_product_hs6",
    "chains": "select chain_id, hs6, stage, raw_equiv_factor from map_chain_product where not shared_code",
    "deforestation": "select hs_prefix from eudr_products",
    "memberships": "select membership.group_id, kind, iso3, valid_from, valid_to from dim_country_group_membership as membership "
    "inner join dim_country_group using (group_id)",
    "release": "select data_date from dim_release",
    "incomes": "select iso3, year, value as income from int_context__series where indicator_id = 'gdp_per_capita_ppp'",
}
# every table that is written: the part of its key that is not the same in every row of a year
TABLES = {
    "stg_baci__editions": "sha256 hs_revision baci_version is_complete",
    "int_trade__baci_rows": "sha256 row_status status_reason hs6",
    "int_trade__row_status": "sha256 row_status status_reason",
    "int_trade__vintages": "source_vintage",
    "fct_trade": "exporter importer hs6",
    "int_trade__coverage": "n_hs6",
    "int_product__country": "iso3 hs6",
    "int_product__prices": "iso3 hs6",
    "int_unit_value__premium": "iso3 chain_id",
    "int_structure__pairs": "exporter importer",
    "int_structure__country": "iso3",
    "int_structure__markets": "iso3",
    "int_structure__evidence": "iso3",
    "int_structure__grid": "iso3",
    "int_structure__shares": "iso3",
    "int_structure__exports_hs4": "iso3 hs4",
    "int_groups__members": "group_id membership_mode iso3",
    "int_groups__structure": "group_id membership_mode",
    "int_ladder__flows": "exporter importer chain_id stage",
    "int_ladder__partners": "iso3 chain_id",
    "int_ladder__code_prices": "hs6",
    "int_ladder__prices": "hs6",
    "int_ladder__country_stage": "iso3 chain_id stage",
    "int_ladder__reexport": "iso3 chain_id",
    "int_ladder__coverage": "chain_id",
    "int_ladder__grid": "iso3 chain_id",
    "int_ladder__position": "iso3 chain_id",
    "int_ladder__own_origin": "iso3 chain_id",
    "int_governance__buyers": "iso3 chain_id importer",
    "int_governance__relations": "iso3 chain_id",
    "int_governance__growth": "iso3 chain_id",
    "int_survival__flows": "exporter importer hs6",
    "int_survival__events": "iso3 chain_id age_years",
    "int_product__kr": "iso3 hs6",
    "int_unit_value__chain_stage": "iso3 chain_id stage",
    "int_unit_value__report_error": "iso3 chain_id",
    "int_market_share__windows": "iso3 chain_id",
    "int_unit_value__kr": "iso3 chain_id",
    "int_complexity__cells": "iso3 hs4",
    "int_complexity__country_measures": "iso3",
    "int_complexity__product_measures": "hs4",
    "int_complexity__country_product_measures": "iso3 hs4",
    "int_complexity__product": "hs4",
    "int_complexity__country_product": "iso3 hs4",
    "int_complexity__income": "hs4",
    "int_complexity__grid": "iso3",
    "int_complexity__country": "iso3",
}
OF_A_FLOW, OF_A_COUNTRY = "source hs_revision year source_vintage data_origin", "source year source_vintage data_origin"
WITHOUT_PRICE = ("7108", "7102", "2709", "2710", "2711", "88", "89")


class Study:
    """Inputs of one run, the folder that it writes to, and seconds by table.

    Tables of flows and everything made of them come from the lake; the warehouse gives only lists: codes, chains, groups, files, incomes.
    """

    def __init__(self, root: Path, years: list[int], folder: Path) -> None:
        import duckdb
        import yaml

        from ingestion.settings import REPO_ROOT, Home

        home = Home(root, "sample")
        self.lake, self.years, self.folder = home.lake, years, folder
        self.rules = yaml.safe_load((REPO_ROOT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
        with duckdb.connect(home.warehouse / "acpgvc.duckdb", read_only=True) as con:
            small = {name: con.execute(sql).df() for name, sql in SMALL.items()}
        self.files, self.country_codes, self.revisions = small["files"], small["country_codes"], small["revisions"]
        self.countries, self.members, self.products = small["countries"], small["members"], small["products"]
        self.chains, self.memberships, self.incomes = small["chains"], small["memberships"], small["incomes"]
        self.deforestation = tuple(small["deforestation"]["hs_prefix"])
        self.data_date = pd.Timestamp(small["release"]["data_date"].iloc[0])
        self.constants: dict[str, Any] = {"source": "baci", "hs_revision": "HS1996"}
        self.seconds: dict[str, float] = {}
        self._mark = time.perf_counter()

    def write(self, name: str, table: pd.DataFrame, constants: str = "source year") -> pd.DataFrame:
        """Sort by the key, add the columns that are, write one file of the year."""
        table = table.sort_values(TABLES[name].split(), ignore_index=True)
        for column in constants.split():
            table[column] = self.constants[column]
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        table.to_parquet(folder / f"year={self.constants['year']}.parquet", compression="zstd", index=False)
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._mark
        self._mark = now
        return table

    def read(self, name: str, years: Iterable[int], columns: list[str] | None = None) -> pd.DataFrame:
        """Rows of a table that this run wrote, for those of `years` that it has."""
        files = [self.folder / name / f"year={year}.parquet" for year in years if year in self.years]
        if not files:
            files = [self.folder / name / f"year={self.years[0]}.parquet"]
            return pd.read_parquet(files[0], columns=columns).head(0)
        return pd.concat([pd.read_parquet(file, columns=columns) for file in files], ignore_index=True)

    def in_force(self, day: pd.Timestamp) -> pd.DataFrame:
        """Memberships of groups that hold on a day."""
        dated = self.memberships
        return dated[~(dated["valid_from"] > day) & ~(dated["valid_to"] <= day)]


def middle_of(year: int) -> pd.Timestamp:
    """The day on which the memberships of a year are read."""
    return pd.Timestamp(year, 7, 1)


def text(conditions: list[tuple[Any, Any]], default: Any = None) -> np.ndarray:
    """The word of the first condition that holds, row by row."""
    return np.select([np.asarray(c, dtype=bool) for c, _ in conditions], [np.asarray(w, dtype=object) for _, w in conditions], default)


def grade(
    is_null: pd.Series,
    n_partners: pd.Series | None = None,
    mirror_gap: pd.Series | None = None,
    quantity_share: pd.Series | None = None,
    is_bad: pd.Series | None = None,
    is_partial: pd.Series | None = None,
) -> np.ndarray:
    """Quality from A to D (indicator rules, section 9): the first line that holds. `is_bad`: mirror data only, modelled or transit."""
    never = pd.Series(False, index=is_null.index)
    gap, weighed = mirror_gap, quantity_share
    return text(
        [
            (is_null, "D"),
            (never if n_partners is None else n_partners < 3, "D"),
            (never if gap is None else gap > 1.0, "D"),
            (never if weighed is None else weighed < 0.3, "D"),
            (never if weighed is None else weighed < 0.7, "C"),
            (never if gap is None else gap > 0.3, "C"),
            (never if is_bad is None else is_bad, "C"),
            (never if gap is None else gap.isna() | (gap > 0.1), "B"),
            (never if weighed is None else weighed.isna() | (weighed < 0.9), "B"),
            (never if is_partial is None else is_partial, "B"),
        ],
        "A",
    )


def quantile(values: pd.Series, by: pd.Series, q: float) -> pd.Series:
    """The smallest value of each group that at least a share q of the group does not exceed."""
    return values.dropna().groupby(by).agg(lambda group: np.quantile(group, q, method="inverted_cdf"))
