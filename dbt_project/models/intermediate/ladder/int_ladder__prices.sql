with trade as (
    select hs_revision, hs6, year, value_kusd, quantity_t
    from {{ ref('fct_trade') }}
    where year between {{ var('price_base_first_year') }} and {{ var('price_base_last_year') }}
        and quantity_t is not null
        and not is_quantity_estimated
),

codes as (
    select distinct hs_revision, hs6 from {{ ref('map_chain_product') }}
    where not shared_code
),

yearly as (
    select
        trade.hs_revision,
        trade.hs6,
        trade.year,
        cast(sum(trade.value_kusd) as double) / {{ exact_sum('trade.quantity_t') }} as price_kusd_per_t
    from trade
    inner join codes on trade.hs_revision = codes.hs_revision and trade.hs6 = codes.hs6
    group by all
)

select
    hs_revision,
    hs6,
    avg(price_kusd_per_t order by year) as base_price_kusd_per_t,
    cast(count(*) as integer) as n_years
from yearly
group by all
