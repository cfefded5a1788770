select
    hs_revision,
    hs6,
    avg(price_kusd_per_t order by year) as base_price_kusd_per_t,
    cast(count(*) as integer) as n_years
from {{ ref('int_ladder__code_prices') }}
where year between {{ var('price_base_first_year') }} and {{ var('price_base_last_year') }}
group by all
