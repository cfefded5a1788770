{#- a spell that is looked at in its fifth year was not there six years ago -#}
{% set years_back = 6 -%}
{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id', 'age_years'], 'years_back': years_back}
) }}

-- Export flows that were in their first to fifth year last year: how many there were, and how many are gone this year.
with codes as (
    select chain_id, hs_revision, hs6 from {{ ref('map_chain_product') }}
    where not shared_code
),

traded as not materialized (
    select * from {{ ref('int_survival__flows') }}
    where {{ this_window('year', years_back) }}
),

countries as (
    {{ numbered_countries() }}
),

-- areas not specified are no market
markets as (
    select countries.country_no, market.country_no as market_no
    from countries
    inner join countries as market on market.iso3 = {{ market('countries.iso3') }}
    where countries.iso3 <> 'XXX'
),

named as (
    select
        traded.source, traded.year, traded.hs_revision,
        traded.flow_no + (markets.market_no - markets.country_no) * 1000000 as flow_no
    from traded
    inner join markets on {{ importer_no('traded.flow_no') }} = markets.country_no
),

-- only what was there last year can end this year
last_year as (
    select source, hs_revision, flow_no from named
    where {{ this_window('year', 1) }} and {{ this_year('year + 1') }}
),

flows as (
    select source, hs_revision, flow_no, {{ year_bits('year') }} as active
    from named
    semi join last_year using (source, hs_revision, flow_no)
    group by all
),

-- a code that nobody traded was not in the list; a buyer without a whole year of reports cannot show that a flow is gone
loaded as (
    select source, hs_revision, {{ product_no('flow_no') }} as product_no, {{ year_bits('year') }} as loaded
    from traded
    group by all
),

reports as (
    select source, reporter as importer, {{ year_bits('year') }} as reported
    from {{ ref('int_trade__reporting') }}
    where flow = 'M' and not is_partial_year
    group by all
),

observed as (
    select
        flows.source, exporters.iso3, codes.chain_id, flows.active,
        -- a source that names no reporters is reconciled by its publisher: all its buyers are seen
        loaded.loaded & case
            when flows.source in (select source from {{ ref('int_trade__reporting') }}) then coalesce(reports.reported, 0)
            else loaded.loaded
        end as seen
    from flows
    inner join countries as exporters on {{ exporter_no('flows.flow_no') }} = exporters.country_no and exporters.iso3 <> 'XXX'
    inner join countries as importers on {{ importer_no('flows.flow_no') }} = importers.country_no
    inner join codes on flows.hs_revision = codes.hs_revision and {{ product_no('flows.flow_no') }} = cast(codes.hs6 as bigint)
    inner join loaded
        on flows.source = loaded.source and flows.hs_revision = loaded.hs_revision and {{ product_no('flows.flow_no') }} = loaded.product_no
    left join reports on flows.source = reports.source and importers.iso3 = reports.importer
),

spells as (
    select
        observed.*,
        coverage.year,
        -- years without a break up to last year
        case
            {%- for age in range(6) %}
            when not {{ has_year('observed.active', 'coverage.year - ' ~ (age + 1)) }} then {{ age }}
            {%- endfor %}
        end as age_years
    from observed
    inner join {{ ref('int_trade__coverage') }} as coverage using (source)
    where {{ this_year('coverage.year') }}
)

select
    source,
    cast(year as smallint) as year,
    iso3,
    chain_id,
    cast(age_years as tinyint) as age_years,
    cast(count(*) as integer) as n_at_risk,
    cast(count(*) filter (where not {{ has_year('active', 'year') }}) as integer) as n_ended
from spells
-- left-censored spells are dropped, spells whose buyer stopped reporting are censored
where age_years between 1 and 5 and {{ has_year('seen', 'year - age_years - 1') }} and {{ has_year('seen', 'year') }}
group by all
