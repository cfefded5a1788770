"""From the rows of BACI to reconciled flows, and the account of every row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from trade_pandas.study import OF_A_FLOW, Study, text

EDITION = ["sha256", "hs_revision", "baci_version", "is_complete"]
NAMES_OF_HS = {"H0": "HS92", "H1": "HS96", "H2": "HS02", "H3": "HS07", "H4": "HS12", "H5": "HS17", "H6": "HS22"}


def read_flows(study: Study, year: int) -> pd.DataFrame:
    """The year's rows as published. Values become floats on reading: decimals would be ten million Python objects."""
    columns = ["exporter_code", "importer_code", "hs6", "value_kusd", "quantity_t", "hs_revision", "baci_version", "is_complete", "_sha256"]
    parts = []
    for file in sorted((study.lake / "raw_baci__flows" / f"year={year}").glob("*.parquet")):
        part = pq.read_table(file, columns=columns)
        value = part.schema.get_field_index("value_kusd")
        parts.append(part.set_column(value, "value_kusd", part["value_kusd"].cast("float64")).to_pandas())
    return pd.concat(parts, ignore_index=True).rename(columns={"_sha256": "sha256"})


def editions(study: Study, flows: pd.DataFrame) -> pd.DataFrame:
    """Which archives hold the year."""
    return study.write("stg_baci__editions", flows[EDITION].drop_duplicates(), "year")


def publications(study: Study, archives: pd.DataFrame) -> pd.DataFrame:
    """The archive that is used, HS 1996 before others and then the newest complete one, and why the others are not."""
    found = archives[EDITION].merge(study.files, on="sha256")
    is_best_batch = found["preference"] == found.groupby(["hs_revision", "baci_version"])["preference"].transform("min")
    order = found.assign(usable=found["is_complete"] & is_best_batch, hs96=found["hs_revision"] == "HS96")
    first = order.sort_values(["usable", "hs96", "baci_version", "hs_revision"], ascending=[False, False, False, True]).iloc[0]
    is_best = (found["hs_revision"] == first["hs_revision"]) & (found["baci_version"] == first["baci_version"])
    unused = [~is_best_batch, ~found["is_complete"], ~is_best]
    found["publication_status"] = text(list(zip(unused, ["superseded", "out_of_scope", "superseded"], strict=True)))
    reasons = ["other_batch_preferred", "incomplete_extract", "other_publication_preferred"]
    found["publication_reason"] = text(list(zip(unused, reasons, strict=True)))
    return found


def with_status(study: Study, flows: pd.DataFrame, archives: pd.DataFrame) -> pd.DataFrame:
    """Rows with countries and HS 1996 codes, and what becomes of each."""
    iso3 = study.country_codes.set_index("code")["iso3"]
    with_other_codes = iso3.index[iso3.duplicated(keep=False)]
    products = study.revisions.assign(hs_revision=study.revisions["classification_code"].map(NAMES_OF_HS))
    products = products.rename(columns={"hs6_from": "hs6"})[["hs_revision", "hs6", "hs6_hs1996"]]
    flows = flows.merge(archives[[*EDITION, "publication_status", "publication_reason"]], on=EDITION)
    flows = flows.merge(products, on=["hs_revision", "hs6"], how="left")
    flows["exporter"], flows["importer"] = flows["exporter_code"].map(iso3), flows["importer_code"].map(iso3)
    flows["can_merge"] = (
        (flows["hs_revision"] != "HS96") | flows["exporter_code"].isin(with_other_codes) | flows["importer_code"].isin(with_other_codes)
    )
    flows["status_reason"] = text(
        [
            (flows["publication_reason"].notna(), flows["publication_reason"]),
            (flows["exporter"].isna() | flows["importer"].isna(), "unknown_country"),
            (flows["hs6_hs1996"].isna(), "no_hs1996_code"),
            (flows["exporter"] == flows["importer"], "own_country"),
        ],
        "",
    )
    flows["row_status"] = text(
        [
            (flows["publication_status"].notna(), flows["publication_status"]),
            (flows["status_reason"] != "", "out_of_scope"),
        ],
        "kept",
    )
    flows["hs6"] = flows["hs6_hs1996"].fillna("")
    return flows.drop(columns=["hs_revision", "baci_version", "is_complete", "publication_status", "publication_reason", "hs6_hs1996"])


def account(study: Study, flows: pd.DataFrame) -> None:
    """Rows and value by file, code and what became of them; the same without codes; and the vintage in use."""
    keys = ["sha256", "row_status", "status_reason", "hs6"]
    rows = flows.groupby(keys, as_index=False).agg(n_rows=("value_kusd", "size"), value_kusd=("value_kusd", "sum"))
    rows["value_kusd"] = rows["value_kusd"].where(rows["row_status"] == "kept").round(3)
    rows = study.write("int_trade__baci_rows", rows, "year")
    status = rows.groupby(keys[:3], as_index=False).agg(n_rows=("n_rows", "sum"), value_usd=("value_kusd", "sum"))
    status["value_usd"] = (status["value_usd"] * 1000).where(status["row_status"] == "kept")
    status["table_name"] = "raw_baci__flows"
    study.write("int_trade__row_status", status)
    used = status[status["row_status"] == "kept"].merge(study.files, on="sha256")
    study.constants |= {"source_vintage": used["source_vintage"].max(), "data_origin": used["data_origin"].max()}
    vintages = pd.DataFrame({"source_vintage": [study.constants["source_vintage"]], "data_origin": [study.constants["data_origin"]]})
    study.write("int_trade__vintages", vintages)


def trade(study: Study, flows: pd.DataFrame) -> pd.DataFrame:
    """Flows of the publication in use; what merges is added up; weights far from the median unit value of the code are set aside."""
    key = ["exporter", "importer", "hs6"]
    kept = flows[flows["row_status"] == "kept"]
    several = kept[kept["can_merge"]].groupby(key, as_index=False)
    merged = several.agg(
        value_kusd=("value_kusd", "sum"),
        quantity_t=("quantity_t", "sum"),
        n_weighed=("quantity_t", "count"),
        n=("value_kusd", "size"),
    )
    merged["value_kusd"] = merged["value_kusd"].round(3)
    merged["quantity_t"] = merged["quantity_t"].where(merged["n_weighed"] == merged["n"])
    columns = [*key, "value_kusd", "quantity_t"]
    table = pd.concat([kept.loc[~kept["can_merge"], columns], merged[columns]], ignore_index=True)

    unit_value = table["value_kusd"] / table["quantity_t"].where(table["quantity_t"] > 0)
    median = unit_value.where(table["value_kusd"] > 0).groupby(table["hs6"]).transform("median")
    factor = study.rules["quantity_outlier_factor"]
    table["is_quantity_outlier"] = (unit_value < median / factor) | (unit_value > median * factor)
    table["quantity_t"] = table["quantity_t"].where((table["quantity_t"] > 0) & ~table["is_quantity_outlier"])
    # BACI is reconciled by its publisher: no reports of either side, nothing estimated, no year that is not complete
    table["value_exporter_kusd"] = table["value_importer_kusd"] = np.nan
    table["is_quantity_estimated"] = table["is_partial_year"] = False
    table["reported_by"] = "reconciled"
    return study.write("fct_trade", table, OF_A_FLOW)


def coverage(study: Study, flows: pd.DataFrame) -> bool:
    """Does BACI hold the whole list of products in the year?"""
    specified = study.products.loc[study.products["is_specified"], "hs6"]
    n_hs6 = flows.loc[flows["hs6"].isin(specified), "hs6"].nunique()
    n_exporters = flows.loc[flows["exporter"] != "XXX", "exporter"].nunique()
    is_whole = n_hs6 >= study.rules["whole_list_min_hs6"] and n_exporters >= study.rules["whole_list_min_exporters"]
    table = pd.DataFrame({"n_hs6": [n_hs6], "n_exporters": [n_exporters], "is_whole_list": [is_whole]})
    study.write("int_trade__coverage", table)
    return is_whole
