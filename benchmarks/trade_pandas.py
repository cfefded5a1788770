"""The peer of the trade suite: what an economist would write in pandas for one year of BACI, without tricks and without sabotage.

Same rules and same indices as the models in `trade_suite.SAME_AS_PANDAS`. The peer writes its tables of results, as the models do. It does
less in four ways: no file of cleaned flows, no grade and no reason for what is missing, and flows of territories that share a country
are not merged.
"""

from __future__ import annotations

import time
from pathlib import Path

COLUMNS = ["exporter_code", "importer_code", "hs6", "value_kusd", "quantity_t"]


def in_pandas(root: Path, year: int) -> tuple[float, int]:
    """(seconds, number of country-product pairs) of the year in the lake below `root`, from reading its Parquet to writing the results."""
    import numpy as np
    import pandas as pd
    import yaml

    from ingestion.sample.names import COUNTRIES
    from ingestion.settings import REPO_ROOT, Home

    files = sorted((Home(root, "sample").lake / "raw_baci__flows" / f"year={year}").glob("*.parquet"))
    project = REPO_ROOT / "dbt_project"
    rules = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    chains = pd.read_csv(project / "seeds" / "chain_ladder.csv", dtype=str, keep_default_na=False)
    iso3 = {str(int(country.baci_code)): code for code, country in COUNTRIES.items() if country.baci_code}
    began = time.perf_counter()

    flows = pd.concat([pd.read_parquet(file, columns=COLUMNS) for file in files], ignore_index=True)
    flows["v"] = flows["value_kusd"].astype(float)
    flows["exporter"], flows["importer"] = flows["exporter_code"].map(iso3), flows["importer_code"].map(iso3)
    flows = flows[flows["exporter"] != flows["importer"]]

    # weights that give a unit value far from the median of the code are set aside
    uv = (flows["v"] / flows["quantity_t"]).where((flows["quantity_t"] > 0) & (flows["v"] > 0))
    median, factor = uv.groupby(flows["hs6"]).transform("median"), rules["quantity_outlier_factor"]
    flows["q"] = flows["quantity_t"].where(uv.between(median / factor, median * factor))
    has_price = (flows["q"] >= rules["unit_value_min_tonnes"]) & (flows["v"] >= rules["unit_value_min_kusd"])
    flows["price_v"], flows["price_q"], flows["price_uv"] = flows["v"].where(has_price), flows["q"].where(has_price), uv.where(has_price)
    flows["unweighed_v"] = flows["v"].where(flows["q"].isna(), 0.0)

    # country and product: both directions, shares, Balassa, unit values, relative unit values
    products = flows.groupby(["exporter", "hs6"], as_index=False).agg(
        v=("v", "sum"),
        q=("q", "sum"),
        unweighed_v=("unweighed_v", "sum"),
        price_v=("price_v", "sum"),
        price_q=("price_q", "sum"),
        n_prices=("price_uv", "count"),
        median_uv=("price_uv", "median"),
        n_partners=("importer", "count"),
    )
    imports = flows.groupby(["importer", "hs6"], as_index=False).agg(import_v=("v", "sum"), import_q=("q", "sum"))
    products = products.merge(imports.rename(columns={"importer": "exporter"}), on=["exporter", "hs6"], how="outer")
    products["v"] = products["v"].fillna(0.0)
    by_code, by_country = products.groupby("hs6"), products.groupby("exporter")
    world, country = by_code["v"].transform("sum"), by_country["v"].transform("sum")
    products["share"] = products["v"] / world
    products["rca"] = products["share"] / (country / products["v"].sum())
    products["rca_symmetric"] = (products["rca"] - 1) / (products["rca"] + 1)
    products["uv"] = products["price_v"] / products["price_q"].where(products["price_q"] > 0)
    weight = products["price_v"].where(products["uv"].notna(), 0.0)
    log_value = (weight * np.log(products["uv"])).fillna(0.0)
    others = weight.groupby(products["hs6"]).transform("sum") - weight
    reference = np.exp((log_value.groupby(products["hs6"]).transform("sum") - log_value) / others.where(others > 0))
    is_comparable = (products["share"] <= rules["unit_value_max_own_share"]) & (products["n_prices"] >= rules["unit_value_min_flows"])
    ln_ruv = np.log(products["uv"] / reference).where(is_comparable)
    bounds = ln_ruv.groupby(products["hs6"]).quantile([0.01, 0.99], interpolation="lower").unstack()
    floor, ceiling = products["hs6"].map(bounds[0.01]), products["hs6"].map(bounds[0.99])
    products["ruv"] = np.exp(ln_ruv.clip(floor, ceiling))

    # country: lines, concentration, entropy
    products["s"] = products["v"] / country
    products["s2"], products["s_ln_s"] = products["s"] ** 2, products["s"] * np.log(products["s"].where(products["s"] > 0))
    countries = products.groupby("exporter").agg(
        v=("v", "sum"),
        import_v=("import_v", "sum"),
        hhi=("s2", "sum"),
        sum_share_ln_share=("s_ln_s", "sum"),
        n_lines=("v", np.count_nonzero),
    )

    # chains: stages, then buyers
    codes = chains.loc[chains["shared_code"] != "true", ["hs6", "chain_id", "stage"]].drop_duplicates()
    staged = flows.merge(codes, on="hs6")
    keys = ["exporter", "importer", "chain_id"]
    cells = staged.groupby([*keys, "stage"], as_index=False).agg(v=("v", "sum"), q=("q", "sum"), unweighed_v=("unweighed_v", "sum"))
    buyers = cells.groupby(keys, as_index=False).agg(v=("v", "sum"), unweighed_v=("unweighed_v", "sum"))
    buyers["share"] = buyers["v"] / buyers.groupby(["exporter", "chain_id"])["v"].transform("sum")
    buyers["share2"] = buyers["share"] ** 2
    sold = (
        buyers.sort_values("share")
        .groupby(["exporter", "chain_id"])
        .agg(
            v=("v", "sum"),
            unweighed_v=("unweighed_v", "sum"),
            n_partners=("v", "count"),
            hhi=("share2", "sum"),
            top_share=("share", "last"),
            top_buyer=("importer", "last"),
        )
    )
    sold["world_share"] = sold["v"] / sold.groupby("chain_id")["v"].transform("sum")

    for name, table in {"products": products, "countries": countries, "cells": cells, "sold": sold}.items():
        table.to_parquet(root / f"pandas_{name}.parquet")
    return time.perf_counter() - began, len(products)
