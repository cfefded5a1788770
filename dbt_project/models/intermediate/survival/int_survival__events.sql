{% set years_back = 6 %}
{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id', 'age_years'], 'years_back': 6}
) }}

-- Export flows (HS6 x destination) that were in their first to fifth year last year: how many there were, and how many are gone this year.
-- One pass over seven years; bit k of a mask is the year k before the one that is written.
with codes as (
    select chain_id, hs_revision, hs6 from {{ ref('map_chain_product') }}
    where not shared_code
),

own_years as (
    select source, year from {{ ref('int_trade__coverage') }}
    where {{ this_year('year') }}
),

flows as (
    select
        own_years.source, own_years.year, trade.hs_revision, trade.exporter, trade.importer, trade.hs6,
        bit_or(1 << (own_years.year - trade.year)) as active
    from {{ ref('fct_trade') }} as trade
    inner join own_years on trade.source = own_years.source and trade.year between own_years.year - {{ years_back }} and own_years.year
    semi join codes on trade.hs_revision = codes.hs_revision and trade.hs6 = codes.hs6
    where
        {{ this_window('trade.year', years_back) }}
        and trade.value_kusd >= {{ var('survival_min_kusd') }}
        and trade.exporter <> 'XXX' and trade.importer <> 'XXX'
    group by all
),

-- a code that nobody traded was not in the list; a buyer without a whole year of reports cannot show that a flow is gone
loaded as (
    select source, year, hs_revision, hs6, bit_or(active) as loaded from flows
    group by all
),

reports as (
    select own_years.source, own_years.year, reporting.reporter as importer, bit_or(1 << (own_years.year - reporting.year)) as reported
    from {{ ref('int_trade__reporting') }} as reporting
    inner join own_years on reporting.source = own_years.source and reporting.year between own_years.year - {{ years_back }} and own_years.year
    where reporting.flow = 'M' and not reporting.is_partial_year
    group by all
),

aged as (
    select
        flows.source, flows.year, flows.hs_revision, flows.exporter as iso3, flows.hs6,
        flows.active,
        -- a source that names no reporters is reconciled by its publisher: all its buyers are seen
        loaded.loaded & case
            when flows.source in (select source from {{ ref('int_trade__reporting') }}) then coalesce(reports.reported, 0)
            else (1 << {{ years_back + 1 }}) - 1
        end as seen,
        -- years without a break up to last year
        case
            {%- for age in range(years_back) %}
            when flows.active & {{ 2 ** (age + 1) }} = 0 then {{ age }}
            {%- endfor %}
        end as age_years
    from flows
    inner join loaded using (source, year, hs_revision, hs6)
    left join reports using (source, year, importer)
)

select
    aged.source,
    aged.year,
    aged.iso3,
    codes.chain_id,
    cast(aged.age_years as tinyint) as age_years,
    cast(count(*) as integer) as n_at_risk,
    cast(count(*) filter (where aged.active & 1 = 0) as integer) as n_ended
from aged
inner join codes on aged.hs_revision = codes.hs_revision and aged.hs6 = codes.hs6
-- left-censored spells are dropped, spells whose buyer stopped reporting are censored
where aged.age_years between 1 and 5 and (aged.seen >> (aged.age_years + 1)) & 1 = 1 and aged.seen & 1 = 1
group by all
