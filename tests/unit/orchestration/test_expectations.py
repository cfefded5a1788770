"""Every suite of the gate passes on a small sound release and fails on the same release with one number changed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingestion.settings import Home
from orchestration.expectations import SUITES
from orchestration.expectations.coverage import allowed_empty, indicator_coverage
from orchestration.expectations.suite import Finding, run_suite

N_MEMBERS = 79
SOUND = f"""
create table dim_release as select date '2024-06-30' as data_date, true as is_sample;
create table dim_country as select 'C' || lpad(i::varchar, 2, '0') as iso3 from range({N_MEMBERS + 5}) t(i);
create table dim_country_group_membership as
    select 'OACPS' as group_id, iso3, null::date as valid_from, null::date as valid_to from dim_country where iso3 < 'C{N_MEMBERS}'
    union all select 'OACPS', 'C83', null, date '2022-09-30';
create table dim_chain as select * from (values ('cocoa'), ('tuna')) t(chain_id);
create table map_chain_product as select * from (values
    ('cocoa', 'HS1996', '180100', 0, false), ('cocoa', 'HS1996', '180690', 3, false)) t(chain_id, hs_revision, hs6, stage, shared_code);
create table dim_indicator as select * from (values
    ('world_market_share', 0.0, 1.0, 'fct_indicator'), ('export_hhi', 0.0, 1.0, 'fct_indicator'),
    ('unit_value', 0.0, null, 'mart_product')) t(indicator_id, valid_min, valid_max, table_name);
create table fct_indicator as
    select i.indicator_id, m.iso3, if(i.indicator_id = 'export_hhi', 'country', 'chain') as scope_kind,
        if(i.indicator_id = 'export_hhi', 'ALL', 'cocoa') as scope_id,
        2020 as year, if(m.iso3 < 'C50', 0.01, null)::double as value, null::double as low, null::double as high,
        if(m.iso3 < 'C50', null, 'no_data') as null_reason, 'sample' as data_origin
    from dim_indicator i cross join dim_country_group_membership m where i.table_name = 'fct_indicator';
create table fct_trade as
    select 'HS1996' as hs_revision, 2020 as year, e.iso3 as exporter, 'C60' as importer, h.hs6, 100.0::decimal(18, 3) as value_kusd,
        95.0::decimal(18, 3) as value_exporter_kusd, 105.0::decimal(18, 3) as value_importer_kusd, 10.0 as quantity_t,
        'both' as reported_by, 'comtrade' as source, 'sample' as data_origin
    from (from dim_country where iso3 < 'C50') e cross join (select distinct hs6 from map_chain_product) h;
create table mart_product as
    select source, exporter as iso3, hs_revision, hs6, year, sum(value_kusd)::double as export_kusd from fct_trade group by all;
create table mart_ladder as
    select 'comtrade' as source, iso3, 'cocoa' as chain_id, 2020 as year,
        100::double as x0_kusd, 0::double as x1_kusd, null::double as x2_kusd, 100::double as x3_kusd,
        2::tinyint as n_bases, 0.5::double as position, 0.4::double as low, 0.6::double as high, null as null_reason
    from dim_country where iso3 < 'C50';
create table mart_gvc_participation as
    select iso3, 'ALL' as sector_id, 2015 as year, 0.3 as participation_trade_proxy, null as trade_proxy_null_reason,
        null::double as participation_bm, null::double as backward_bm, null::double as forward_bm, 'source_unavailable' as bm_null_reason,
        0.2::double as backward_content_oecd, null as oecd_null_reason, null::double as participation_unctad,
        'source_unavailable' as unctad_null_reason,
        0.3::double as gvc_output_share, 0.1 as gvc_output_backward, 0.15::double as gvc_output_forward, 0.05 as gvc_output_two_sided,
        'eora' as gvc_output_source, null as gvc_output_null_reason from dim_country where iso3 < 'C60';
create table fct_rejection as
    select '2021.' || i as rejection_id, date '2021-03-01' as notified_on, 'border rejection notification' as classification,
        true as is_border_rejection, 'sample' as data_origin from range(20) t(i);
create table fct_rejection_origin as select rejection_id, 'C01' as iso3 from fct_rejection;
create table fct_rejection_hazard as
    select rejection_id, h as hazard_class, 0.5::double as weight from fct_rejection cross join (values ('mycotoxin'), ('other')) t(h);
"""
# One wrong number each, and a piece of what the gate must say about it.
MUTATIONS = {
    "fct_indicator": [
        ("update fct_indicator set null_reason = 'no_data' where iso3 = 'C01'", "never both or neither"),
        ("update fct_indicator set value = 1.4 where iso3 = 'C01' and indicator_id = 'export_hhi'", "outside what its indicator can be"),
        ("delete from dim_country_group_membership where iso3 = 'C07'", "79 current members"),
        ("delete from fct_indicator where iso3 = 'C70'", "every member has a row"),
        ("delete from fct_indicator where indicator_id = 'export_hhi'", "every live indicator has rows"),
        ("update fct_indicator set value = 0.6 where iso3 < 'C03' and indicator_id = 'world_market_share'", "add up to 1 at most"),
        ("update fct_indicator set data_origin = 'official' where iso3 = 'C01'", "do not mix"),
    ],
    "mart_ladder": [
        ("update mart_ladder set position = 0.7 where iso3 = 'C01'", "between the smallest and the largest"),
        ("update mart_ladder set position = 1.5, high = 1.6 where iso3 = 'C01'", "highest position is 1"),
        ("update mart_ladder set position = 0.99, low = 0.99, high = 1", "at one end of the ladder"),
        ("update mart_ladder set x0_kusd = 1000000 where iso3 = 'C01'", "no more than the trade"),
        ("update mart_ladder set n_bases = 1 where iso3 = 'C01'", "two bases"),
    ],
    "mart_gvc_participation": [
        ("update mart_gvc_participation set gvc_output_share = 0.4 where iso3 = 'C01'", "add up to the output share"),
        ("update mart_gvc_participation set participation_bm = 0.3 where iso3 = 'C01'", "never both or neither"),
        ("update mart_gvc_participation set backward_content_oecd = 20 where iso3 = 'C01'", "between 0 and 1"),
        (
            "update mart_gvc_participation set gvc_output_share = 1.3, gvc_output_forward = 1.15 where iso3 < 'C04'",
            "at most 5 % of the published output shares",
        ),
        ("update mart_gvc_participation set gvc_output_source = 'tiva' where iso3 = 'C01'", "one database"),
    ],
    "fct_trade": [
        ("update fct_trade set source = 'baci' where exporter = 'C01'", "comes from one source"),
        ("update fct_trade set value_kusd = 150 where exporter = 'C01'", "add up to the products' totals"),
        ("update fct_trade set importer = exporter where exporter = 'C01'", "trades with itself"),
        ("update fct_trade set value_importer_kusd = value_importer_kusd * 1000", "about the same trade"),
    ],
    "fct_rejection": [
        ("insert into fct_rejection from fct_rejection limit 1", "counts once"),
        ("update fct_rejection set notified_on = date '2031-01-01' where rejection_id = '2021.1'", "latest retrieval"),
        ("update fct_rejection_hazard set weight = 1 where rejection_id = '2021.1'", "weigh 1 together"),
        ("update fct_rejection_origin set iso3 = 'ZZZ' where rejection_id = '2021.1'", "is in dim_country"),
        ("delete from fct_rejection_origin where rejection_id < '2021.15'", "nine notices in ten"),
        ("update fct_rejection set classification = 'alert' where rejection_id = '2021.1'", "gives none"),
    ],
}


def _release(folder: Path, *mutations: str) -> Path:
    """The small release with changes, as Parquet."""
    folder.mkdir(parents=True)
    with duckdb.connect() as con:
        for sql in (SOUND, *mutations):
            con.execute(sql)
        for (name,) in con.execute("select table_name from duckdb_tables() order by 1").fetchall():
            con.execute(f"copy {name} to '{folder}/{name}.parquet' (format parquet)")
    return folder


def _failed(findings: list[Finding]) -> list[str]:
    return [f.told() for f in findings if not f.passed]


@pytest.mark.parametrize("table", SUITES)
def test_sound_release_passes(table: str, tmp_path: Path) -> None:
    findings = run_suite(table, _release(tmp_path / "r"))
    assert _failed(findings) == []
    assert len({f.meaning for f in findings}) >= 4  # three of meaning and the comparison with the last release


@pytest.mark.parametrize(("table", "mutation", "said"), [(t, sql, said) for t, some in MUTATIONS.items() for sql, said in some])
def test_mutated_release_fails(table: str, mutation: str, said: str, tmp_path: Path) -> None:
    failed = _failed(run_suite(table, _release(tmp_path / "r", mutation)))
    assert any(said in f for f in failed), failed


def test_table_that_shrank_fails(tmp_path: Path) -> None:
    home = Home(tmp_path, "sample")
    _release(home.release / "before")
    (home.release / "LATEST").write_text("before\n")
    now = _release(home.release / ".candidate-now", "delete from fct_rejection where rejection_id < '2021.4'")
    assert any("half of the rows" in f for f in _failed(run_suite("fct_rejection", now, home)))
    assert _failed(run_suite("fct_trade", now, home)) == []


def test_coverage_counts_every_live_indicator(tmp_path: Path) -> None:
    folder = _release(
        tmp_path / "r", "update fct_indicator set value = null, null_reason = 'quarantined' where indicator_id = 'export_hhi'"
    )
    assert [(r.indicator_id, r.n_rows, r.n_values, r.n_without_source) for r in indicator_coverage(folder)] == [
        ("export_hhi", 80, 0, 80),
        ("world_market_share", 80, 50, 0),
    ]


def test_listed_reasons_are_not_blank(tmp_path: Path) -> None:
    file = tmp_path / "allowed.yml"
    file.write_text("main: {rd_gdp: ''}\n")
    with pytest.raises(ValueError, match="rd_gdp"):
        allowed_empty("main", file)
    assert all(isinstance(allowed_empty(p), dict) for p in ("sample", "main"))
