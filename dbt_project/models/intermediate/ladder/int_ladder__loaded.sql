{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'chain_id']}
) }}

-- Codes and stages of a chain of which a source has any trade in a year.
with codes as (
    select chain_id, hs_revision, hs6, stage from {{ ref('map_chain_product') }}
    where not shared_code
),

traded as (
    select distinct source, year, hs_revision, hs6 from {{ ref('int_product__country') }}
    where {{ this_year('year') }}
)

select
    traded.source,
    traded.year,
    codes.chain_id,
    cast(count(*) as integer) as n_codes_loaded,
    cast(count(distinct codes.stage) as integer) as n_stages_loaded
from traded
inner join codes on traded.hs_revision = codes.hs_revision and traded.hs6 = codes.hs6
group by all
