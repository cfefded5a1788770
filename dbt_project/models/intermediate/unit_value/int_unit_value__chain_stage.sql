{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={
        'key': ['source', 'year', 'iso3', 'chain_id', 'stage'],
        'base_years': price_base_years()
    }
) }}

-- Tornqvist mean of a country's relative unit values over the products of a stage: weights are the means of the product's share in year t and in
-- the base years, both over the products that have a price in year t.
with products as (
    select * from {{ ref('int_unit_value__chain_products') }}
    where {{ this_year('year') }}
),

-- whatever source holds the base years: a code of a year has one source
base as (
    select iso3, chain_id, stage, hs6, sum(export_kusd) as base_kusd
    from {{ ref('int_unit_value__chain_products') }}
    where year between {{ var('price_base_first_year') }} and {{ var('price_base_last_year') }}
    group by all
),

weighted as (
    select
        products.*,
        cast(products.export_kusd as double) / sum(cast(products.export_kusd as decimal(28, 3))) over priced_stage as share,
        cast(base.base_kusd as double) / sum(base.base_kusd) over priced_stage as base_share,
        coalesce(sum(base.base_kusd) over priced_stage > 0, false) as has_base
    from products
    left join base using (iso3, chain_id, stage, hs6)
    window priced_stage as (partition by source, year, iso3, chain_id, stage, relative_unit_value is not null)
),

stages as (
    select
        source, year, iso3, chain_id, stage,
        sum(export_kusd) as export_kusd,
        coalesce(sum(export_kusd) filter (where relative_unit_value is not null), 0) as priced_kusd,
        cast(count(relative_unit_value) as integer) as n_products,
        -- a country that did not export the stage in the base years: its weights of the year alone
        exp(sum(case when has_base then (share + coalesce(base_share, 0)) / 2 else share end * ln(relative_unit_value) order by hs6))
            as relative_unit_value,
        coalesce(bool_or(is_ruv_winsorised), false) as is_winsorised,
        coalesce(not bool_and(has_base) filter (where relative_unit_value is not null), false) as is_without_base,
        -- why the largest product without a price has none
        arg_max(ruv_null_reason, (export_kusd, hs6)) filter (where relative_unit_value is null) as main_null_reason
    from weighted
    group by all
)

select
    source,
    year,
    iso3,
    chain_id,
    stage,
    cast(export_kusd as decimal(18, 3)) as export_kusd,
    n_products,
    case when priced_kusd >= {{ var('chain_price_min_value_share') }} * export_kusd then relative_unit_value end as relative_unit_value,
    case when priced_kusd < {{ var('chain_price_min_value_share') }} * export_kusd then main_null_reason end as null_reason,
    is_winsorised,
    is_without_base
from stages
