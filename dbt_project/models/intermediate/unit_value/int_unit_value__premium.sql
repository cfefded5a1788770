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
        cast(trade.value_kusd as double) / trade.quantity_t as unit_value
    from {{ ref('fct_trade') }} as trade
    semi join codes on trade.hs_revision = codes.hs_revision and trade.hs6 = codes.hs6
    where {{ this_year('trade.year') }} and {{ is_price_flow() }}
),

-- world flows of a product and year; two flows have no terciles
segments as (
    select source, year, hs_revision, hs6, quantile_disc(unit_value, {{ var('premium_quantile') }}) as premium_unit_value
    from flows
    group by all
    having count(*) >= {{ var('unit_value_min_flows') }}
),

premium as (
    select flows.source, flows.year, flows.hs_revision, flows.hs6, flows.exporter as iso3, sum(flows.value_kusd) as premium_kusd
    from flows
    inner join segments using (source, year, hs_revision, hs6)
    where flows.unit_value >= segments.premium_unit_value
    group by all
)

select
    products.source,
    products.year,
    products.iso3,
    codes.chain_id,
    cast(sum(products.export_kusd) as decimal(18, 3)) as export_kusd,
    cast(sum(products.export_without_quantity_kusd) as decimal(18, 3)) as without_quantity_kusd,
    -- price flows of a code that has a premium segment
    cast(coalesce(sum(products.price_kusd) filter (where segments.hs6 is not null), 0) as decimal(18, 3)) as ranked_kusd,
    cast(coalesce(sum(premium.premium_kusd), 0) as decimal(18, 3)) as premium_kusd,
    cast(coalesce(sum(products.n_price_flows) filter (where segments.hs6 is not null), 0) as integer) as n_ranked
from {{ ref('int_product__country') }} as products
inner join codes on products.hs_revision = codes.hs_revision and products.hs6 = codes.hs6
left join segments
    on products.source = segments.source and products.year = segments.year
    and products.hs_revision = segments.hs_revision and products.hs6 = segments.hs6
left join premium
    on products.source = premium.source and products.year = premium.year and products.iso3 = premium.iso3
    and products.hs_revision = premium.hs_revision and products.hs6 = premium.hs6
where {{ this_year('products.year') }} and products.export_kusd > 0
group by all
