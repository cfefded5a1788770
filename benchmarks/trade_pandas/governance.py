"""Power between a country and its buyers in a chain, and buyers kept."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trade_pandas.study import Study, middle_of


def market(importers: pd.Series) -> pd.Series:
    """Belgium and Luxembourg reported as one: they are one market in all years."""
    return importers.where(importers != "LUX", "BEL")


def buyers(study: Study, staged: pd.DataFrame) -> pd.DataFrame:
    """Who buys a country's chain, and what the buyer buys of it from the whole world."""
    flows = staged[["exporter", "chain_id", "value_kusd"]].assign(importer=market(staged["importer"]))
    table = flows.groupby(["exporter", "chain_id", "importer"], as_index=False)["value_kusd"].sum()
    table["buyer_import_kusd"] = table.groupby(["chain_id", "importer"])["value_kusd"].transform("sum")
    table = table[(table["importer"] != "XXX") & (table["value_kusd"] > 0)].round(3)
    table = table.rename(columns={"exporter": "iso3"}).assign(is_buyer_reporting=True)
    return study.write("int_governance__buyers", table)


def relations(study: Study, bought: pd.DataFrame, year: int) -> None:
    """Dependence on buyers against theirs on the country, and the part that stays in its regional communities."""
    key = ["iso3", "chain_id"]
    in_force = study.in_force(middle_of(year))
    regional = in_force.loc[in_force["kind"].isin(["rec", "regional"]), ["group_id", "iso3"]]
    neighbours = regional.merge(regional.rename(columns={"iso3": "importer"}), on="group_id")[["iso3", "importer"]].drop_duplicates()
    neighbours = neighbours[neighbours["iso3"] != neighbours["importer"]].assign(is_neighbour=True)
    t = bought.merge(neighbours, on=["iso3", "importer"], how="left")
    t["share"] = t["value_kusd"] / t.groupby(key)["value_kusd"].transform("sum")
    t["supplier_share"] = t["value_kusd"] / t["buyer_import_kusd"]
    t["reporting_share"] = t["share"].where(t["is_buyer_reporting"], 0.0)
    t["weighted_asymmetry"] = t["reporting_share"] * (t["share"] - t["supplier_share"])
    t["neighbour_share"] = t["share"].where(t["is_neighbour"].notna(), 0.0)
    top = t.sort_values(["value_kusd", "importer"]).groupby(key)
    sums = t.groupby(key)[["reporting_share", "weighted_asymmetry", "neighbour_share"]].sum()
    table = pd.DataFrame(index=sums.index)
    table["supplier_share_in_top_buyer"], table["is_top_buyer_reporting"] = top["supplier_share"].last(), top["is_buyer_reporting"].last()
    table["dependence_asymmetry"] = sums["weighted_asymmetry"] / sums["reporting_share"].where(sums["reporting_share"] > 0)
    table["reporting_buyers_share"], table["regional_share"] = sums["reporting_share"], sums["neighbour_share"]
    table = table.reset_index()
    table["is_in_regional_group"] = table["iso3"].isin(regional["iso3"])
    study.write("int_governance__relations", table)


def growth(study: Study, year: int) -> None:
    """Buyers kept since five years before, and growth since last year. BACI names no reporters: every buyer is seen in every year."""
    span = study.rules["partner_persistence_years"]
    columns = ["iso3", "chain_id", "importer", "value_kusd"]
    now, last, before = (study.read("int_governance__buyers", [y], columns) for y in (year, year - 1, year - span))
    before = before.merge(now[columns[:3]].assign(kept=True), on=columns[:3], how="left")
    before["kept_kusd"] = before["value_kusd"].where(before["kept"].notna(), 0.0)
    key = ["iso3", "chain_id"]
    kept = before.groupby(key, as_index=False).agg(
        n_buyers_before=("importer", "count"), before_kusd=("value_kusd", "sum"), kept_kusd=("kept_kusd", "sum")
    )
    sums = []
    for rows, of in ((now, year), (last, year - 1)):
        whole = study.read("int_ladder__coverage", [of])
        rows = rows[rows["chain_id"].isin(whole.loc[whole["is_covered"], "chain_id"])]
        sums.append(rows.groupby(key, as_index=False)["value_kusd"].sum())
    changes = sums[0].merge(sums[1], on=key, how="left", suffixes=("", "_last"))
    changes["log_growth"] = np.log(changes["value_kusd"] / changes["value_kusd_last"])
    table = kept.merge(changes[[*key, "log_growth"]], on=key, how="outer")
    table["n_buyers_before"] = table["n_buyers_before"].fillna(0).astype(int)
    study.write("int_governance__growth", table)
