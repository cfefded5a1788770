{% set years = var('partner_persistence_years') | int -%}
{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id'], 'years_back': years}
) }}

-- Buyers kept since {{ years }} years before, and growth since the year before over the buyers that can be seen in both: sums a country, chain and year.
with

flows as not materialized (
    select source, year, iso3, chain_id, importer, value_kusd
    from {{ ref('int_governance__buyers') }}
    where {{ this_window('year', years) }}
),

reporters as (
    select
        source,
        reporter,
        list(year) filter (where flow = 'M') as import_years,
        list(year) filter (where flow = 'X') as export_years
    from {{ ref('int_trade__reporting') }}
    group by all
),

-- read twice, each time for the years that are needed
buyers as not materialized (
    select
        flows.*,
        flows.source in (select source from reporters) as has_reporters,
        coalesce(importing.import_years, []) as import_years,
        coalesce(exporting.export_years, []) as export_years
    from flows
    left join reporters as importing on flows.source = importing.source and flows.importer = importing.reporter
    left join reporters as exporting on flows.source = exporting.source and flows.iso3 = exporting.reporter
),

-- what was sold {{ years }} years before to buyers that can be seen now, and how much of it to buyers that still buy
kept as (
    select
        buyers.source,
        buyers.year + {{ years }} as year,
        buyers.iso3,
        buyers.chain_id,
        count(*) as n_buyers_before,
        cast(sum(buyers.value_kusd) as double) as before_kusd,
        cast(coalesce(sum(buyers.value_kusd) filter (where later.importer is not null), 0) as double) as kept_kusd
    from buyers
    left join flows as later
        on buyers.source = later.source
        and buyers.year + {{ years }} = later.year
        and buyers.iso3 = later.iso3
        and buyers.chain_id = later.chain_id
        and buyers.importer = later.importer
    where {{ year_before('buyers.year', years) }} and {{ flow_is_seen('buyers.year + ' ~ years) }}
    group by all
),

-- growth from or to a year of which the source holds a part of the chain would be growth of the file
whole_years as (
    select source, year, chain_id from {{ ref('int_ladder__coverage') }}
    where is_covered
),

neighbours as (
    select
        source, year, iso3, chain_id,
        cast(sum(value_kusd) filter (where {{ flow_is_seen('year - 1') }}) as double) as seen_last_year_kusd,
        cast(sum(value_kusd) filter (where {{ flow_is_seen('year + 1') }}) as double) as seen_next_year_kusd
    from buyers
    semi join whole_years using (source, year, chain_id)
    where {{ this_window('year', 1) }}
    group by all
),

growth as (
    select
        now.source, now.year, now.iso3, now.chain_id,
        ln(now.seen_last_year_kusd / last.seen_next_year_kusd) as log_growth
    from neighbours as now
    left join neighbours as last
        on now.source = last.source and now.iso3 = last.iso3 and now.chain_id = last.chain_id and now.year = last.year + 1
    where {{ this_year('now.year') }}
)

select
    source,
    cast(year as smallint) as year,
    iso3,
    chain_id,
    cast(coalesce(kept.n_buyers_before, 0) as integer) as n_buyers_before,
    kept.before_kusd,
    kept.kept_kusd,
    growth.log_growth
from kept
full join growth using (source, year, iso3, chain_id)
