"""One run over the official downloads beside the repository. The tuna ladder is computed again here, by hand, from `fct_trade`."""

from __future__ import annotations

import pytest

from tests.pipeline.finished_run import UNACCOUNTED, FinishedRun

# Rows as counted by whoever collected the files (SOURCE.md of each folder), by table and layout.
ROWS_READ = {
    ("raw_comtrade__data", "csv_rows"): 1_029_756,
    ("raw_comtrade__data", "old_site_csv"): 8_652 + 1_127,
    ("raw_rasff__notices", "window_csv"): 8_413,
    ("raw_rasff__notices", "window_xlsx"): 902,
    ("raw_rasff__notices", "cases_8_columns"): 21_871,
    ("raw_oecd_tiva__data", "csvfile"): 72,
    ("raw_wdi__indicators", "bulk_csv"): 147_134,
    ("raw_wdi__indicators", "old_bulk_csv"): 1_495 + 54_120,  # enterprise surveys, tariff aggregates
    ("raw_fda__refusals", "shrimp_extract"): 7_085,
    ("raw_eu_uk_tariffs__lines", "csv"): 11_830,
    ("raw_wiod__tables", "rounded_2013_parquet"): 17 * 1_435,
    ("raw_hs4_exports__cross_sections", "ots_table"): 44_435 + 91_820 + 176_971 + 229_229,
    ("raw_hs4_exports__cross_sections", "atlas_table"): 162_910 + 119_175,
    ("raw_faostat_forestry__data", "tidy_wide"): 345_941,  # numbers in 166,248 lines
    ("raw_faostat_crops__data", "web_export"): 360,
    ("raw_unctadstat__observations", "download_csv"): 54_234 + 3 * 16_724 + 4 * 13_740,  # measures of a line
    ("raw_lpi__scores", "databank_xlsx"): 19_205,  # numbers in 3,230 lines
    ("raw_commodity_prices__prices", "monthly_xlsx"): 50_167,  # prices of 797 months and 71 commodities
    ("raw_adb_gvc__statistics", "participation"): 24_528,
    ("raw_adb_gvc__statistics", "lengths"): 24_528,
    ("raw_adb_gvc__statistics", "advantage"): 24_090,
}
# Indicator rules, section 13: share of cans in what partners import, mean of the years 2011-13 and 2020-22, over the 80 reporters of every
# year. The mart pools the years of a window instead (macro ladder_panel_change says why), which moves the first three by up to 0.02.
TUNA = {
    "SEN": (0.13, 0.80),
    "FJI": (0.55, 0.87),
    "SLB": (0.87, 0.95),
    "GHA": (0.89, 0.97),
    "MUS": (0.96, 0.96),
    "SYC": (0.73, 0.51),
    "PNG": (0.79, 0.64),
}
STAY_RAW = ("FSM", "KIR")
REPORTERS = 80
ORACLE = """
    with tuna as (
        select year, exporter, importer, hs6, value_importer_kusd as kusd from fct_trade
        semi join (select hs6 from map_chain_product where chain_id = 'tuna' and not shared_code) using (hs6)
        where value_importer_kusd is not null and year between 2011 and 2022
    ),
    panel as (select importer from tuna group by importer having count(distinct year) = 12),
    yearly as (
        select exporter, year, coalesce(sum(kusd) filter (hs6 = '160414'), 0) / sum(kusd) as share
        from tuna semi join panel using (importer) group by all
    )
    select exporter, avg(share) filter (year <= 2013), avg(share) filter (year >= 2020), (select count(*) from panel)
    from yearly group by exporter
"""


def test_it_publishes_a_release(real_run: FinishedRun) -> None:
    assert real_run.ended.code == 0, real_run.ended.output
    assert real_run.rows("select is_sample from dim_release") == [(False,)]
    assert real_run.query("select count(*) as n from v_acp_current") == [{"n": "79"}]


def test_no_row_is_synthetic(real_run: FinishedRun) -> None:
    tables = real_run.tables_with("data_origin")
    assert len(tables) >= 8
    assert {t: n for t in tables if (n := real_run.one(f"select count(*) from {t} where data_origin = 'sample'"))} == {}
    assert "SYNTHETIC" not in real_run.ended.output


def test_every_row_of_every_file_is_accounted_for(real_run: FinishedRun) -> None:
    assert real_run.rows(UNACCOUNTED) == []
    read = {(t, layout): n for t, layout, n in real_run.rows("select table_name, layout, sum(n_rows) from mart_row_account group by all")}
    assert {k: read.get(k) for k in ROWS_READ} == ROWS_READ


def test_a_value_or_a_reason_never_both_nor_neither(real_run: FinishedRun) -> None:
    assert real_run.one("select count(*) from fct_indicator where (value is null) = (null_reason is null)") == 0


def test_thinned_extracts_never_give_totals(real_run: FinishedRun) -> None:
    """The BACI rows here are cut to a few exporters: no index over all trade may come from them."""
    sql = "select count(value) from fct_indicator where indicator_id in ('export_hhi', 'active_lines', 'gold_diamond_oil_share')"
    assert real_run.one(sql) == 0
    assert real_run.one("select count(*) from fct_trade where source = 'baci'") == 0


def test_the_tuna_ladder_is_that_of_the_oracle(real_run: FinishedRun) -> None:
    shares = {country: (float(first or 0), float(last or 0)) for country, first, last, _ in real_run.rows(ORACLE)}
    assert {n for *_, n in real_run.rows(ORACLE)} == {REPORTERS}
    for country, expected in TUNA.items():
        assert tuple(round(share, 2) for share in shares[country]) == expected, country
    assert all(shares[c][1] < 0.01 for c in STAY_RAW)


def test_the_published_climb_has_the_signs_of_the_oracle(real_run: FinishedRun) -> None:
    """The mart asks for reporters of thirteen years (2010 to 2022), so fewer; who climbs and who slides is the same."""
    sql = "select iso3, climb_value_10y from mart_ladder where chain_id = 'tuna' and year = 2022 and climb_value_10y is not null"
    climb = dict(real_run.rows(sql))
    for country, (first, last) in TUNA.items():
        if abs(last - first) > 0.02:
            assert (climb[country] > 0) == (last > first), country
            assert climb[country] == pytest.approx(last - first, abs=0.15), country
        else:
            assert abs(climb[country]) < 0.02, country
    assert all(abs(climb[c]) < 0.01 for c in STAY_RAW)


def test_more_cans_are_not_a_climb(real_run: FinishedRun) -> None:
    """Papua New Guinea sells more cans in dollars and stands lower."""
    sql = "select sum(value_importer_kusd)::double from fct_trade where exporter = 'PNG' and hs6 = '160414' and year between ? and ?"
    assert real_run.one(sql, 2020, 2022) > 1.4 * real_run.one(sql, 2011, 2013)
    assert real_run.one("select climb_value_10y from mart_ladder where iso3 = 'PNG' and chain_id = 'tuna' and year = 2022") < -0.05


def test_thailand_stopping_does_not_make_kiribati_climb(real_run: FinishedRun) -> None:
    """The largest buyer of frozen tuna reports until 2020: the fixed panel leaves it out at both ends."""
    assert real_run.one("select max(year) from fct_trade where importer = 'THA' and value_importer_kusd is not null") == 2020
    sql = "select abs(climb_value_10y) from mart_ladder where iso3 = 'KIR' and chain_id = 'tuna' and year = 2022"
    assert real_run.one(sql) < 0.01


# Indicator rules, section 13: cubic metres of roundwood equivalent, 2003-05 (Cameroon alone), 2007-09 and 2017-19.
WOOD = {
    "GAB": (None, 0.12, 0.40),
    "CMR": (0.33, 0.26, 0.21),
    "GHA": (None, 0.38, 0.17),
    "SLB": (None, 0.01, 0.01),
    "PNG": (None, 0.02, 0.01),
}


def test_the_wood_ladder_is_the_oracles(real_run: FinishedRun) -> None:
    window = """
        select (sum(re1) + 2 * sum(re2)) / (3 * sum(re0 + re1 + re2)) from mart_ladder
        where source = 'faostat' and iso3 = ? and year between ? and ?
    """
    for country, expected in WOOD.items():
        for years, position in zip(((2003, 2005), (2007, 2009), (2017, 2019)), expected, strict=True):
            assert position is None or round(real_run.one(window, country, *years), 2) == position, (country, years)
    factors = """
        select count(*), count(*) filter (where low <= value and value <= high) from fct_indicator
        where indicator_id = 'ladder_position_rawequiv' and source = 'faostat' and value is not null
    """
    ((n, inside),) = real_run.rows(factors)
    assert n == inside > 5_000


def test_cocoa_in_four_digits_is_what_the_publishers_say(real_run: FinishedRun) -> None:
    """SOURCE.md of both folders: beans in million USD; rows with exports; goods of 2019 without services."""
    beans = "select year, round(x0_kusd / 1000)::int from mart_ladder where source = ? and chain_id = 'cocoa' and iso3 = ? order by year"
    assert real_run.rows(beans, "ots", "GHA") == [(1962, 194), (1980, 649), (2017, 2043), (2018, 2793)]
    assert real_run.rows(beans, "ots", "CIV") == [(1962, 48), (1980, 524), (2017, 3942), (2018, 4006)]
    assert real_run.rows(beans, "atlas", "CIV") == [(2016, 3623), (2019, 3120)]
    assert real_run.one("select count(*) from mart_ladder where source in ('ots', 'atlas') and position is not null") == 0
    size = "select round(sum(value_kusd)::double / 1e6, 1) from fct_export_hs4 where source = ? and year = ?"
    assert [real_run.one(size, "ots", y) for y in (1962, 1980, 2017)] == [126.9, 2019.8, 20080.7]
    assert real_run.one(size, "atlas", 2019) == 17443.6
    assert real_run.one("select count(*) from fct_export_hs4 where source = 'ots' and year = 2018") == 164_639
    means = "select distinct row_status, status_reason from mart_row_account where source = 'hs4_exports' and layout = 'sitc2_means'"
    assert real_run.rows(means) == [("out_of_scope", "mean_over_partners")]


# What whoever collected the files counted in them (SOURCE.md of each folder), million USD or as named, read off the marts.
FIRST_OF_A_HEADING = {
    ("ots", 2018, "0603"): {"NLD": 4730, "COL": 1769, "ECU": 1045, "KEN": 796},
    ("ots", 1980, "2709"): {"SAU": 104736, "IRQ": 26658, "NGA": 22922},
    ("ots", 2017, "0902"): {"CHN": 1718, "LKA": 1559, "KEN": 1559},
    ("atlas", 2016, "0603"): {"NLD": 4080, "COL": 1084, "ECU": 697, "KEN": 659},
    ("atlas", 2019, "2709"): {"ARE": 175927, "SAU": 125832, "RUS": 114861},
    ("atlas", 2019, "1801"): {"CIV": 3120, "GHA": 1288, "ECU": 619, "NGA": 569},
}
BOUGHT = {  # (exporter, HS6) -> year -> imports that all reporters say they had from it
    ("PNG", "160414"): {2012: 149, 2016: 115, 2019: 212, 2022: 260},
    ("PNG", "030343"): {2012: 42, 2016: 181, 2019: 128, 2022: 76},
    ("SYC", "160414"): {2012: 246, 2022: 241},
    ("SEN", "160414"): {2012: 0, 2022: 92},
    ("ECU", "160414"): {2019: 1086},
    ("ESP", "160414"): {2019: 663},
    ("MUS", "160414"): {2019: 320},
    ("THA", "160414"): {2019: 1758 - 7},  # the source counts 6.9 that Thailand says it imported from itself; own_country is out of scope
}


def test_facts_about_exports_of_a_heading(real_run: FinishedRun) -> None:
    sql = """
        select exporter, round(value_kusd / 1000)::int from fct_export_hs4 where source = ? and year = ? and hs4 = ?
        order by value_kusd desc limit ?
    """
    for key, facts in FIRST_OF_A_HEADING.items():
        assert dict(real_run.rows(sql, *key, len(facts))) == facts, key
    share = """
        select round(100 * sum(value_kusd) filter (where hs4 = ?) / sum(value_kusd), 1) from fct_export_hs4
        where source = ? and exporter = ? and year = ?
    """
    assert [real_run.one(share, "0603", "ots", "KEN", year) for year in (1980, 2017, 2018)] == [1.1, 11.3, 10.5]
    assert all(real_run.one(share, "7102", "atlas", "BWA", year) > 60 for year in (2016, 2019))


def test_facts_about_tuna_bought_and_coffee_sold(real_run: FinishedRun) -> None:
    sql = "select round(sum(value_importer_kusd) / 1000)::int from fct_trade where exporter = ? and hs6 = ? and year = ?"
    for (exporter, hs6), facts in BOUGHT.items():
        assert {year: real_run.one(sql, exporter, hs6, year) for year in facts} == facts, (exporter, hs6)
    coffee = """
        select round(sum(value_exporter_kusd) / 1000)::int from fct_trade where exporter = ? and hs6 = '090111' and year = 2015
    """
    assert [real_run.one(coffee, c) for c in ("BRA", "COL", "VNM", "IDN", "ETH")] == [5555, 2527, 2342, 1190, 1017]
    raw = """
        select round(sum(value_importer_kusd) / 1000)::int from fct_trade
        where exporter = ? and hs6 in ('030342', '030343') and year = 2019
    """
    assert [real_run.one(raw, c) for c in ("KIR", "FSM", "MHL")] == [69, 121, 85]


def test_facts_about_capabilities_and_rejections(real_run: FinishedRun) -> None:
    bounds = "select round(min(value), 3), round(max(value), 3) from fct_indicator where indicator_id = ?"
    assert real_run.rows(bounds, "electricity_access") == [(0.534, 100.0)]
    assert real_run.rows(bounds, "rd_gdp") == [(0.005, 6.346)]
    assert [round(v) for v in real_run.rows(bounds, "fdi_inflow_gdp")[0]] == [-1303, 1710]
    score = "select round(value, 2) from fct_indicator where indicator_id = 'lpi_overall' and year = 2018 and iso3 = ?"
    assert [real_run.one(score, c) for c in ("RWA", "HTI")] == [2.97, 2.11]
    # 2,524 rows say border rejection; a notice counts once, in the state that was sent last: 27 of the file stand twice
    assert 2524 - 27 <= real_run.one("select count(*) from fct_rejection where is_border_rejection") <= 2524
