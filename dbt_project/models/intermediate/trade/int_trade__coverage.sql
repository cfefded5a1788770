{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year']}
) }}

-- Does one source hold the whole list of products in a year? Only then may totals be denominators.
with

trade as (
    select * from {{ ref('fct_trade') }}
    where {{ this_year('year') }}
),

products as (
    select * from {{ ref('dim_product_hs6') }}
),

final as (
    select
        trade.source,
        trade.year,
        cast(count(distinct trade.hs6) filter (where products.is_specified) as integer) as n_hs6,
        cast(count(distinct trade.exporter) filter (where trade.exporter <> 'XXX') as integer) as n_exporters,
        count(distinct trade.hs6) filter (where products.is_specified) >= {{ var('whole_list_min_hs6') }}
        and count(distinct trade.exporter) filter (where trade.exporter <> 'XXX') >= {{ var('whole_list_min_exporters') }} as is_whole_list
    from trade
    left join products on trade.hs_revision = products.hs_revision and trade.hs6 = products.hs6
    group by trade.source, trade.year
)

select * from final
