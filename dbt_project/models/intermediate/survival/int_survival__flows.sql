{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={
        'key': ['source', 'year', 'hs_revision', 'exporter', 'importer', 'hs6'],
        'dictionaries': dictionaries(['source', 'hs_revision', 'exporter', 'importer', 'hs6']),
    }
) }}

-- Flows of chain products that are large enough to live: what spells are made of.
with codes as (
    select distinct hs_revision, hs6 from {{ ref('map_chain_product') }}
    where not shared_code
)

select trade.source, trade.year, trade.hs_revision, trade.exporter, trade.importer, trade.hs6
from {{ ref('fct_trade') }} as trade
inner join codes on trade.hs_revision = codes.hs_revision and trade.hs6 = codes.hs6
where {{ this_year('trade.year') }} and trade.value_kusd >= {{ var('survival_min_kusd') }}
