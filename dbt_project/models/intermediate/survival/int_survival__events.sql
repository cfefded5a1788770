{#- a spell is looked at up to its fifth year; one that is in it was not there six years ago -#}
{% set oldest_years = 5 -%}
{% set years_back = oldest_years + 1 -%}
{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id', 'age_years'], 'years_back': years_back}
) }}

-- Export flows that were in their first to fifth year last year: how many there were, and how many are gone this year. All buyers of a product of an
-- exporter are looked at together, one bit a market.
with codes as (
    select chain_id, hs_revision, hs6 from {{ ref('map_chain_product') }}
    where not shared_code
),

traded as (
    select *, cast(markets as bit) as active from {{ ref('int_survival__flows') }}
    where {{ this_window('year', years_back) }}
),

countries as (
    {{ numbered_countries() }}
),

-- areas not specified are no market
markets as (
    select * from countries
    where iso3 <> 'XXX'
),

reporting as (
    select source, year, reporter from {{ ref('int_trade__reporting') }}
    where flow = 'M' and not is_partial_year
),

-- A buyer without a whole year of reports cannot show that a flow is gone. A source that names no reporters is reconciled by its publisher: all its
-- buyers are seen.
reports as (
    select reporting.source, reporting.year, {{ markets_of('markets.country_no') }} as markets
    from reporting
    inner join markets on reporting.reporter = markets.iso3
    group by all
),

every as (
    select {{ markets_of('country_no') }} as markets from markets
),

-- a code that nobody traded was not in the list
seen as (
    select
        listed.*,
        case
            when listed.source in (select source from {{ ref('int_trade__reporting') }}) then coalesce(reports.markets, {{ no_markets() }})
            else every.markets
        end as seen
    from (select distinct source, hs_revision, hs6, year from traded) as listed
    cross join every
    left join reports using (source, year)
),

-- active and seen of this year are numbered 0, of last year 1
products as (
    select
        seen.source, seen.hs_revision, seen.hs6, coverage.year
        {%- for k in range(years_back + 1) %},
        coalesce(bit_or(seen.seen) filter (where seen.year = coverage.year - {{ k }}), {{ no_markets() }}) as seen_{{ k }}
        {%- endfor %}
    from seen
    inner join {{ ref('int_trade__coverage') }} as coverage
        on seen.source = coverage.source and seen.year between coverage.year - {{ years_back }} and coverage.year
    where {{ this_year('coverage.year') }}
    group by all
),

flows as (
    select
        traded.source, traded.hs_revision, traded.exporter, traded.hs6, coverage.year
        {%- for k in range(years_back + 1) %},
        coalesce(bit_or(traded.active) filter (where traded.year = coverage.year - {{ k }}), {{ no_markets() }}) as active_{{ k }}
        {%- endfor %}
    from traded
    inner join {{ ref('int_trade__coverage') }} as coverage
        on traded.source = coverage.source and traded.year between coverage.year - {{ years_back }} and coverage.year
    where {{ this_year('coverage.year') }} and traded.exporter <> 'XXX'
    group by all
),

-- Without a break since they began, and it was seen that they were not there before: left-censored spells are dropped. Spells whose buyer stopped
-- reporting are censored.
spells as (
    select
        flows.source, flows.hs_revision, flows.exporter, flows.hs6, flows.year, ~flows.active_0 as ended,
        flows.active_1 & products.seen_0 as alive_1,
        {%- for age in range(1, oldest_years + 1) %}
        {%- if age > 1 %}
        alive_{{ age - 1 }} & flows.active_{{ age }} as alive_{{ age }},
        {%- endif %}
        alive_{{ age }} & products.seen_{{ age + 1 }} & ~flows.active_{{ age + 1 }} as at_risk_{{ age }}{{ ',' if not loop.last }}
        {%- endfor %}
    from flows
    inner join products using (source, hs_revision, hs6, year)
),

counted as (
    select
        spells.source, spells.year, spells.exporter, codes.chain_id
        {%- for age in range(1, oldest_years + 1) %},
        sum(bit_count(spells.at_risk_{{ age }})) as n_at_risk_{{ age }},
        sum(bit_count(spells.at_risk_{{ age }} & spells.ended)) as n_ended_{{ age }}
        {%- endfor %}
    from spells
    inner join codes using (hs_revision, hs6)
    group by all
),

by_age as (
    {%- for age in range(1, oldest_years + 1) %}
    select source, year, exporter, chain_id, {{ age }} as age_years, n_at_risk_{{ age }} as n_at_risk, n_ended_{{ age }} as n_ended from counted
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    source,
    cast(year as smallint) as year,
    exporter as iso3,
    chain_id,
    cast(age_years as tinyint) as age_years,
    cast(n_at_risk as integer) as n_at_risk,
    cast(n_ended as integer) as n_ended
from by_age
where n_at_risk > 0
