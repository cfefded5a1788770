{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['year', 'hs_revision', 'hs6']}
) }}

-- World value over world quantity of a chain's code in a year, observed quantities only.
with trade as (
    select hs_revision, hs6, year, value_kusd, quantity_t
    from {{ ref('fct_trade') }}
    where {{ this_year('year') }} and quantity_t is not null and not is_quantity_estimated
),

codes as (
    select distinct hs_revision, hs6 from {{ ref('map_chain_product') }}
    where not shared_code
)

select
    trade.hs_revision,
    trade.hs6,
    trade.year,
    cast(sum(trade.value_kusd) as double) / {{ exact_sum('trade.quantity_t') }} as price_kusd_per_t
from trade
inner join codes on trade.hs_revision = codes.hs_revision and trade.hs6 = codes.hs6
group by all
