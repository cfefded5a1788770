{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'hs_revision', 'exporter', 'hs6']}
) }}

-- Who bought a chain product from whom, in flows that are large enough to live: what spells are made of.
with codes as (
    select distinct hs_revision, hs6 from {{ ref('map_chain_product') }}
    where not shared_code
),

buyers as (
    {{ numbered_buyers() }}
)

select
    trade.source,
    trade.year,
    trade.hs_revision,
    trade.exporter,
    trade.hs6,
    cast({{ markets_of('buyers.market_no') }} as blob) as markets
from {{ ref('fct_trade') }} as trade
inner join codes on trade.hs_revision = codes.hs_revision and trade.hs6 = codes.hs6
inner join buyers on trade.importer = buyers.importer
where {{ this_year('trade.year') }} and trade.value_kusd >= {{ var('survival_min_kusd') }}
group by all
