"""Chains and their stages: who sells what to whom, prices, re-exports, position on the ladder, own origin."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trade_pandas.study import OF_A_COUNTRY, Study, grade, text

STAGES = range(4)
AMOUNTS = ["value_kusd", "value_without_quantity_kusd", "value_with_factor_kusd"]


def flows(study: Study, trade: pd.DataFrame) -> pd.DataFrame:
    """Flows by chain and stage."""
    staged = trade[["exporter", "importer", "hs6", "value_kusd", "quantity_t"]].merge(study.chains, on="hs6")
    staged["value_without_quantity_kusd"] = staged["value_kusd"].where(staged["quantity_t"].isna(), 0.0)
    staged["value_with_factor_kusd"] = staged["value_kusd"].where(staged["raw_equiv_factor"].notna(), 0.0)
    staged["raw_equivalent_t"] = staged["quantity_t"] * staged["raw_equiv_factor"]
    key = ["exporter", "importer", "chain_id", "stage"]
    table = staged.groupby(key, as_index=False).agg(
        value_kusd=("value_kusd", "sum"),
        value_without_quantity_kusd=("value_without_quantity_kusd", "sum"),
        value_with_factor_kusd=("value_with_factor_kusd", "sum"),
        quantity_t=("quantity_t", "sum"),
        n_weighed=("quantity_t", "count"),
        raw_equivalent_t=("raw_equivalent_t", "sum"),
        n_raw=("raw_equivalent_t", "count"),
    )
    table[AMOUNTS] = table[AMOUNTS].round(3)
    table["quantity_t"] = table["quantity_t"].where(table["n_weighed"] > 0)
    table["raw_equivalent_t"] = table["raw_equivalent_t"].where(table["n_raw"] > 0)
    table = table.drop(columns=["n_weighed", "n_raw"])
    table = table.assign(value_exporter_kusd=np.nan, value_importer_kusd=np.nan, is_importer_report=True, is_partial_year=False)
    return study.write("int_ladder__flows", table)


def partners(study: Study, staged: pd.DataFrame) -> pd.DataFrame:
    """What a country sells of a chain, and how concentrated its buyers are; areas not specified are no buyer."""
    key = ["exporter", "chain_id"]
    buyers = staged.groupby([*key, "importer"], as_index=False)[["value_kusd", "value_without_quantity_kusd"]].sum()
    table = buyers.groupby(key)[["value_kusd", "value_without_quantity_kusd"]].sum()
    named = buyers[(buyers["importer"] != "XXX") & (buyers["value_kusd"] > 0)].copy()
    named["share"] = named["value_kusd"] / named.groupby(key)["value_kusd"].transform("sum")
    named["share2"] = named["share"] ** 2
    top = named.sort_values(["share", "importer"]).groupby(key)
    table["n_partners"] = named.groupby(key).size()
    table["n_partners"] = table["n_partners"].fillna(0).astype(int)
    table["buyer_hhi"] = named.groupby(key)["share2"].sum()
    table["top_buyer_share"], table["top_buyer"] = top["share"].last(), top["importer"].last()
    table = table.reset_index().rename(columns={"exporter": "iso3", "value_kusd": "export_kusd"})
    world = table.groupby("chain_id")["export_kusd"].transform("sum")
    table["world_share"] = table["export_kusd"] / world.where(world > 0)
    table["quantity_share"] = 1 - table["value_without_quantity_kusd"] / table["export_kusd"].where(table["export_kusd"] > 0)
    table["export_kusd"] = table["export_kusd"].round(3)
    table = table.drop(columns="value_without_quantity_kusd").assign(mirror_gap=np.nan, is_mirror_only=False, is_partial_year=False)
    return study.write("int_ladder__partners", table, OF_A_COUNTRY)


def code_prices(study: Study, trade: pd.DataFrame) -> None:
    """World value over world quantity of a chain's code."""
    weighed = trade[trade["quantity_t"].notna() & trade["hs6"].isin(study.chains["hs6"])]
    sums = weighed.groupby("hs6")[["value_kusd", "quantity_t"]].sum()
    table = (sums["value_kusd"] / sums["quantity_t"]).rename("price_kusd_per_t").reset_index()
    study.write("int_ladder__code_prices", table, "hs_revision year")


def base_prices(study: Study) -> pd.DataFrame:
    """Mean price of a code over the base years."""
    prices = study.read("int_ladder__code_prices", base_years(study))
    table = prices.groupby("hs6", as_index=False).agg(base_price_kusd_per_t=("price_kusd_per_t", "mean"), n_years=("year", "count"))
    return study.write("int_ladder__prices", table, "hs_revision")


def base_years(study: Study) -> range:
    """Years of constant prices and of fixed weights."""
    return range(study.rules["price_base_first_year"], study.rules["price_base_last_year"] + 1)


def country_stage(study: Study, trade: pd.DataFrame, staged: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """A country's exports of a stage in current and constant prices and in raw equivalent, and its imports."""
    weighed = trade.loc[trade["quantity_t"].notna(), ["exporter", "hs6", "value_kusd", "quantity_t"]]
    weighed = weighed.merge(study.chains[["chain_id", "hs6", "stage"]], on="hs6")
    weighed = weighed.merge(base[["hs6", "base_price_kusd_per_t"]], on="hs6", how="left")
    weighed["constprice_kusd"] = weighed["quantity_t"] * weighed["base_price_kusd_per_t"]
    weighed["value_without_price_kusd"] = weighed["value_kusd"].where(weighed["base_price_kusd_per_t"].isna(), 0.0)
    key = ["exporter", "chain_id", "stage"]
    by_stage = staged.groupby(key)
    table = by_stage[AMOUNTS].sum()
    table["raw_equivalent_t"] = by_stage["raw_equivalent_t"].sum(min_count=1)
    table["constprice_kusd"] = weighed.groupby(key)["constprice_kusd"].sum(min_count=1)
    table["value_without_price_kusd"] = weighed.groupby(key)["value_without_price_kusd"].sum()
    imports = staged.groupby(["importer", "chain_id", "stage"])["value_kusd"].sum().rename("import_kusd").reset_index()
    table = table.reset_index().rename(columns={"exporter": "iso3"})
    table = table.merge(imports.rename(columns={"importer": "iso3"}), on=["iso3", "chain_id", "stage"], how="outer")
    amounts = [*AMOUNTS, "value_without_price_kusd", "import_kusd"]
    table[amounts] = table[amounts].fillna(0).round(3)
    return study.write("int_ladder__country_stage", table)


def reexport(study: Study, products: pd.DataFrame) -> pd.DataFrame:
    """Part of a chain's exports that imports of the same codes could cover, on tonnes where both sides have them."""
    sold = products[products["export_kusd"] > 0].merge(study.chains[["chain_id", "hs6"]], on="hs6")
    of_tonnes = np.minimum(sold["export_t"], sold["import_t"]) / sold["export_t"]
    of_value = np.minimum(sold["export_kusd"], sold["import_kusd"]) / sold["export_kusd"]
    sold["matched_kusd"] = of_tonnes.where((sold["export_t"] > 0) & (sold["import_t"] > 0), of_value) * sold["export_kusd"]
    sums = sold.groupby(["iso3", "chain_id"])[["matched_kusd", "export_kusd"]].sum()
    table = (sums["matched_kusd"] / sums["export_kusd"]).rename("reexport_ratio").reset_index()
    return study.write("int_ladder__reexport", table)


def chain_stages(study: Study) -> pd.DataFrame:
    """Stages of each chain, and whether its codes have factors beyond the raw material."""
    chains = study.chains.assign(has_factor=study.chains["raw_equiv_factor"].notna() & (study.chains["stage"] > 0))
    return chains.groupby("chain_id", as_index=False).agg(
        n_codes=("hs6", "count"),
        n_stages=("stage", "nunique"),
        first_stage=("stage", "min"),
        last_stage=("stage", "max"),
        has_factor_basis=("has_factor", "max"),
    )


def coverage(study: Study, products: pd.DataFrame, is_whole: bool) -> pd.DataFrame:
    """Which chains the year holds: all of a whole list, else those with every stage and enough codes."""
    loaded = study.chains[study.chains["hs6"].isin(products["hs6"].unique())]
    table = loaded.groupby("chain_id", as_index=False).agg(n_codes_loaded=("hs6", "count"), n_stages_loaded=("stage", "nunique"))
    table = table.merge(chain_stages(study), on="chain_id")
    is_enough = table["n_codes_loaded"] >= study.rules["chain_coverage_min_share"] * table["n_codes"]
    table["is_whole_list"] = is_whole
    table["is_covered"] = is_whole | ((table["n_stages_loaded"] == table["n_stages"]) & is_enough)
    table = table[["chain_id", "n_codes_loaded", "n_codes", "is_whole_list", "is_covered"]]
    return study.write("int_ladder__coverage", table)


def grid(study: Study, covered: pd.DataFrame, sold: pd.DataFrame) -> pd.DataFrame:
    """Every exporter of a chain and every member, with a reason where it has no value."""
    sold = sold.drop(columns=["source", "year", "source_vintage", "data_origin"])
    members = covered[["chain_id"]].merge(study.members, how="cross")
    cells = pd.concat([sold.loc[sold["export_kusd"] > 0, ["chain_id", "iso3"]], members]).drop_duplicates()
    table = cells.merge(covered[["chain_id", "is_whole_list", "is_covered"]], on="chain_id").merge(
        sold, on=["chain_id", "iso3"], how="left"
    )
    table["export_kusd"], table["n_partners"] = table["export_kusd"].fillna(0), table["n_partners"].fillna(0).astype(int)
    table[["is_mirror_only", "is_partial_year"]] = table[["is_mirror_only", "is_partial_year"]].fillna(False).astype(bool)
    table["null_reason"] = text(
        [
            (~table["is_covered"], "partial_coverage"),
            (table["export_kusd"] > 0, None),
            (table["is_whole_list"], "no_trade"),
        ],
        "not_reported",
    )
    table = table.drop(columns="is_covered")
    return study.write("int_ladder__grid", table, OF_A_COUNTRY)


def position(study: Study, grid: pd.DataFrame, stages: pd.DataFrame, reexported: pd.DataFrame) -> pd.DataFrame:
    """Mean stage of a country's exports on up to three bases: value, constant prices, raw equivalent."""
    rules, key = study.rules, ["iso3", "chain_id"]
    chains = chain_stages(study)
    stages = stages.drop(columns=["source", "year"]).merge(chains, on="chain_id")
    amounts = stages.groupby(key)[[*AMOUNTS, "value_without_price_kusd"]].sum()
    bases = {"x": "value_kusd", "p": "constprice_kusd", "r": "raw_equivalent_t"}
    for letter, column in bases.items():
        wide = stages.pivot_table(index=key, columns="stage", values=column, aggfunc="sum").reindex(columns=STAGES)
        amounts[[f"{letter}{stage}" for stage in STAGES]] = wide.reindex(amounts.index).fillna(0.0).to_numpy()
    amounts["earlier_import_kusd"] = stages[stages["stage"] < stages["last_stage"]].groupby(key)["import_kusd"].sum()
    amounts["last_export_kusd"] = stages[stages["stage"] == stages["last_stage"]].groupby(key)["value_kusd"].sum()
    amounts = amounts.fillna(0.0).reset_index()

    t = grid.drop(columns=["source", "year", "source_vintage", "data_origin", "is_whole_list"]).merge(chains, on="chain_id")
    t = t.merge(amounts, on=key, how="left").merge(reexported[[*key, "reexport_ratio"]], on=key, how="left")
    t["value_null_reason"] = text([(t["null_reason"].notna(), t["null_reason"]), (t["n_stages"] < 2, "not_applicable")])
    has_value, max_missing = t["value_null_reason"].isna(), 1 - rules["quantity_min_value_share"]
    totals = {letter: t[[f"{letter}{stage}" for stage in STAGES]].sum(axis=1, min_count=4) for letter in bases}
    # values have three decimals and limits one: rounded, a share that equals its limit does not depend on the last bit of a float
    least_held = (rules["raw_equivalent_min_share"] * t["value_kusd"]).round(6)
    most_missing = (max_missing * t["value_kusd"]).round(6)
    is_unweighed = t["value_without_quantity_kusd"].round(3) > most_missing
    t["constprice_null_reason"] = text(
        [
            (~has_value, t["value_null_reason"]),
            (is_unweighed, "no_quantity"),
            (t["value_without_price_kusd"].round(3) > most_missing, "insufficient_history"),
            (totals["p"] <= 0, "no_quantity"),
        ]
    )
    has_factors = t["has_factor_basis"] & ~(t["value_with_factor_kusd"].round(3) < least_held)
    t["rawequiv_null_reason"] = text(
        [
            (~has_value, t["value_null_reason"]),
            (~has_factors, "no_conversion_factor"),
            (is_unweighed | (totals["r"] <= 0), "no_quantity"),
        ]
    )
    reasons = {"x": "value_null_reason", "p": "constprice_null_reason", "r": "rawequiv_null_reason"}
    names = {"x": "value", "p": "constprice", "r": "rawequiv"}
    raw, final = pd.DataFrame(index=t.index), pd.DataFrame(index=t.index)
    for letter, name in names.items():
        total, exists = totals[letter].where(totals[letter] > 0), t[reasons[letter]].isna()
        t[f"pos_{name}"] = ((t[f"{letter}1"] + 2 * t[f"{letter}2"] + 3 * t[f"{letter}3"]) / (3 * total)).where(exists)
        raw[name], final[name] = (t[f"{letter}0"] / total).where(exists), (t[f"{letter}3"] / total).where(exists)
    positions = t[["pos_value", "pos_constprice", "pos_rawequiv"]]
    t["n_bases"] = positions.notna().sum(axis=1)
    t["position"] = positions.median(axis=1).where(t["n_bases"] >= 2)
    t["low"], t["high"] = positions.min(axis=1), positions.max(axis=1)
    t["position_null_reason"] = text([(~has_value, t["value_null_reason"]), (t["n_bases"] < 2, "below_min_obs")])
    for name, found, stage in (("raw", raw, t["first_stage"] == 0), ("final", final, t["last_stage"] == 3)):
        is_enough = found.notna().sum(axis=1) >= 2
        t[f"{name}_share"] = found.median(axis=1).where(stage & is_enough)
        t[f"{name}_share_low"], t[f"{name}_share_high"] = found.min(axis=1).where(stage), found.max(axis=1).where(stage)
        t[f"{name}_share_null_reason"] = text(
            [(~has_value, t["value_null_reason"]), (~stage, "not_applicable"), (~is_enough, "below_min_obs")]
        )
    for stage in STAGES:
        t[f"re{stage}"] = t[f"r{stage}"].where(t["pos_rawequiv"].notna())
    t["buyer_null_reason"] = text([(t["null_reason"].notna(), t["null_reason"]), (t["n_partners"] == 0, "below_min_obs")])
    t["is_transit"] = t["reexport_ratio"] > rules["transit_reexport_ratio"]
    t["is_assembly"] = (t["last_export_kusd"] > 0) & (t["earlier_import_kusd"] > rules["assembly_import_ratio"] * t["last_export_kusd"])
    words = pd.Series(np.where(t["is_transit"], "transit ", ""), index=t.index) + np.where(t["is_assembly"], "assembly", "")
    t["flags"] = words.str.split()
    used = [c for c in amounts.columns if c not in ("iso3", "chain_id", "x0", "x1", "x2", "x3")]
    t = t.drop(columns=[*used, "n_codes", "n_stages", "first_stage", "last_stage", "has_factor_basis"])
    return study.write("int_ladder__position", t, OF_A_COUNTRY)


def own_origin(study: Study, positions: pd.DataFrame, staged: pd.DataFrame) -> None:
    """Processed exports that imported raw material cannot explain."""
    rules, key = study.rules, ["iso3", "chain_id"]
    raw = staged[staged["stage"] == 0].groupby(["importer", "chain_id"])[[*AMOUNTS, "raw_equivalent_t"]].sum()
    raw = raw.reset_index().rename(columns={"importer": "iso3"})
    t = positions.merge(raw, on=key, how="left")
    processed, imported = t["re1"] + t["re2"] + t["re3"], t["raw_equivalent_t"].fillna(0)
    own = (processed - imported).clip(lower=0)
    t["null_reason"] = text(
        [
            (t["rawequiv_null_reason"].notna(), t["rawequiv_null_reason"]),
            (t["value_with_factor_kusd"] < rules["raw_equivalent_min_share"] * t["value_kusd"], "no_conversion_factor"),
            (t["value_without_quantity_kusd"] > (1 - rules["quantity_min_value_share"]) * t["value_kusd"], "no_quantity"),
            (t["re0"] + own <= 0, "zero_denominator"),
        ]
    )
    has_value = t["null_reason"].isna()
    t["own_origin_processing_ratio"] = (own / (t["re0"] + own)).where(has_value)
    t["raw_import_t"] = imported
    is_bad = t["is_mirror_only"] | t["is_transit"]
    t["dq_grade"] = grade(~has_value, t["n_partners"], t["mirror_gap"], t["quantity_share"], is_bad, t["is_partial_year"])
    columns = [*key, "null_reason", "own_origin_processing_ratio", "raw_import_t", "n_partners", "flags", "dq_grade"]
    study.write("int_ladder__own_origin", t[columns], OF_A_COUNTRY)
