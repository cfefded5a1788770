"""Every official download beside the repository: whose it is by content, or why it is not read. Names play no part."""

from __future__ import annotations

from pathlib import Path

from source_files import recognise

from ingestion.registry import all_sources

REFUSED = "refused"
UNKNOWN = "unknown"

# Folder -> what stands in it, by the beginning of the file's name; the longest that fits counts.
EXPECTED: dict[str, dict[str, str]] = {
    "trade/comtrade_tuna_hs6_monthly": {"comtrade_M_": "comtrade csv_rows", "converted_": "comtrade refused"},
    "trade/comtrade_coffee_sugar_2005_2010_2015": {"": "comtrade refused"},
    "trade/comtrade_gold_zmb_cod_monthly": {"": "comtrade refused"},
    "trade/baci_extract_zaf_afg": {"": "baci csv_extract"},
    "trade/baci_africa_sections_avg_2012_2022": {"converted_": "baci refused", "africa_trade.rda": UNKNOWN},
    "trade/baci_seafood_hs12_2018": {"": "baci refused"},
    "trade/baci_wood_residues_hs6_1995_2018": {"converted_": "baci refused", "baci_tidy.rds": UNKNOWN},
    "trade/cepii_baci_codes": {"": "baci refused"},
    "trade/atlas_hs4_cross_sections": {"converted_": "hs4_exports atlas_table", "ecxplor_": "hs4_exports refused"},
    "trade/ots_hs4_cross_sections": {"converted_": "hs4_exports ots_table"},
    "trade/world_trade_1998_2000": {"world_trade_": "hs4_exports sitc2_means"},
    "trade/faostat_forestry_production_trade": {"converted_": "faostat_forestry tidy_wide"},
    "value_added/wb_wits_gvc_output": {
        "sector_": "wits_gvc official_11_columns", "": "wits_gvc with_added_shares",
        "eora_": "wits_gvc refused", "gvc-": "wits_gvc refused",
    },
    "value_added/wiod_2013_release": {"wiot_": "wiod rounded_2013_parquet"},
    "trade/faostat_trade_matrix_top_partners": {"": "faostat_trade_matrix refused"},
    "value_added/adb_mrio_gvc": {
        "gvcp_": "adb_gvc participation", "production_lengths_": "adb_gvc lengths", "rca_": "adb_gvc advantage", "": "adb_gvc refused",
    },
    "value_added/oecd_tiva_2025_sdmx": {"exgr_": "oecd_tiva csvfile", "ref_areas": UNKNOWN},
    "standards/rasff": {"RASFF_": "rasff window_xlsx", "rasff_notifications": "rasff window_csv", "rasff_export": "rasff cases_8_columns"},
    "standards/eu_uk_mfn_tariffs": {"": "eu_uk_tariffs csv"},
    "standards/fda_import_refusals": {"new_data": "fda shrimp_extract", "": "fda refused"},
    "standards/wb_enterprise_surveys": {"": "wdi old_bulk_csv"},
    "standards/wb_tariff_aggregates": {"": "wdi old_bulk_csv"},
    "capabilities/unctadstat": {"US_": "unctadstat download_csv"},
    "capabilities/lpi": {"P_Data_Extract": "lpi databank_xlsx", "International_LPI": "lpi editions_xlsx"},
    "capabilities/commodity_prices": {
        "CMO-Historical-Data-Monthly": "commodity_prices monthly_xlsx", "CMO-Historical-Data-Annual": "commodity_prices annual_xlsx",
    },
    "capabilities/faostat_crops": {"FAOSTAT_data": "faostat_crops web_export", "": "faostat_crops refused"},
    "capabilities/wdi": {"API_": "wdi bulk_csv", "Metadata_": "wdi refused", "wdi_subset": "wdi refused"},
}  # fmt: skip


def expected(folder: str, name: str) -> str:
    """Files of other publishers stay unknown."""
    fits = [start for start in EXPECTED.get(folder, {}) if name.startswith(start)]
    return EXPECTED[folder][max(fits, key=len)] if fits else UNKNOWN


def found(path: Path) -> str:
    claims = {s: r for s in all_sources() if (r := recognise(s, path))}
    assert len(claims) < 2, f"{path.name} is claimed by {sorted(claims)}"
    for source, recognition in claims.items():
        return f"{source} {REFUSED if recognition.refused else recognition.layout}"
    return UNKNOWN


def test_every_file_has_one_owner_or_none(shared: Path, tmp_path: Path) -> None:
    files = sorted(p for p in (shared / "data").rglob("*") if p.is_file() and p.suffix != ".md")
    table, wrong = [], []
    for number, path in enumerate(files):
        folder = path.parent.relative_to(shared / "data").as_posix()
        renamed = tmp_path / f"{number}.bin"
        renamed.symlink_to(path)
        says, should = found(renamed), expected(folder, path.name)
        table.append(f"{says:<28} {folder}/{path.name}")
        wrong += [] if says == should else [f"{folder}/{path.name}: expected {should}, found {says}"]
    print("\n".join(table))  # shown with -s
    assert len(files) > 100 and not wrong, "\n".join(wrong)
