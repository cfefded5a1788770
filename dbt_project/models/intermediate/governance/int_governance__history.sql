-- Growth of a country's chain with its spread over the years before.
select
    *,
    stddev_samp(log_growth) over ten as growth_sd,
    cast(count(log_growth) over ten as integer) as n_growth_years
from {{ ref('int_governance__growth') }}
window ten as (
    partition by source, iso3, chain_id order by year
    range between {{ [1, var('volatility_years') | int] | max - 1 }} preceding and current row
)
