"""Economic complexity of a year's headings, by py-ecomplexity, and the income content of exports."""

from __future__ import annotations

import contextlib
import io
import warnings

import numpy as np
import pandas as pd

from trade_pandas.study import OF_A_COUNTRY, OF_A_FLOW, Study, grade, text


def cells(study: Study, exports: pd.DataFrame) -> pd.DataFrame:
    """Exports by heading with the country's total, and who belongs to the reference set."""
    table = exports.drop(columns=["source", "hs_revision", "year", "source_vintage", "data_origin"])
    table["country_kusd"] = table.groupby("iso3")["export_kusd"].transform("sum")
    least = study.rules["complexity_reference_min_world_share"]
    table["is_reference"] = table["country_kusd"] / table["export_kusd"].sum() >= least
    return study.write("int_complexity__cells", table, OF_A_FLOW)


def measures(study: Study, cells: pd.DataFrame, year: int) -> pd.DataFrame:
    """ECI, PCI, RCA, density and outlook. PCI and proximity are read from the reference set; the others are placed in its space."""
    from ecomplexity import ecomplexity, proximity

    exports = cells.pivot(index="iso3", columns="hs4", values="export_kusd").fillna(0.0)
    rca = exports.div(exports.sum(axis=1), axis=0) / (exports.sum() / exports.to_numpy().sum())
    m = (rca >= 1).astype(int)
    reference = m.loc[m.index.isin(cells.loc[cells["is_reference"], "iso3"])]
    rows = reference.stack().rename("val").reset_index().assign(year=year)
    columns = {"time": "year", "loc": "iso3", "prod": "hs4", "val": "val"}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        index = ecomplexity(rows, columns, presence_test="manual", check_logsupermodularity=False, verbose=False)
        near = proximity(rows, columns, presence_test="manual")
    pci = index.drop_duplicates("hs4").set_index("hs4")["pci"].reindex(m.columns)
    phi = near.pivot(index="hs4_1", columns="hs4_2", values="proximity")
    density = ((m[phi.index] @ phi) / phi.sum()).reindex(columns=m.columns)
    density[m.sum(axis=1) == 0] = np.nan
    known = m.loc[:, pci.notna()]
    countries = pd.DataFrame({"eci": (known @ pci.dropna()) / known.sum(axis=1), "diversity": m.sum(axis=1)})
    countries["coi"] = (density.fillna(0) * (1 - m)) @ pci.fillna(0)
    countries["coi"] = countries["coi"].where(countries["diversity"] > 0)
    constants = "source hs_revision year"
    countries = study.write("int_complexity__country_measures", countries.reset_index(), constants)
    products = pd.DataFrame({"pci": pci, "ubiquity": m.sum()}).rename_axis("hs4").reset_index()
    study.write("int_complexity__product_measures", products, constants)
    everywhere = pd.DataFrame({"rca": rca.stack(), "density": density.stack()}).reset_index()
    study.write("int_complexity__country_product_measures", everywhere, constants)
    named = products[["hs4", "pci", "ubiquity"]].round({"pci": 12})
    named["world_export_kusd"] = named["hs4"].map(exports.sum())
    named["is_bilateral"] = named["hs4"].map(cells.groupby("hs4")["is_bilateral"].max())
    study.write("int_complexity__product", named, OF_A_FLOW)
    ever = study.memberships.loc[study.memberships["group_id"] == "OACPS", "iso3"]
    members = everywhere[everywhere["iso3"].isin(ever)].round({"density": 12})
    members = members.merge(cells[["iso3", "country_kusd"]].drop_duplicates(), on="iso3")
    members["world_export_kusd"] = members["hs4"].map(exports.sum())
    study.write("int_complexity__country_product", members, constants)
    return countries


def income(study: Study, year: int) -> pd.DataFrame:
    """PRODY over the countries that have exports and an income in every year of the lists that the incomes span."""
    span = range(int(study.incomes["year"].min()), int(study.incomes["year"].max()) + 1) if len(study.incomes) else range(0)
    columns = ["iso3", "hs4", "year", "export_kusd", "country_kusd"]
    rows = study.read("int_complexity__cells", [y for y in study.years if y in span], columns)
    rows = rows.merge(study.incomes, on=["iso3", "year"])
    n_years = rows.groupby("iso3")["year"].nunique()
    panel = rows[rows["iso3"].isin(n_years.index[n_years == rows["year"].nunique()]) & (rows["year"] == year)].copy()
    panel["share"] = panel["export_kusd"] / panel["country_kusd"]
    panel["weighted"] = panel["share"] * panel["income"]
    sums = panel.groupby("hs4").agg(share=("share", "sum"), weighted=("weighted", "sum"), n_panel_incomes=("iso3", "count"))
    sums["prody"] = sums["weighted"] / sums["share"]
    table = sums.drop(columns=["share", "weighted"]).reset_index()
    return study.write("int_complexity__income", table, "source hs_revision year")


def country(study: Study, shares: pd.DataFrame, cells: pd.DataFrame, found: pd.DataFrame, prody: pd.DataFrame, year: int) -> None:
    """ECI, outlook and EXPY of every exporter and member, with reasons and grades."""
    columns = ["iso3", "null_reason", "n_partners", "mirror_gap", "is_mirror_only", "is_partial_year", "flags"]
    t = shares[columns].assign(is_totals_only=False)
    grid = study.write("int_complexity__grid", t, OF_A_COUNTRY)
    baskets = cells.merge(prody[["hs4", "prody"]], on="hs4")
    baskets["weighted"] = baskets["export_kusd"] * baskets["prody"]
    sums = baskets.groupby("iso3")[["weighted", "export_kusd"]].sum()
    t = grid[[*columns, "is_totals_only"]].rename(columns={"null_reason": "trade_null_reason"})
    t = t.merge(cells[["iso3", "is_reference", "hs_revision"]].drop_duplicates(), on="iso3", how="left")
    t = t.merge(found[["iso3", "eci", "coi", "diversity"]].round(12), on="iso3", how="left")
    t["expy"] = t["iso3"].map(sums["weighted"] / sums["export_kusd"])
    has_trade, is_outside = t["trade_null_reason"].isna(), t["is_reference"] == False  # noqa: E712, null is not outside
    t["null_reason"] = text([(~has_trade, t["trade_null_reason"]), (t["eci"].isna(), "below_min_obs")])
    incomes = study.incomes["year"]
    t["expy_null_reason"] = text(
        [
            (~has_trade, t["trade_null_reason"]),
            (np.full(len(t), incomes.empty), "source_unavailable"),
            (np.full(len(t), not incomes.min() <= year <= incomes.max()), "outside_source_period"),
            (t["expy"].isna(), "below_min_obs"),
        ]
    )
    t["flags"] = pd.Series(np.where(is_outside, "outside_reference_set", ""), index=t.index).str.split()
    is_mirror, n, gap = t["is_mirror_only"], t["n_partners"].fillna(3), t["mirror_gap"]
    t["dq_grade"] = grade(t["null_reason"].notna(), n, gap, is_bad=is_mirror | is_outside, is_partial=t["is_partial_year"])
    t["expy_grade"] = grade(t["expy_null_reason"].notna(), n, gap, is_bad=is_mirror, is_partial=t["is_partial_year"])
    study.write("int_complexity__country", t, OF_A_COUNTRY)
