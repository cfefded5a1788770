{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id']}
) }}

-- What a country buys of the raw stage of a chain.
select
    source,
    year,
    importer as iso3,
    chain_id,
    cast(sum(value_kusd) as double) as value_kusd,
    cast(sum(value_without_quantity_kusd) as double) as value_without_quantity_kusd,
    cast(sum(value_with_factor_kusd) as double) as value_with_factor_kusd,
    coalesce({{ exact_sum('raw_equivalent_t') }}, 0) as raw_equivalent_t
from {{ ref('int_ladder__flows') }}
where stage = 0 and {{ this_year('year') }}
group by all
