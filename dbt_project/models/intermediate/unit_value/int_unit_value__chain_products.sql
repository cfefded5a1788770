{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id', 'stage', 'hs_revision', 'hs6']}
) }}

-- Relative unit values of the products of chains alone: the base years are read in every year.
with codes as (
    select chain_id, hs_revision, hs6, stage from {{ ref('map_chain_product') }}
    where not shared_code
)

select
    prices.source,
    prices.year,
    prices.iso3,
    codes.chain_id,
    codes.stage,
    prices.hs_revision,
    prices.hs6,
    prices.export_kusd,
    prices.relative_unit_value,
    prices.ruv_null_reason,
    prices.is_ruv_winsorised
from {{ ref('int_product__prices') }} as prices
inner join codes on prices.hs_revision = codes.hs_revision and prices.hs6 = codes.hs6
where prices.export_kusd > 0 and {{ this_year('prices.year') }}
