-- Every (year, HS6) cell of fct_trade comes from exactly one source.
select
    year,
    hs6,
    count(distinct source) as n_sources
from {{ ref('fct_trade') }}
group by year, hs6
having count(distinct source) <> 1
