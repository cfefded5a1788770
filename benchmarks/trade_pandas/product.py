"""Countries and products: amounts, Balassa index, unit values and relative prices."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trade_pandas.study import OF_A_FLOW, WITHOUT_PRICE, Study, grade, quantile, text


def country(study: Study, trade: pd.DataFrame) -> pd.DataFrame:
    """Exports and imports by country and code."""
    rules = study.rules
    flows = trade[["exporter", "importer", "hs6", "value_kusd", "quantity_t"]].copy()
    is_price = (flows["quantity_t"] >= rules["unit_value_min_tonnes"]) & (flows["value_kusd"] >= rules["unit_value_min_kusd"])
    flows["price_kusd"], flows["price_t"] = flows["value_kusd"].where(is_price), flows["quantity_t"].where(is_price)
    flows["unit_value"] = flows["price_kusd"] / flows["price_t"]
    flows["unweighed_kusd"] = flows["value_kusd"].where(flows["quantity_t"].isna(), 0.0)
    flows["is_partner"] = (flows["importer"] != "XXX") & (flows["value_kusd"] > 0)
    exports = flows.groupby(["exporter", "hs6"], as_index=False).agg(
        export_kusd=("value_kusd", "sum"),
        export_without_quantity_kusd=("unweighed_kusd", "sum"),
        export_t=("quantity_t", "sum"),
        n_weighed=("quantity_t", "count"),
        price_kusd=("price_kusd", "sum"),
        price_t=("price_t", "sum"),
        n_price_flows=("unit_value", "count"),
        median_price_kusd_per_t=("unit_value", "median"),
        n_partners=("is_partner", "sum"),
    )
    exports["export_t"] = exports["export_t"].where(exports["n_weighed"] > 0)
    exports["price_t"] = exports["price_t"].where(exports["n_price_flows"] > 0)
    exports["mirrored_exporter_kusd"] = 0.0
    imports = flows.groupby(["importer", "hs6"], as_index=False).agg(
        import_kusd=("value_kusd", "sum"), import_t=("quantity_t", "sum"), n_import_weighed=("quantity_t", "count")
    )
    imports["import_t"] = imports["import_t"].where(imports["n_import_weighed"] > 0)
    exports, imports = exports.rename(columns={"exporter": "iso3"}), imports.rename(columns={"importer": "iso3"})
    table = exports.merge(imports, on=["iso3", "hs6"], how="outer")
    table = table.drop(columns=["n_weighed", "n_import_weighed"])
    absent = ["export_kusd", "import_kusd", "export_without_quantity_kusd", "price_kusd", "n_price_flows", "n_partners"]
    table[absent] = table[absent].fillna(0)
    values = ["export_kusd", "import_kusd", "export_without_quantity_kusd", "price_kusd"]
    table[values] = table[values].round(3)
    table = table.astype({"n_price_flows": int, "n_partners": int})
    table = table[(table["export_kusd"] > 0) | (table["import_kusd"] > 0)]
    table = table.assign(value_exporter_kusd=np.nan, value_importer_kusd=np.nan, is_partial_year=False)
    return study.write("int_product__country", table, OF_A_FLOW)


def prices(study: Study, products: pd.DataFrame, is_whole: bool) -> pd.DataFrame:
    """World share, RCA and the price against the other exporters of the code, with errors, reasons and grade."""
    rules = study.rules
    table = products[["iso3", "hs6", "export_kusd", "import_kusd", "n_price_flows", "n_partners", "is_partial_year"]].copy()
    table["quantity_t"], table["unit_value_median"] = products["export_t"], products["median_price_kusd_per_t"]
    table["is_whole_list"] = is_whole
    world = table.groupby("hs6")["export_kusd"].transform("sum")
    own = table.groupby("iso3")["export_kusd"].transform("sum")
    share = table["export_kusd"] / world.where(world > 0)
    table["world_share"] = share.where(table["is_whole_list"])
    rca = (share / (own / table["export_kusd"].sum())).where(table["export_kusd"] > 0, 0.0)
    table["rca"] = rca.where(table["is_whole_list"] & (world > 0))
    table["rca_symmetric"] = (table["rca"] - 1) / (table["rca"] + 1)

    has_price = products["price_t"] > 0
    table["unit_value"] = (products["price_kusd"] / products["price_t"]).where(has_price)
    weight = products["price_kusd"].where(has_price, 0.0)
    weighted = (weight * np.log(table["unit_value"])).fillna(0.0)
    other_weight = weight.groupby(table["hs6"]).transform("sum") - weight
    other_weighted = weighted.groupby(table["hs6"]).transform("sum") - weighted
    reference = np.exp(other_weighted / other_weight.where(other_weight > 0))
    table["null_reason"] = text(
        [
            (table["export_kusd"] == 0, "no_trade"),
            (has_price, None),
            (table["quantity_t"].isna(), "no_quantity"),
        ],
        "below_threshold",
    )
    is_too_few = (share > rules["unit_value_max_own_share"]) | (table["n_price_flows"] < rules["unit_value_min_flows"]) | reference.isna()
    table["ruv_null_reason"] = text(
        [
            (table["null_reason"].notna(), table["null_reason"]),
            (table["hs6"].str.startswith(WITHOUT_PRICE), "not_applicable"),
            (is_too_few, "below_min_obs"),
        ],
    )
    ratio = np.log(table["unit_value"] / reference).where(table["ruv_null_reason"].isna())
    floor, ceiling = (table["hs6"].map(quantile(ratio, table["hs6"], q)) for q in (0.01, 0.99))
    table["is_ruv_winsorised"] = (ratio < floor) | (ratio > ceiling)
    table["relative_unit_value"] = np.exp(ratio.clip(floor, ceiling))

    gap = pd.Series(np.nan, index=table.index)  # no reports of either side, no gap between them
    table["value_sd"] = report_sd(study, gap, "value_sd_floor")
    table["quantity_sd"] = report_sd(study, gap, "quantity_sd_floor")
    weighed_share = 1 - products["export_without_quantity_kusd"] / products["export_kusd"].where(products["export_kusd"] > 0)
    table["dq_grade"] = grade(table["null_reason"].notna(), table["n_partners"], gap, weighed_share, is_partial=table["is_partial_year"])
    table["n_partners"] = table["n_partners"].where(table["is_whole_list"])
    table = table.drop(columns=["n_price_flows", "is_partial_year"])
    return study.write("int_product__prices", table, OF_A_FLOW)


def report_sd(study: Study, gap: pd.Series, floor: str) -> pd.Series:
    """Standard error of a report: its mirror gap within bounds, the default where there is none."""
    return gap.fillna(study.rules["report_sd_default"]).clip(study.rules[floor], study.rules["report_sd_cap"])


def premium(study: Study, trade: pd.DataFrame, products: pd.DataFrame) -> None:
    """What a country sells of a chain in the top segment of the world's unit values."""
    rules = study.rules
    codes = study.chains.loc[~study.chains["hs6"].str.startswith(WITHOUT_PRICE), ["chain_id", "hs6"]]
    is_price = (trade["quantity_t"] >= rules["unit_value_min_tonnes"]) & (trade["value_kusd"] >= rules["unit_value_min_kusd"])
    flows = trade.loc[is_price & trade["hs6"].isin(codes["hs6"]), ["exporter", "hs6", "value_kusd", "quantity_t"]]
    unit_value = flows["value_kusd"] / flows["quantity_t"]
    has_segments = unit_value.groupby(flows["hs6"]).transform("size") >= rules["unit_value_min_flows"]
    limits = quantile(unit_value[has_segments], flows["hs6"], rules["premium_quantile"])
    top = flows[unit_value >= flows["hs6"].map(limits)].rename(columns={"exporter": "iso3"})
    top = top.groupby(["iso3", "hs6"], as_index=False).agg(premium_kusd=("value_kusd", "sum"))
    sold = products[products["export_kusd"] > 0].merge(codes, on="hs6").merge(top, on=["iso3", "hs6"], how="left")
    is_ranked = sold["hs6"].isin(limits.index)
    sold["ranked_kusd"], sold["n_ranked"] = sold["price_kusd"].where(is_ranked, 0.0), sold["n_price_flows"].where(is_ranked, 0)
    table = sold.groupby(["iso3", "chain_id"], as_index=False).agg(
        export_kusd=("export_kusd", "sum"),
        without_quantity_kusd=("export_without_quantity_kusd", "sum"),
        ranked_kusd=("ranked_kusd", "sum"),
        premium_kusd=("premium_kusd", "sum"),
        n_ranked=("n_ranked", "sum"),
    )
    study.write("int_unit_value__premium", table.round(3))
