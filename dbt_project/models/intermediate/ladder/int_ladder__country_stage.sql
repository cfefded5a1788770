{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id', 'stage'], 'base_years': price_base_years()}
) }}

with measures as (
    select * from {{ ref('int_ladder__measures') }}
    where {{ this_year('year') }}
),

flows as (
    select * from {{ ref('int_ladder__flows') }}
    where {{ this_year('year') }}
),

exports as (
    select
        source, year, exporter as iso3, chain_id, stage,
        coalesce(sum(value_kusd), 0) as value_kusd,
        {{ exact_sum('constprice_kusd') }} as constprice_kusd,
        {{ exact_sum('raw_equivalent_t') }} as raw_equivalent_t,
        coalesce(sum(value_without_quantity_kusd), 0) as value_without_quantity_kusd,
        coalesce(sum(value_without_price_kusd), 0) as value_without_price_kusd,
        coalesce(sum(value_with_factor_kusd), 0) as value_with_factor_kusd
    from measures
    group by all
),

imports as (
    select source, year, importer as iso3, chain_id, stage, sum(value_kusd) as import_kusd
    from flows
    group by all
)

select
    source,
    year,
    iso3,
    chain_id,
    stage,
    cast(coalesce(exports.value_kusd, 0) as decimal(18, 3)) as value_kusd,
    exports.constprice_kusd,
    exports.raw_equivalent_t,
    cast(coalesce(exports.value_without_quantity_kusd, 0) as decimal(18, 3)) as value_without_quantity_kusd,
    cast(coalesce(exports.value_without_price_kusd, 0) as decimal(18, 3)) as value_without_price_kusd,
    cast(coalesce(exports.value_with_factor_kusd, 0) as decimal(18, 3)) as value_with_factor_kusd,
    cast(coalesce(imports.import_kusd, 0) as decimal(18, 3)) as import_kusd
from exports
full join imports using (source, year, iso3, chain_id, stage)
