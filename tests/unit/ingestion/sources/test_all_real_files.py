"""Every official download beside the repository: whose it is by content, or why it is not read. Names play no part."""

from __future__ import annotations

from pathlib import Path

from source_files import recognise

from ingestion import content
from ingestion.errors import BadFile
from ingestion.registry import all_sources
from ingestion.sniff import Sniff

REFUSED = "refused"
UNKNOWN = "unknown"

# Folder -> what stands in it, by the beginning of the file's name; the longest that fits counts.
EXPECTED: dict[str, dict[str, str]] = {
    "trade/comtrade_tuna_hs6_monthly": {"comtrade_M_": "comtrade csv_rows", "converted_": "comtrade refused"},
    "trade/comtrade_coffee_sugar_2005_2010_2015": {"": "comtrade old_site_csv"},
    "trade/comtrade_gold_zmb_cod_monthly": {"": "comtrade refused"},
    "trade/baci_extract_zaf_afg": {"": "baci csv_extract"},
    "trade/baci_africa_sections_avg_2012_2022": {"converted_": "baci refused"},
    "trade/baci_seafood_hs12_2018": {"": "baci refused"},
    "trade/baci_wood_residues_hs6_1995_2018": {"converted_": "baci refused"},
    "trade/cepii_baci_codes": {"": "baci refused"},
    "trade/atlas_hs4_cross_sections": {
        "converted_": "hs4_exports atlas_table", "ecxplor_": "hs4_exports refused", "hs_product": "hs4_exports refused",
    },
    "trade/ots_hs4_cross_sections": {"converted_": "hs4_exports ots_table"},
    "trade/ots_bilateral_groups_1962_2018": {"converted_": "hs4_exports refused"},
    "value_added/antras_chor_upstreamness": {"": "wiod refused"},
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
    "value_added/oecd_tiva_2025_sdmx": {"exgr_": "oecd_tiva csvfile", "ref_areas": "oecd_tiva refused"},
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
    """R's format is refused, files of other publishers stay unknown."""
    if name.endswith((".rda", ".rds")):
        return REFUSED
    fits = [start for start in EXPECTED.get(folder, {}) if name.startswith(start)]
    return EXPECTED[folder][max(fits, key=len)] if fits else UNKNOWN


def found(path: Path) -> str:
    claims = {s: r for s in all_sources() if (r := recognise(s, path))}
    assert len(claims) < 2, f"{path.name} is claimed by {sorted(claims)}"
    for source, recognition in claims.items():
        return f"{source} {REFUSED if recognition.refused else recognition.layout}"
    return REFUSED if content.is_r_data(Sniff(path, path.name)) else UNKNOWN


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


# What a synthetic or recorded body under the fixtures is, with its rows; bodies of errors belong to nobody, or are told by their source.
FIXTURES = {
    "baci/BACI_HS96_V202501.cut.zip": "baci rejected",
    "baci/BACI_HS96_V202501.zip": "baci zip 72",
    "comtrade/bulk_file.synthetic.txt.gz": "comtrade refused",
    "comtrade/bulk_v1_get_C_A_HS.recorded.json": "comtrade refused",
    "comtrade/bulk_v1_get_empty.recorded.json": "comtrade api_json 0",
    "comtrade/data_v1_get_C_A_HS.recorded.json": "comtrade api_json 4",
    "comtrade/data_v1_get_C_A_HS.synthetic.json": "comtrade api_json 40",
    "comtrade/data_v1_get_countOnly.synthetic.json": "comtrade rejected",
    "comtrade/data_v1_get_empty.synthetic.json": "comtrade api_json 0",
    "comtrade/data_v1_get_unpinned_partner2.synthetic.json": "comtrade api_json 8",
    "comtrade/error_401_invalid.json": "unknown",
    "comtrade/error_401_missing.json": "unknown",
    "comtrade/error_403_quota.json": "unknown",
    "comtrade/error_429.json": "unknown",
    "comtrade/getDA_C_A_HS.revised.synthetic.json": "comtrade refused",
    "comtrade/getDA_C_A_HS.synthetic.json": "comtrade refused",
    "comtrade/reference_HS.synthetic.json": "comtrade_references commodities_json 7",
    "comtrade/reference_Reporters.bom.synthetic.json": "comtrade_references reporters_json 7",
    "faostat/Production_Crops_Livestock_E_All_Data_(Normalized).cp1252.csv": "faostat_crops bulk_csv 12",
    "faostat/Production_Crops_Livestock_E_All_Data_(Normalized).zip": "faostat_crops bulk_zip 12",
    "faostat/datasets_E.synthetic.json": "faostat_crops refused",
    "fda/ACT_SECTION_CHARGES.synthetic.csv": "fda refused",
    "fda/REFUSAL_ENTRY_2019_2023.synthetic.csv": "fda bulk_csv 12",
    "fda/REFUSAL_ENTRY_2019_2023.synthetic.zip": "fda bulk_csv 12",
    "fda/api_error_200.synthetic.json": "fda rejected",
    "fda/api_page1.synthetic.json": "fda api_json 5",
    "fda/api_page2.synthetic.json": "fda api_json 5",
    "icio/2021-2022_SML.zip": "oecd_icio zip 18",
    "icio/2022_SML.csv": "oecd_icio rejected",  # its year stands in its name only
    "oecd/DF_MAINLV_1.1.csvfile.synthetic.csv": "oecd_tiva csvfile 40",
    "oecd/DF_MAINLV_1.1.csvfilewithlabels.synthetic.csv": "oecd_tiva csvfilewithlabels 40",
    "oecd/DF_MAINLV_1.1.jsondata.synthetic.json": "oecd_tiva refused",
    "oecd/DF_MAINSH_1.1.csvfile.synthetic.csv": "oecd_tiva csvfile 17",
    "oecd/error_404_norecords.txt": "unknown",
    "oecd/error_429.txt": "unknown",
    "rasff/country_list.synthetic.json": "rasff refused",
    "rasff/search_page0.synthetic.json": "rasff window_json 0",
    "rasff/search_page1.synthetic.json": "rasff window_json 5",
    "rasff/search_page2.synthetic.json": "rasff window_json 5",
    "rasff/search_page3.synthetic.json": "rasff window_json 2",
    "rasff/view_900001.synthetic.json": "rasff refused",
    "unctadstat/US.TradeMerchTotal.synthetic.csv.gz": "unctadstat refused",
    "unctadstat/reportMetadata.synthetic.json": "unctadstat refused",
    "wdi/empty.json": "wdi api_json 0",
    "wdi/error_200.json": "wdi rejected",
    "wdi/manf_page1.synthetic.json": "wdi api_json 5",
    "wdi/manf_page2.synthetic.json": "wdi api_json 4",
    "wdi/manf_page3.synthetic.json": "wdi api_json 2",
    "wits/TRN_404_2021.synthetic.xml": "wits_tariffs sdmx_xml 5",
    "wto/eping_search_page1.synthetic.json": "eping search_json 5",
    "wto/timeseries_data.synthetic.json": "wto_timeseries dataset_json 9",
    "wto/timeseries_data_count.synthetic.json": "unknown",
}


def outcome(path: Path) -> str:
    """As `found`, with the rows of what is read, or 'rejected' where the parser says that the file cannot be right."""
    says = found(path)
    source, _, layout = says.partition(" ")
    if REFUSED in (source, layout) or not layout:
        return says
    spec, recognition = all_sources()[source], recognise(source, path)
    try:
        return f"{says} {sum(p.rows_read for p in (spec.pieces or (lambda *a: [spec.parse(*a)]))(path, recognition))}"
    except BadFile:
        return f"{source} rejected"


def test_every_fixture_is_read_or_refused(shared: Path, tmp_path: Path) -> None:
    says = {}
    for number, path in enumerate(sorted(p for p in (shared / "fixtures").rglob("*") if p.is_file() and p.suffix != ".md")):
        renamed = tmp_path / f"{number}.bin"
        renamed.symlink_to(path)
        says[path.relative_to(shared / "fixtures").as_posix()] = outcome(renamed)
    assert says == FIXTURES
