{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['year', 'importer', 'hs6']}
) }}

-- What each country imports by product according to BACI: the importing side, added up without fct_trade, for the test that both sides agree.
with

flows as (
    select * from {{ ref('stg_baci__flows') }}
    where row_status = 'kept' and {{ this_year('year') }}
),

final as (
    select
        year,
        importer,
        hs6,
        cast(sum(value_kusd) as decimal(18, 3)) as value_kusd
    from flows
    group by year, importer, hs6
)

select * from final
