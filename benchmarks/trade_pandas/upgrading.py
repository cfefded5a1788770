"""Relative prices of stages, and changes of share and price between two windows of years (Kaplinsky and Readman 2005)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from trade_pandas.governance import market
from trade_pandas.ladder import base_years
from trade_pandas.product import report_sd
from trade_pandas.study import Study, text


def windows(study: Study, year: int) -> tuple[range, range]:
    """First and last window of a change that ends in a year."""
    length, distance = study.rules["upgrading_window_years"], study.rules["upgrading_change_years"]
    return range(year - distance - length + 1, year - distance + 1), range(year - length + 1, year + 1)


def window_means(study: Study, rows: pd.DataFrame, key: list[str], column: str, year: int, absent: float = np.nan) -> pd.DataFrame:
    """Means over both windows as columns first and last: null when a year has none, unless `absent` stands in."""
    wide = rows.pivot(index=key, columns="year", values=column)
    first, last = (wide.reindex(columns=window).astype(float).fillna(absent).mean(axis=1, skipna=False) for window in windows(study, year))
    return pd.DataFrame({"first": first, "last": last})


def log_change(study: Study, means: pd.DataFrame) -> pd.Series:
    """Annual log change from the first to the last window."""
    return (np.log(means["last"]) - np.log(means["first"])) / study.rules["upgrading_change_years"]


def change_sd(study: Study, variances: pd.DataFrame) -> pd.Series:
    """Standard error of an annual log change from the mean variances of both windows."""
    spread = variances.sum(axis=1, skipna=False) / study.rules["upgrading_window_years"]
    return np.sqrt(spread) / study.rules["upgrading_change_years"]


def quadrant(study: Study, share: pd.Series, share_sd: pd.Series, price: pd.Series, price_sd: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """The class, neutral where the interval of one change holds 0, and the probability that both signs are as shown."""
    z = study.rules["kr_interval_z"]
    word = text(
        [
            (share.isna() | price.isna(), None),
            ((share.abs() <= z * share_sd) | (price.abs() <= z * price_sd), "neutral"),
            ((share > 0) & (price > 0), "up_up"),
            (share > 0, "up_down"),
            (price > 0, "down_up"),
        ],
        "down_down",
    )
    confidence = norm.cdf(share.abs() / share_sd) * norm.cdf(price.abs() / price_sd)
    return word, pd.Series(confidence, index=share.index)


def product_kr(study: Study, year: int) -> None:
    """The class of each product of a country."""
    both = [y for window in windows(study, year) for y in window]
    key = ["iso3", "hs6"]
    rows = study.read("int_product__prices", both, [*key, "year", "world_share", "relative_unit_value", "value_sd", "quantity_sd"])
    rows = rows[rows["world_share"].notna() & rows["relative_unit_value"].notna()]
    rows["value_var"], rows["quantity_var"] = rows["value_sd"] ** 2, rows["quantity_sd"] ** 2
    share, price, value_var, quantity_var = (
        window_means(study, rows, key, column, year) for column in ("world_share", "relative_unit_value", "value_var", "quantity_var")
    )
    share_sd, price_sd = change_sd(study, value_var), change_sd(study, value_var + quantity_var)
    table = pd.DataFrame(index=share.index)
    table["kr_quadrant"], table["kr_confidence"] = quadrant(study, log_change(study, share), share_sd, log_change(study, price), price_sd)
    table = table[table["kr_quadrant"].notna()].reset_index()
    study.write("int_product__kr", table, "source year hs_revision")


def chain_stage(study: Study, year: int) -> None:
    """Tornqvist mean of the relative prices of a stage: weights are the means of the year's shares and those of the base years."""
    key, columns = ["iso3", "chain_id", "stage"], ["iso3", "hs6", "export_kusd"]
    codes = study.chains[["chain_id", "hs6", "stage"]]
    prices = study.read("int_product__prices", [year], [*columns, "relative_unit_value", "ruv_null_reason", "is_ruv_winsorised"])
    t = prices[prices["export_kusd"] > 0].merge(codes, on="hs6")
    base = study.read("int_product__prices", base_years(study), columns)
    base = base[base["export_kusd"] > 0].merge(codes, on="hs6")
    base = base.groupby([*key, "hs6"], as_index=False)["export_kusd"].sum().rename(columns={"export_kusd": "base_kusd"})
    t = t.merge(base, on=[*key, "hs6"], how="left")
    t["is_priced"] = t["relative_unit_value"].notna()
    priced = t[t["is_priced"]].copy()
    by_stage = priced.groupby(key)
    share = priced["export_kusd"] / by_stage["export_kusd"].transform("sum")
    base_sum = by_stage["base_kusd"].transform("sum")
    priced["has_base"] = base_sum > 0
    base_share = (priced["base_kusd"] / base_sum.where(base_sum > 0)).fillna(0)
    priced["weighted"] = share.where(~priced["has_base"], (share + base_share) / 2) * np.log(priced["relative_unit_value"])
    by_stage = priced.groupby(key)
    table = t.groupby(key).agg(export_kusd=("export_kusd", "sum"), is_winsorised=("is_ruv_winsorised", "max"))
    table["n_products"] = by_stage.size()
    table["n_products"] = table["n_products"].fillna(0).astype(int)
    table["is_without_base"] = ~by_stage["has_base"].min()
    table["is_without_base"] = table["is_without_base"].fillna(False).astype(bool)
    is_enough = by_stage["export_kusd"].sum().reindex(table.index).fillna(0) >= (
        study.rules["chain_price_min_value_share"] * table["export_kusd"]
    )
    table["relative_unit_value"] = np.exp(by_stage["weighted"].sum()).reindex(table.index).where(is_enough)
    largest = t[~t["is_priced"]].sort_values(["export_kusd", "hs6"]).groupby(key)["ruv_null_reason"].last()
    table["null_reason"] = largest.reindex(table.index).where(~is_enough)
    study.write("int_unit_value__chain_stage", table.round({"export_kusd": 3}).reset_index())


def report_error(study: Study, sold: pd.DataFrame) -> None:
    """Standard errors of a country's chain: its mirror gap, else the median of its region."""
    t = sold[["iso3", "chain_id", "mirror_gap"]].merge(study.countries, on="iso3", how="left")
    gap = t["mirror_gap"].fillna(t.groupby("region")["mirror_gap"].transform("median"))
    table = t[["iso3", "chain_id"]].assign(
        value_sd=report_sd(study, gap, "value_sd_floor"), quantity_sd=report_sd(study, gap, "quantity_sd_floor")
    )
    study.write("int_unit_value__report_error", table)


def market_share(study: Study, year: int) -> pd.DataFrame:
    """Shares of a chain's trade at both ends, and what the exporter would sell if it grew as the others of the same buyer and stage."""
    first, last = windows(study, year)
    covered = study.read("int_ladder__coverage", [*first, *last])
    covered = covered[covered["is_covered"]].groupby("chain_id").size()
    flows = study.read("int_ladder__flows", [*first, *last], ["exporter", "importer", "chain_id", "stage", "year", "value_kusd"])
    flows = flows[flows["chain_id"].isin(covered.index[covered == len(first) + len(last)])]
    key = ["exporter", "chain_id"]
    yearly = flows.groupby([*key, "year"], as_index=False)["value_kusd"].sum()
    world = yearly.groupby(["chain_id", "year"])["value_kusd"].transform("sum")
    yearly["share"] = yearly["value_kusd"] / world.where(world > 0)
    shares = window_means(study, yearly, key, "share", year, absent=0.0)

    flows["importer"] = market(flows["importer"])
    flows["first_kusd"] = flows["value_kusd"].where(flows["year"] < last[0], 0.0)
    flows["last_kusd"] = flows["value_kusd"].where(flows["year"] >= last[0], 0.0)
    ends = ["first_kusd", "last_kusd"]
    cells = flows.groupby([*key, "importer", "stage"], as_index=False)[ends].sum().round(3)
    markets = cells.groupby(["chain_id", "importer", "stage"])[ends].transform("sum").round(3)
    others = (markets - cells[ends]).round(3)
    has_reference = cells["first_kusd"] <= study.rules["unit_value_max_own_share"] * markets["first_kusd"]
    others_grew = (others["last_kusd"] / others["first_kusd"].where(others["first_kusd"] > 0)).fillna(0)
    cells["residual_kusd"] = (cells["last_kusd"] - cells["first_kusd"] * others_grew).where(has_reference, 0.0)
    cells["base_kusd"] = cells["first_kusd"].where(has_reference, 0.0)
    cells["is_market"] = (cells["first_kusd"] > 0) | (cells["last_kusd"] > 0)
    table = cells.groupby(key)[[*ends, "residual_kusd", "base_kusd", "is_market"]].sum()
    table["first_share"], table["last_share"] = shares["first"], shares["last"]
    # every importer of a reconciled source is there in every year
    table["panel_share"] = np.where(table["is_market"] > 0, 1.0, np.nan)
    table = table.rename(columns={"is_market": "n_markets"}).drop(columns="last_kusd").rename_axis(["iso3", "chain_id"]).reset_index()
    return study.write("int_market_share__windows", table)


def chain_kr(study: Study, year: int, shares: pd.DataFrame) -> None:
    """The class of each chain of a country, with errors and reasons."""
    rules, key = study.rules, ["iso3", "chain_id"]
    both = [y for window in windows(study, year) for y in window]
    t = shares.drop(columns=["source", "year", "first_kusd", "base_kusd", "residual_kusd"]).set_index(key)
    errors = study.read("int_unit_value__report_error", both)
    errors["value_var"], errors["quantity_var"] = errors["value_sd"] ** 2, errors["quantity_sd"] ** 2
    default = rules["report_sd_default"] ** 2
    value_var, quantity_var = (
        window_means(study, errors, key, c, year, absent=default).reindex(t.index).fillna(default) for c in ("value_var", "quantity_var")
    )
    stages = study.read("int_unit_value__chain_stage", both)
    stages = stages[pd.MultiIndex.from_frame(stages[key]).isin(t.index)]
    _, last = windows(study, year)
    stages["first_kusd"] = stages["export_kusd"].where(stages["year"] < last[0], 0.0)
    stages["last_kusd"] = stages["export_kusd"].where(stages["year"] >= last[0], 0.0)
    sums = stages.groupby([*key, "stage"])[["first_kusd", "last_kusd"]].sum()
    sums["change"] = log_change(study, window_means(study, stages, [*key, "stage"], "relative_unit_value", year))
    largest = stages[stages["null_reason"].notna()].sort_values("export_kusd").groupby([*key, "stage"])["null_reason"].last()
    sums["reason"] = largest.reindex(sums.index).fillna("insufficient_history")
    totals = sums.groupby(key)[["first_kusd", "last_kusd"]].transform("sum")
    sums["weight"] = (sums[["first_kusd", "last_kusd"]] / totals.where(totals > 0)).fillna(0).mean(axis=1)
    sums["weighted"], known = sums["weight"] * sums["change"], sums[sums["change"].notna()]
    t["n_stages"] = sums.groupby(key)["change"].count()
    known_weight = known.groupby(key)["weight"].sum().reindex(t.index)
    price = sums.groupby(key)["weighted"].sum(min_count=1).reindex(t.index) / known_weight
    missing = sums[sums["change"].isna()].reset_index().sort_values(["weight", "stage"]).groupby(key)["reason"].last().reindex(t.index)
    is_panel = t["panel_share"] >= rules["panel_min_value_share"]
    t["share_null_reason"] = text(
        [
            (~is_panel, "insufficient_history"),
            (t["first_share"] <= 0, "zero_denominator"),
            (t["last_share"] <= 0, "no_trade"),
        ]
    )
    t["ruv_null_reason"] = text(
        [
            (~is_panel, "insufficient_history"),
            (known_weight.fillna(0) >= rules["chain_price_min_value_share"], None),
        ],
        missing.fillna("insufficient_history").to_numpy(),
    )
    means = t[["first_share", "last_share"]].rename(columns={"first_share": "first", "last_share": "last"})
    t["share_change"] = log_change(study, means.where(means > 0)).where(t["share_null_reason"].isna())
    t["ruv_change"] = price.where(t["ruv_null_reason"].isna())
    t["share_sd"], t["ruv_sd"] = change_sd(study, value_var), change_sd(study, value_var + quantity_var)
    t["kr_null_reason"] = t["share_null_reason"].where(t["share_null_reason"].notna(), t["ruv_null_reason"])
    t["kr_quadrant"], confidence = quadrant(study, t["share_change"], t["share_sd"], t["ruv_change"], t["ruv_sd"])
    t["kr_confidence"] = confidence.where(t["kr_null_reason"].isna())
    study.write("int_unit_value__kr", t.drop(columns=["first_share", "last_share"]).reset_index())
