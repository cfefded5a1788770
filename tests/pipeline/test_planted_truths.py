"""What the sample hides is found again in the published tables, and only that."""

from __future__ import annotations

import pytest

from tests import planted_truths as truth
from tests.pipeline.finished_run import FinishedRun

CLIMBS = (truth.CLIMBER, truth.ONLY_MORE_RAW, truth.PRICE_SPIKE, truth.KIRIBATI, *truth.OTHER_CLIMBERS)
PUBLISHED = [c for c in CLIMBS if c.chain not in truth.PART_LISTS_TOO_THIN]
CLIMB_OF = """
    select climb_value_10y, climb_constprice_10y, climb_rawequiv_10y, climb_10y, climb_10y_agree
    from mart_ladder where iso3 = ? and chain_id = ? and year = ? and source = 'comtrade'
"""


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda c: f"{c.country}-{c.chain}")
def test_climbs_on_each_basis(sample_run: FinishedRun, case: truth.Climb) -> None:
    ((value, price, raw, _, _),) = sample_run.rows(CLIMB_OF, case.country, case.chain, case.year)
    for found, bounds in ((value, case.value), (price, case.constant_price), (raw, case.raw_equivalent)):
        if bounds:
            assert bounds[0] <= found <= bounds[1]


def test_the_climber_climbs_on_all_bases_and_the_price_spike_is_no_fall(sample_run: FinishedRun) -> None:
    ((*_, climb, agree),) = sample_run.rows(CLIMB_OF, "GHA", "cocoa", 2019)
    assert climb > 0.1 and agree
    ((*_, climb, agree),) = sample_run.rows(CLIMB_OF, "CIV", "cocoa", 2019)
    assert climb >= 0 and agree is False
    before, after, low, high = truth.PRICE_SPIKE_VALUE_DROP
    sql = "select pos_value, pos_constprice from mart_ladder where iso3 = 'CIV' and chain_id = 'cocoa' and year in (?, ?) order by year"
    (value_0, price_0), (value_1, price_1) = sample_run.rows(sql, before, after)
    assert low <= value_1 - value_0 <= high and abs(price_1 - price_0) < 0.003


def test_more_raw_is_more_exports_and_no_climb(sample_run: FinishedRun) -> None:
    sql = "select x0_kusd + x1_kusd + x2_kusd + x3_kusd from mart_ladder where iso3 = 'CMR' and chain_id = 'cocoa' and year in (2007, 2017)"
    (first,), (last,) = sample_run.rows(sql + " order by year")
    assert last / first >= truth.ONLY_MORE_RAW_EXPORT_GROWTH
    assert sample_run.rows(CLIMB_OF, "CMR", "cocoa", 2019)[0][3] < 0


def test_a_part_list_with_less_than_half_of_a_chain_gives_no_position(sample_run: FinishedRun) -> None:
    """docs/decisions/0005: half of the codes at least. Whole lists (2020-2022) do hold these chains."""
    for chain in truth.PART_LISTS_TOO_THIN:
        sql = """
            select distinct null_reason, pos_value, climb_value_10y from mart_ladder
            where chain_id = ? and year < 2020 and source = 'comtrade'
        """
        assert sample_run.rows(sql, chain) == [("partial_coverage", None, None)]
        whole = "select count(pos_value) from mart_ladder where chain_id = ? and year between 2020 and 2022 and source = 'baci'"
        assert sample_run.one(whole, chain) > 0
    gabon = "select distinct null_reason, climb_null_reason from mart_ladder where iso3 = ? and chain_id = 'wood_furniture' and year = 2019"
    assert sample_run.rows(gabon, "GAB") == sample_run.rows(gabon, "SLB") == [("partial_coverage", "partial_coverage")]


def test_stays_raw(sample_run: FinishedRun) -> None:
    for country, chain in truth.STAYS_RAW:
        if chain not in truth.PART_LISTS_TOO_THIN:
            sql = "select max(pos_value) from mart_ladder where iso3 = ? and chain_id = ? and year in (2008, 2018) and source = 'comtrade'"
            assert sample_run.one(sql, country, chain) < 0.01


def test_a_vanished_importer_makes_nobody_climb(sample_run: FinishedRun) -> None:
    """Over whoever reports, Kiribati would climb when Thailand stops; over the fixed panel nothing happens."""
    position = "sum(stage * value_importer_kusd) filter ({0}) / sum(value_importer_kusd) filter ({0}) / 3"
    naive = f"""
        select {position.format("year between 2017 and 2019")} - {position.format("year between 2007 and 2009")} from fct_trade
        inner join map_chain_product using (hs_revision, hs6) where chain_id = 'tuna' and exporter = 'KIR' and source = 'comtrade'
    """
    assert sample_run.one(naive) > truth.KIRIBATI_WITHOUT_PANEL
    low, high = truth.KIRIBATI.value
    assert all(low <= c <= high for c in sample_run.rows(CLIMB_OF, "KIR", "tuna", 2019)[0][:2])
    importer, last = truth.STOPPED_IMPORTER
    sql = "select max(year) from fct_trade where importer = ? and value_importer_kusd is not null and source = 'comtrade'"
    assert sample_run.one(sql, importer) == last


def test_a_hub_is_flagged_transit(sample_run: FinishedRun) -> None:
    flagged = "select min(reexport_ratio), bool_and(list_contains(flags, 'transit')) from mart_ladder where iso3 = ? and chain_id = ?"
    country, chain, ratio = truth.HUB
    ((lowest, transit),) = sample_run.rows(flagged, country, chain)
    assert lowest > ratio and transit
    for country, chain in truth.NOT_A_HUB:
        sql = "select max(reexport_ratio), bool_or(list_contains(flags, 'transit')) from mart_ladder where iso3 = ? and chain_id = ?"
        ((highest, transit),) = sample_run.rows(sql, country, chain)
        assert highest < 0.2 and not transit


def test_an_assembler_is_flagged_and_claims_no_climb(sample_run: FinishedRun) -> None:
    sql = """
        select bool_and(list_contains(flags, 'assembly')), bool_or(climb_10y_agree) from mart_ladder
        where iso3 = ? and chain_id = ? and year < 2020
    """
    assert sample_run.rows(sql, *truth.ASSEMBLER) == [(True, None)]
    assert sample_run.rows(sql, *truth.NOT_AN_ASSEMBLER) == [(False, None)]


def test_missing_and_estimated_quantities_give_no_volume(sample_run: FinishedRun) -> None:
    for country, chain in (truth.MISSING_QUANTITY, truth.ESTIMATED_QUANTITY):
        sql = """
            select distinct null_reason from fct_indicator where iso3 = ? and scope_id = ? and year between 2007 and 2019
            and indicator_id in ('ladder_position_constprice', 'ladder_position_rawequiv')
        """
        assert sample_run.rows(sql, country, chain) == [("no_quantity",)]
        by_value = """
            select count(value) from fct_indicator
            where iso3 = ? and scope_id = ? and year = 2015 and indicator_id = 'ladder_position_value'
        """
        assert sample_run.one(by_value, country, chain) == 1


def test_the_tonne_outlier_keeps_its_value_and_loses_its_quantity(sample_run: FinishedRun) -> None:
    exporter, importer, hs6, year, _ = truth.TONNE_OUTLIER
    sql = (
        "select value_kusd > 0, quantity_t, is_quantity_outlier from fct_trade where exporter = ? and importer = ? and hs6 = ? and year = ?"
    )
    assert sample_run.rows(sql, exporter, importer, hs6, year) == [(True, None, True)]


def test_the_rejection_cluster(sample_run: FinishedRun) -> None:
    by_year = """
        select year(notified_on), count(*) from fct_rejection inner join fct_rejection_origin using (rejection_id)
        where is_border_rejection and iso3 = ? group by 1 order by 1
    """
    for (country, _), counts in truth.REJECTIONS.items():
        assert dict(sample_run.rows(by_year, country)) == counts
    window = """
        select value, low < value and value < high, n_obs from fct_indicator
        where indicator_id = 'rejection_count_3y' and scope_id = 'ALL:EU'
    """
    for country, n in truth.REJECTION_SUMS_2024.items():
        assert sample_run.rows(window + " and iso3 = ? and year = 2024", country) == [(n, True, 36)]
        assert sample_run.rows(window + " and iso3 = ? and year = 2022", country)[0][2] == 24, "2020 has no classification"
    mix = "select scope_id, n_obs from fct_indicator where indicator_id = 'hazard_mix_share' and iso3 = 'NGA' and year = 2024 and value = 1"
    assert set(sample_run.rows(mix)) == {("ALL:microbiological", 12), ("sesame:microbiological", 12)}, "salmonella in sesame seeds"
    assert sample_run.one("select count(*) from fct_rejection") == truth.NOTICES["all layouts"]
    assert sample_run.one("select count(*) from fct_rejection where classification <> 'not given'") == truth.NOTICES["with classification"]


def test_grades(sample_run: FinishedRun) -> None:
    sql = "select dq_grade from fct_indicator where indicator_id = 'ladder_position_value' and iso3 = ? and scope_id = ? and year = ?"
    assert {k: sample_run.one(sql, *k) for k in truth.GRADES} == truth.GRADES
    assert sample_run.rows("select distinct dq_grade from fct_indicator order by all") == [("A",), ("B",), ("C",), ("D",)]


def test_namibia_is_there_and_zeros_lead(sample_run: FinishedRun) -> None:
    iso3, iso2, _ = truth.NAMIBIA
    assert sample_run.one("select iso2 from v_acp_current where iso3 = ?", iso3) == iso2
    sql = "select distinct split_part(source, ':', 1) from fct_indicator where iso3 = ? and value is not null"
    sources = {source for (source,) in sample_run.rows(sql, iso3)}
    assert sources == {"atlas", "baci", "baci+icio_2025", "comtrade", "lpi", "ots", "rasff", "wdi", "wits_gvc"}
    for hs6 in truth.LEADING_ZEROS:
        assert sample_run.one("select count(*) from fct_trade where hs6 = ?", hs6) > 0, hs6
    assert sample_run.one("select count(*) from fct_trade where length(hs6) <> 6") == 0


def test_codes_of_later_editions_are_joined_to_hs1996(sample_run: FinishedRun) -> None:
    for reported, hs1996 in truth.RENAMED_CODES.items():
        assert sample_run.one("select count(*) from fct_trade where hs6 = ? and source = 'comtrade'", hs1996) > 0, hs1996
        assert sample_run.one("select count(*) from fct_trade where hs6 = ? and source = 'comtrade'", reported) == 0, reported


def test_rows_that_arrive_twice_count_once(sample_run: FinishedRun) -> None:
    sql = """
        select sum({value})::double * 1000 from fct_trade semi join (select hs6 from map_chain_product where chain_id = ?) using (hs6)
        where {side} = ? and year = ? and source = 'comtrade'
    """
    country, chain, year, usd = truth.COUNTED_ONCE_ANNUAL_AND_MONTHLY
    assert sample_run.one(sql.format(value="value_importer_kusd", side="importer"), chain, country, year) == pytest.approx(usd, rel=1e-6)
    country, chain, year, usd = truth.COUNTED_ONCE_JSON_AND_CSV
    assert sample_run.one(sql.format(value="value_exporter_kusd", side="exporter"), chain, country, year) == pytest.approx(usd, rel=1e-6)


def test_partial_years_are_marked(sample_run: FinishedRun) -> None:
    sql = """
        select bool_and(is_partial_year), bool_or(is_partial_year) from fct_trade
        where importer = ? and year = ? and value_importer_kusd is not null
    """
    for country, year in truth.PARTIAL_YEARS:
        assert sample_run.rows(sql, country, year) == [(True, True)]
        assert sample_run.rows(sql, "JPN", year) == [(False, False)]
    assert sample_run.one("select bool_and(is_partial_year) from fct_trade where year = 2024") is True


def test_totals_exist_where_one_source_holds_the_whole_list(sample_run: FinishedRun) -> None:
    sql = "select year, null_reason from fct_indicator semi join v_acp_current using (iso3) where indicator_id = 'export_hhi' group by all"
    reasons: dict[int, set[str | None]] = {}
    for year, reason in sample_run.rows(sql):
        reasons.setdefault(year, set()).add(reason)
    assert {y for y, r in reasons.items() if r != {"partial_coverage"}} == set(truth.WHOLE_LIST_YEARS)
    silent = "select iso3 from fct_indicator where indicator_id = 'export_hhi' and year = 2021 and null_reason = 'no_trade'"
    assert sample_run.rows(silent) == [(truth.BACI_SILENT_MEMBER,)]
    value = "select value from fct_indicator where indicator_id = ? and iso3 = ? and year = 2022"
    for indicator, expected in (("export_hhi", truth.EXPORT_HHI_2022), ("gold_diamond_oil_share", truth.POINT_RESOURCES_2022)):
        for country, (low, high) in expected.items():
            assert low <= sample_run.one(value, indicator, country) <= high, (indicator, country)


def test_witnesses_stand_side_by_side(sample_run: FinishedRun) -> None:
    country, sector, eora, tiva = truth.WITNESSES_DISAGREE
    sql = "select value from fct_indicator where indicator_id = 'gvc_output_share' and iso3 = ? and scope_id = ? and year = ?"
    for witness, year, (low, high) in (("eora", 2015, eora), ("tiva", 2020, tiva)):
        assert low - 1e-6 <= sample_run.one(sql, country, f"{witness}:{sector}", year) <= high + 1e-6
    members = "select count(distinct iso3), max(year) from fct_indicator semi join v_acp_current using (iso3) where value is not null and "
    assert sample_run.rows(members + "indicator_id = 'gvc_output_share' and source = 'wits_gvc:eora'") == [(truth.EORA_MEMBERS, 2015)]
    assert sample_run.rows(members + "indicator_id = 'population'")[0][0] == truth.WDI_MEMBERS
    oecd = "select distinct iso3 from fct_indicator semi join v_acp_current using (iso3) where indicator_id = 'io_fva_share'"
    assert sorted(c for (c,) in sample_run.rows(oecd + " and value is not null")) == sorted(truth.TIVA_MEMBERS)


def test_wood_climbs_and_stays_by_volume(sample_run: FinishedRun) -> None:
    window = """
        select (sum(re1) + 2 * sum(re2)) / (3 * sum(re0 + re1 + re2)) from mart_ladder
        where source = 'faostat' and chain_id = 'wood' and iso3 = ? and year between ? and ?
    """
    for country, bounds in truth.WOOD_VOLUMES.items():
        for years, (low, high) in zip(((2007, 2009), (2017, 2019)), bounds, strict=True):
            assert low <= sample_run.one(window, country, *years) <= high, (country, years)
    claims = "select count(position), count(climb_10y), count(climb_10y_agree), max(n_bases), max(re_unit) from mart_ladder"
    assert sample_run.rows(f"{claims} where source = 'faostat'") == [(0, 0, 0, 1, "m3")]
    state = "select distinct flags, dq_grade, null_reason from mart_ladder where source = 'faostat' and iso3 = ?"
    assert sample_run.rows(state, truth.WOOD_TRANSIT) == [(["transit"], "C", "below_min_obs")]
    assert sample_run.rows(state, truth.WOOD_NO_TRADE) == [([], "D", "no_trade")]
    groups = "select row_status, status_reason from mart_row_account where source = 'faostat_forestry' and status_reason = 'not_a_country'"
    assert sample_run.rows(groups) == [("out_of_scope", "not_a_country")]


def test_two_publishers_of_four_digits_stay_apart(sample_run: FinishedRun) -> None:
    country, year, (low, high), factor = truth.FOUR_DIGITS
    sql = "select pos_value, x0_kusd, position, dq_grade from mart_ladder where source = ? and chain_id = 'cocoa' and iso3 = ? and year = ?"
    ((ots, ots_beans, *claim),) = sample_run.rows(sql, "ots", country, year)
    ((atlas, atlas_beans, *_),) = sample_run.rows(sql, "atlas", country, year)
    assert low <= ots <= high and ots == pytest.approx(atlas, abs=1e-6)
    assert ots_beans / atlas_beans == pytest.approx(factor, rel=1e-6)
    assert claim == [None, "B"]
    goods = "select count(*) from fct_export_hs4 where not regexp_full_match(hs4, '[0-9]{4}')"
    assert sample_run.one(goods) == 0
    old = "select count(*) from fct_export_hs4 where exporter = ? and source = 'ots'"
    assert sample_run.one(old, "ROU") > 100 and sample_run.one(old, "XXX") == 1, "ROM is Romania; a state that is gone is nobody's"


PRICE_OF = "select value from fct_indicator where indicator_id = 'chain_relative_unit_value' and iso3 = ? and scope_id = ? and year = ?"


def test_a_price_spike_is_no_better_product(sample_run: FinishedRun) -> None:
    """The bean price doubles for all: the unit value of CIV follows, its price relative to the others does not, no class is claimed."""
    sql = "select unit_value from mart_product where iso3 = 'CIV' and hs6 = '180100' and source = 'comtrade' and year = ?"
    assert sample_run.one(sql, 2018) > 1.5 * sample_run.one(sql, 2017)
    assert abs(sample_run.one(PRICE_OF, "CIV", "cocoa:0", 2018) / sample_run.one(PRICE_OF, "CIV", "cocoa:0", 2017) - 1) < 0.05
    sql = "select kr_quadrant from mart_upgrading where iso3 = 'CIV' and scope_id = 'cocoa' and year in (2018, 2019)"
    assert sample_run.rows(sql) == [("neutral",), ("neutral",)]


def test_more_raw_is_a_larger_share_at_the_same_price(sample_run: FinishedRun) -> None:
    """Selling more beans gains share, over the market as well as buyer by buyer, and is no product upgrading."""
    sql = "select value, low from fct_indicator where indicator_id = ? and iso3 = 'CMR' and scope_id = 'cocoa' and year = 2019"
    ((change, low),) = sample_run.rows(sql, "market_share_change_5y")
    assert change > 0.05 and low > 0
    assert sample_run.rows(sql, "cmsa_competitiveness")[0][0] > 0
    sql = "select kr_quadrant from mart_upgrading where iso3 = 'CMR' and scope_id = 'cocoa' and year = 2019"
    assert sample_run.one(sql) == "neutral"


def test_a_vanished_importer_moves_no_share_and_no_price(sample_run: FinishedRun) -> None:
    """Most tuna of Kiribati went to the buyer that stops: windows around that year have no common panel, no change is published."""
    sql = """
        select distinct null_reason from fct_indicator where iso3 = 'KIR' and scope_id = 'tuna' and year between 2016 and 2019
        and indicator_id in ('market_share_change_5y', 'ruv_change_5y', 'cmsa_competitiveness') and source = 'comtrade'
    """
    assert sample_run.rows(sql) == [("insufficient_history",)]


def test_flows_that_never_begin_have_no_survival(sample_run: FinishedRun) -> None:
    sql = """
        select distinct null_reason from fct_indicator where indicator_id in ('export_survival_1y', 'export_survival_5y')
        and iso3 in ('GHA', 'SEN') and scope_id in ('cocoa', 'tuna') and year between 2017 and 2019 and null_reason <> 'no_trade'
    """
    assert sample_run.rows(sql) == [("below_min_obs",)]


def test_the_vanished_importer_is_neither_a_buyer_lost_nor_a_fall_of_exports(sample_run: FinishedRun) -> None:
    importer, last_year = truth.STOPPED_IMPORTER
    sold = "select count(*) > 0 from fct_trade where exporter = 'KIR' and importer = ? and year = ? and left(hs6, 2) in ('03', '16')"
    assert sample_run.one(sold, importer, last_year) and not sample_run.one(sold, importer, 2019)
    kept = "select partner_persistence from mart_governance where iso3 = 'KIR' and chain_id = 'tuna' and year = 2019"
    assert sample_run.one(kept) == 1
    sums = "select sum(value_kusd)::double from fct_trade where exporter = 'KIR' and year = ?"
    assert sample_run.one(sums, last_year + 1) < 0.75 * sample_run.one(sums, last_year)
    volatility = (
        "select value from fct_indicator where indicator_id = 'export_volatility' and iso3 = 'KIR' and scope_id = 'tuna' and year = ?"
    )
    assert sample_run.one(volatility, 2019) < 0.15


def test_groups_follow_their_members(sample_run: FinishedRun) -> None:
    sizes = "select membership_mode, max(n_members) from mart_group where group_id = 'OACPS' and year = ? group by all order by all"
    assert sample_run.rows(sizes, 2021) == [("as_of", 79), ("current", 79)]  # South Africa was in, the Maldives were not
    group = "from mart_group where group_id = 'OACPS' and membership_mode = ? and indicator_id = 'export_hhi' and year = 2021"
    assert sample_run.one(f"select value {group}", "as_of") != sample_run.one(f"select value {group}", "current")
    assert sample_run.one(f"select n_true_zero {group}", "current") == 1, truth.BACI_SILENT_MEMBER


def test_a_grinder_of_imported_beans_has_no_own_origin(sample_run: FinishedRun) -> None:
    own = "select value, null_reason from fct_indicator where indicator_id = 'own_origin_processing_ratio' and scope_id = ? and iso3 = ?"
    ((climber, _),) = sample_run.rows(f"{own} and year = 2018", "cocoa", truth.CLIMBER.country)
    ((seller, _),) = sample_run.rows(f"{own} and year = 2018", "cocoa", truth.ONLY_MORE_RAW.country)
    assert climber > 0.4 and seller < 0.1
    assert sample_run.rows(f"{own} and year = 2018", "coffee", "DEU") == [(None, "zero_denominator")]


def test_yields_against_the_world(sample_run: FinishedRun) -> None:
    """A climb over the world's yield, FAO's estimate marked, an empty area without a yield; a chain without a crop says so."""
    rows = "select value, dq_grade, null_reason from fct_indicator where indicator_id = 'agri_yield_relative'"
    sql = f"{rows} and iso3 = ? and scope_id = ? and year = ?"
    for (iso3, chain, year), (low, high), grade in truth.YIELDS:
        value, found, _ = sample_run.rows(sql, iso3, chain, year)[0]
        assert low < value < high and found == grade, (iso3, chain, year)
    assert sample_run.rows(sql, *truth.YIELD_WITHOUT_AREA) == [(None, "D", "not_reported")]
    assert sample_run.rows(sql, "GHA", "gold", 2023) == [(None, "D", "not_applicable")]


def test_openness_is_exports_over_gdp(sample_run: FinishedRun) -> None:
    assert sample_run.one("select count(distinct iso3) from fct_indicator where indicator_id = 'trade_openness' and value > 0") > 70
