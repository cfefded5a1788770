"""Whole exports and imports: partners, classes of goods, concentration, headings, groups of countries."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trade_pandas.study import OF_A_COUNTRY, OF_A_FLOW, Study, grade, middle_of, text

INTERMEDIATE = {"111", "121", "21", "22", "42", "53"}
BEC_CLASSES = {
    "intermediate": INTERMEDIATE | {"31", "322"},
    "intermediate_ex_fuels": INTERMEDIATE,
    "final": {"41", "521", "112", "122", "522", "61", "62", "63"},
    "capital": {"41", "521"},
    "parts": {"42", "53"},
}
POINT_RESOURCES = ["7108", "7102", "2709", "2710", "2711"]


def pairs(study: Study, trade: pd.DataFrame) -> pd.DataFrame:
    """Who trades with whom, all goods."""
    table = trade.groupby(["exporter", "importer"], as_index=False).agg(value_kusd=("value_kusd", "sum")).round(3)
    table = table.assign(value_exporter_kusd=np.nan, value_importer_kusd=np.nan, mirrored_exporter_kusd=0.0)
    return study.write("int_structure__pairs", table)


def country(study: Study, products: pd.DataFrame) -> pd.DataFrame:
    """A row a country: amounts by class of goods, concentration, entropy, extensive margin."""
    about = study.products[["hs6", "is_specified"]].copy()
    # a code of several classes belongs to a group of classes only when all of them do
    classes = study.products["bec4"].str.split("|")
    for name, listed in BEC_CLASSES.items():
        about[name] = classes.map(lambda found, listed=listed: isinstance(found, list) and set(found) <= listed)
    lall, hs4 = study.products["lall"], study.products["hs4"]
    about["medium_high"], about["primary"] = lall.str[:2].isin(["MT", "HT"]), lall == "PP"
    about["resource_based"], about["point_resources"], about["gold"] = lall.str[:2] == "RB", hs4.isin(POINT_RESOURCES), hs4 == "7108"
    for suffix, rauch in (("", study.products["rauch_con"]), ("_liberal", study.products["rauch_lib"])):
        for name, letter in (("differentiated", "n"), ("reference_priced", "r"), ("on_exchange", "w")):
            about[name + suffix] = rauch == letter
    export_classes = about.columns.drop(["hs6", "is_specified"])
    about[export_classes] = about[export_classes].fillna(False).astype(bool)

    lines = products[["iso3", "hs6", "export_kusd", "import_kusd"]].merge(about, on="hs6", how="left")
    lines[["is_specified", *export_classes]] = lines[["is_specified", *export_classes]].fillna(False).astype(bool)
    lines["rest_kusd"] = lines.groupby("hs6")["export_kusd"].transform("sum") - lines["export_kusd"]
    specified = lines[lines["is_specified"]].copy()
    total = lines.groupby("iso3")["export_kusd"].transform("sum")
    specified["share"] = specified["export_kusd"] / total.where(total > 0)
    specified_total = specified.groupby("iso3")["export_kusd"].transform("sum")
    line_share = specified["export_kusd"] / specified_total.where(specified_total > 0)
    specified["share_ln_share"] = line_share * np.log(line_share.where(line_share > 0))
    specified["share2"] = specified["share"] ** 2

    table = lines.groupby("iso3").agg(export_kusd=("export_kusd", "sum"), import_kusd=("import_kusd", "sum"))
    by_country = specified.groupby("iso3")
    table["export_specified_kusd"] = by_country["export_kusd"].sum()
    table["n_lines"] = specified[specified["export_kusd"] > 0].groupby("iso3").size()
    table["active_lines"] = specified[specified["export_kusd"] >= study.rules["active_line_min_kusd"]].groupby("iso3").size()
    table["export_hhi"] = by_country["share2"].sum(min_count=1)
    around_gold = specified[~specified["gold"]].groupby("iso3")["share2"].sum(min_count=1)
    table["sum_share_ln_share"] = by_country["share_ln_share"].sum(min_count=1)
    rest_of_own_lines = specified[specified["export_kusd"] > 0].groupby("iso3")["rest_kusd"].sum()
    for name in export_classes:
        table[f"export_{name}_kusd"] = lines[lines[name]].groupby("iso3")["export_kusd"].sum()
    for name in BEC_CLASSES:
        table[f"import_{name}_kusd"] = lines[lines[name]].groupby("iso3")["import_kusd"].sum()
    amounts = [c for c in table.columns if c.endswith(("_kusd", "_lines"))]
    table[amounts] = table[amounts].fillna(0).round(3)
    without_gold = table["export_kusd"] - table["export_gold_kusd"]
    table["export_hhi_ex_gold"] = around_gold * (table["export_kusd"] / without_gold.where(without_gold > 0)) ** 2
    others = specified["export_kusd"].sum() - table["export_specified_kusd"]
    table["extensive_margin"] = rest_of_own_lines.reindex(table.index).fillna(0) / others.where(others > 0)
    table = table.astype({"n_lines": int, "active_lines": int})
    return study.write("int_structure__country", table.assign(is_partial_year=False).reset_index())


def markets(study: Study, trade: pd.DataFrame, partners: pd.DataFrame, year: int) -> pd.DataFrame:
    """What stands in lines that one market buys, and what of the products under the deforestation rules goes to the European Union."""
    named = partners[(partners["importer"] != "XXX") & (partners["value_kusd"] > 0)]
    first = named.sort_values(["value_kusd", "importer"]).groupby("exporter")["importer"].last()
    in_force = study.in_force(middle_of(year))
    union = in_force.loc[in_force["group_id"] == "EU", "iso3"]
    flows = trade[["exporter", "importer", "hs6", "value_kusd"]].copy()
    flows["first_market"] = flows["exporter"].map(first)
    flows = flows[flows["first_market"].notna()]
    is_first = flows["importer"] == flows["first_market"]
    flows["first_market_kusd"] = flows["value_kusd"].where(is_first, 0.0)
    flows["other_kusd"] = flows["value_kusd"].where(~is_first & (flows["importer"] != "XXX"), 0.0)
    flows["union_kusd"] = flows["value_kusd"].where(flows["importer"].isin(union), 0.0)
    lines = flows.groupby(["exporter", "hs6"], as_index=False).agg(
        value_kusd=("value_kusd", "sum"),
        first_market_kusd=("first_market_kusd", "sum"),
        second_buyer_kusd=("other_kusd", "max"),
        union_kusd=("union_kusd", "sum"),
    )
    is_alone = lines["second_buyer_kusd"] < study.rules["second_buyer_min_share"] * lines["value_kusd"]
    specified = study.products.loc[study.products["is_specified"], "hs6"]
    lines["without_second_buyer_kusd"] = lines["first_market_kusd"].where(is_alone & lines["hs6"].isin(specified), 0.0)
    lines["deforestation_rules_kusd"] = lines["union_kusd"].where(lines["hs6"].str.startswith(study.deforestation), 0.0)
    columns = ["without_second_buyer_kusd", "deforestation_rules_kusd"]
    table = lines.groupby("exporter")[columns].sum().round(3).rename_axis("iso3").reset_index()
    table["first_market"] = table["iso3"].map(first)
    return study.write("int_structure__markets", table)


def evidence(study: Study, partners: pd.DataFrame) -> pd.DataFrame:
    """Partners on both sides; BACI keeps no reports, so there is no gap between them."""
    named = partners[partners["value_kusd"] > 0]
    table = pd.DataFrame(index=pd.Index(sorted({*partners["exporter"], *partners["importer"]}), name="iso3"))
    table["n_partners"] = named[named["importer"] != "XXX"].groupby("exporter")["importer"].nunique()
    table["n_suppliers"] = named[named["exporter"] != "XXX"].groupby("importer")["exporter"].nunique()
    table = table.fillna(0).astype(int)
    table = table.assign(mirror_gap=np.nan, import_mirror_gap=np.nan, mirror_log_gap=np.nan)
    table = table.assign(is_mirror_only=False, is_import_mirror_only=False)
    return study.write("int_structure__evidence", table.reset_index())


def grid(study: Study, products: pd.DataFrame, is_whole: bool) -> pd.DataFrame:
    """Every country of a whole list and every member, with the reason where its trade is not known."""
    totals = products.groupby("iso3")[["export_kusd", "import_kusd"]].sum()
    countries = set(study.members["iso3"]) | (set(totals.index) if is_whole else set())
    table = totals.reindex(sorted(countries)).fillna(0).rename_axis("iso3").reset_index()
    table = table.assign(is_whole_list=is_whole, is_partial_year=False)
    table["null_reason"] = text([(~table["is_whole_list"], "partial_coverage"), (table["export_kusd"] == 0, "no_trade")])
    return study.write("int_structure__grid", table, OF_A_COUNTRY)


def shares(study: Study, grid: pd.DataFrame, measured: pd.DataFrame, sources: pd.DataFrame, sold: pd.DataFrame) -> pd.DataFrame:
    """Everything that is a share of a country's whole exports or imports, with reasons and grades. `sources`: rows of `evidence`."""
    x = grid.drop(columns=["source", "year", "source_vintage", "data_origin"])
    x = x.merge(measured.drop(columns=["source", "year", "export_kusd", "import_kusd", "is_partial_year"]), on="iso3", how="left")
    x = x.merge(sources.drop(columns=["source", "year"]), on="iso3", how="left")
    x = x.merge(sold.drop(columns=["source", "year"]), on="iso3", how="left")
    x[["n_partners", "n_suppliers"]] = x[["n_partners", "n_suppliers"]].fillna(0).astype(int)
    x[["is_mirror_only", "is_import_mirror_only"]] = x[["is_mirror_only", "is_import_mirror_only"]].fillna(False).astype(bool)
    is_known, exports, imports = x["null_reason"].isna(), x["export_kusd"], x["import_kusd"]
    x["import_null_reason"] = text([(~x["is_whole_list"], "partial_coverage"), (imports == 0, "no_trade")])
    is_import_known = x["import_null_reason"].isna()
    n_products, has_lines = study.products["is_specified"].sum(), is_known & (x["n_lines"] > 0)
    names = ("differentiated", "reference_priced", "on_exchange")
    rauch = {s: x[[f"export_{name}{s}_kusd" for name in names]].sum(axis=1) for s in ("", "_liberal")}
    without_gold = exports - x["export_gold_kusd"]
    x["rauch_null_reason"] = x["null_reason"].where(~is_known, text([(x["n_lines"].notna() & (rauch[""] == 0), "zero_denominator")]))
    x["theil_null_reason"] = x["null_reason"].where(~is_known, text([(x["n_lines"] == 0, "zero_denominator")]))
    x["ex_gold_null_reason"] = x["null_reason"].where(~is_known, text([(without_gold == 0, "zero_denominator")]))
    x["export_hhi"] = x["export_hhi"].fillna(0).where(is_known)
    x["active_lines"] = x["active_lines"].where(is_known)
    x["theil"] = (np.log(n_products) + x["sum_share_ln_share"]).where(has_lines)
    x["theil_extensive"] = np.log(n_products / x["n_lines"].where(has_lines))
    x["theil_intensive"] = np.log(x["n_lines"].where(has_lines)) + x["sum_share_ln_share"]
    x["extensive_margin"] = x["extensive_margin"].where(is_known)
    of_exports = {
        "intermediate_export_share": x["export_intermediate_kusd"],
        "final_export_share": x["export_final_kusd"],
        "parts_export_share": x["export_parts_kusd"],
        "medium_high_share": x["export_medium_high_kusd"],
        "unspecified_share": (exports - x["export_specified_kusd"]).round(3),
        "primary_share": x["export_primary_kusd"],
        "resource_based_share": x["export_resource_based_kusd"],
        "point_resource_share": x["export_point_resources_kusd"],
        "first_market_loss_share": x["without_second_buyer_kusd"].fillna(0),
        "deforestation_rules_share": x["deforestation_rules_kusd"].fillna(0),
    }
    for name, amount in of_exports.items():
        x[name] = (amount / exports).where(is_known)
    x["export_hhi_ex_gold"] = x["export_hhi_ex_gold"].fillna(0).where(is_known & (without_gold > 0))
    x["medium_high_share_ex_gold"] = (x["export_medium_high_kusd"] / without_gold.where(without_gold > 0)).where(is_known)
    x["intermediate_import_share"] = (x["import_intermediate_kusd"] / imports).where(is_import_known)
    x["capital_import_share"] = (x["import_capital_kusd"] / imports).where(is_import_known)
    for suffix, listed in rauch.items():
        for name in ("differentiated", "on_exchange"):
            x[f"{name}_share{suffix}"] = (x[f"export_{name}{suffix}_kusd"] / listed.where(listed > 0)).where(is_known)
    for suffix in ("", "_ex_fuels"):
        both = x[f"export_intermediate{suffix}_kusd"] + x[f"import_intermediate{suffix}_kusd"]
        x[f"participation_trade_proxy{suffix}"] = (both / (exports + imports)).where(is_known)
    x["flags"] = [[] for _ in range(len(x))]
    x["dq_grade"] = grade(~is_known, x["n_partners"], x["mirror_gap"], is_bad=x["is_mirror_only"], is_partial=x["is_partial_year"])
    x["import_dq_grade"] = grade(
        ~is_import_known, x["n_suppliers"], x["import_mirror_gap"], is_bad=x["is_import_mirror_only"], is_partial=x["is_partial_year"]
    )
    inner = [c for c in measured.columns if c.startswith(("export_", "import_")) and c.endswith("_kusd")]
    inner = [c for c in inner if c not in ("export_kusd", "import_kusd")]
    more = ["n_lines", "sum_share_ln_share", "import_mirror_gap", "mirror_log_gap", "is_import_mirror_only"]
    x = x.drop(columns=[*inner, *more, "without_second_buyer_kusd", "deforestation_rules_kusd"])
    return study.write("int_structure__shares", x, OF_A_COUNTRY)


def exports_hs4(study: Study, products: pd.DataFrame, is_whole: bool) -> pd.DataFrame:
    """Exports by heading, for years of which the list is whole."""
    listed = study.products.loc[study.products["is_specified"], ["hs6", "hs4"]]
    sold = products.loc[products["export_kusd"] > 0, ["iso3", "hs6", "export_kusd"]].merge(listed, on="hs6")
    table = sold.groupby(["iso3", "hs4"], as_index=False).agg(export_kusd=("export_kusd", "sum")).round(3)
    table = table[table["iso3"] != "XXX"]
    n_headings, n_exporters = table["hs4"].nunique(), table["iso3"].nunique()
    is_enough = n_headings >= study.rules["whole_list_min_hs4"] and n_exporters >= study.rules["whole_list_min_exporters"]
    table = (table if is_whole and is_enough else table.head(0)).assign(is_bilateral=True)
    return study.write("int_structure__exports_hs4", table, OF_A_FLOW)


def groups(study: Study, year: int, shares: pd.DataFrame, measured: pd.DataFrame, products: pd.DataFrame) -> None:
    """Members of the groups, today's and the year's, and their exports as one basket."""
    modes = {"current": study.data_date, "as_of": middle_of(year)}
    members = pd.concat([study.in_force(day)[["group_id", "iso3"]].assign(membership_mode=mode) for mode, day in modes.items()])
    members = study.write("int_groups__members", members.drop_duplicates())
    members = members.drop(columns=["source", "year"])
    key = ["group_id", "membership_mode"]
    amounts = measured[["iso3", "export_intermediate_kusd", "import_intermediate_kusd"]]
    columns = ["iso3", "export_kusd", "import_kusd", "null_reason", "dq_grade"]
    rows = members.merge(shares[columns], on="iso3").merge(amounts, on="iso3", how="left")
    rows["is_known"], rows["is_zero"] = rows["null_reason"].isna(), rows["null_reason"] == "no_trade"
    known = rows[rows["is_known"]].copy()
    known["trade_kusd"] = known["export_kusd"] + known["import_kusd"]
    known["intermediate_kusd"] = known["export_intermediate_kusd"] + known["import_intermediate_kusd"]
    table = rows.groupby(key).agg(n_with_value=("is_known", "sum"), n_true_zero=("is_zero", "sum"), null_reason=("null_reason", "max"))
    table["null_reason"] = table["null_reason"].where(table["n_with_value"] == 0)
    sums = known.groupby(key)[["export_kusd", "trade_kusd", "intermediate_kusd"]].sum()
    table[["export_kusd", "trade_kusd"]] = sums[["export_kusd", "trade_kusd"]]
    table["participation_trade_proxy"] = sums["intermediate_kusd"] / sums["trade_kusd"]
    # the worst grade that members with a quarter of the exports have or fall below
    weight = known.pivot_table(index=key, columns="dq_grade", values="export_kusd", aggfunc="sum", fill_value=0.0)
    weight = weight.reindex(index=table.index, columns=list("ABCD"), fill_value=0.0)
    total = weight.sum(axis=1)
    table["dq_grade"] = text(
        [(total <= 0, "D"), *(((weight.loc[:, worst:].sum(axis=1) >= 0.25 * total), worst) for worst in "DCB")],
        "A",
    )
    specified = study.products.loc[study.products["is_specified"], "hs6"]
    sold = products[(products["export_kusd"] > 0) & products["hs6"].isin(specified)]
    baskets = known[[*key, "iso3"]].merge(sold[["iso3", "hs6", "export_kusd"]], on="iso3")
    baskets = baskets.groupby([*key, "hs6"], as_index=False)["export_kusd"].sum()
    baskets = baskets.merge(table[["export_kusd"]].rename(columns={"export_kusd": "group_kusd"}).reset_index(), on=key)
    baskets["share2"] = (baskets["export_kusd"] / baskets["group_kusd"]) ** 2
    table["export_hhi"] = baskets.groupby(key)["share2"].sum()
    table["export_hhi"] = table["export_hhi"].fillna(0).where(table["n_with_value"] > 0)
    study.write("int_groups__structure", table.reset_index(), OF_A_COUNTRY)
