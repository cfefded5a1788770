{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id']}
) }}

with codes as (
    select chain_id, hs_revision, hs6 from {{ ref('map_chain_product') }}
    where not shared_code and not {{ has_no_price('hs6') }}
),

flows as (
    select
        trade.source, trade.year, trade.hs_revision, trade.hs6, trade.exporter, trade.value_kusd,
        trade.quantity_t is null or trade.is_quantity_estimated as is_without_quantity,
        case when {{ is_price_flow() }} then cast(trade.value_kusd as double) / trade.quantity_t end as unit_value
    from {{ ref('fct_trade') }} as trade
    semi join codes on trade.hs_revision = codes.hs_revision and trade.hs6 = codes.hs6
    where {{ this_year('trade.year') }} and trade.value_kusd > 0
),

-- world flows of a product and year; two flows have no terciles
segments as (
    select source, year, hs_revision, hs6, quantile_disc(unit_value, {{ var('premium_quantile') }}) as premium_unit_value
    from flows
    where unit_value is not null
    group by all
    having count(*) >= {{ var('unit_value_min_flows') }}
),

countries as (
    select
        flows.source, flows.year, flows.hs_revision, flows.hs6, flows.exporter as iso3,
        sum(flows.value_kusd) as export_kusd,
        coalesce(sum(flows.value_kusd) filter (where flows.is_without_quantity), 0) as without_quantity_kusd,
        coalesce(sum(flows.value_kusd) filter (where flows.unit_value is not null and premium_unit_value is not null), 0) as ranked_kusd,
        coalesce(sum(flows.value_kusd) filter (where flows.unit_value >= premium_unit_value), 0) as premium_kusd,
        count(*) filter (where flows.unit_value is not null and premium_unit_value is not null) as n_ranked
    from flows
    left join segments using (source, year, hs_revision, hs6)
    group by all
)

select
    countries.source,
    countries.year,
    countries.iso3,
    codes.chain_id,
    cast(sum(countries.export_kusd) as decimal(18, 3)) as export_kusd,
    cast(sum(countries.without_quantity_kusd) as decimal(18, 3)) as without_quantity_kusd,
    cast(sum(countries.ranked_kusd) as decimal(18, 3)) as ranked_kusd,
    cast(sum(countries.premium_kusd) as decimal(18, 3)) as premium_kusd,
    cast(sum(countries.n_ranked) as integer) as n_ranked
from countries
inner join codes on countries.hs_revision = codes.hs_revision and countries.hs6 = codes.hs6
group by all
