{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={
        'key': ['source', 'year', 'hs_revision', 'flow_no'],
        'dictionaries': dictionaries(['source', 'hs_revision']),
    }
) }}

-- Flows of chain products that are large enough to live: what spells are made of.
with codes as (
    select distinct hs_revision, hs6 from {{ ref('map_chain_product') }}
    where not shared_code
),

countries as (
    {{ numbered_countries() }}
)

select
    trade.source,
    trade.year,
    trade.hs_revision,
    {{ flow_no('exporters.country_no', 'importers.country_no', 'trade.hs6') }} as flow_no
from {{ ref('fct_trade') }} as trade
inner join codes on trade.hs_revision = codes.hs_revision and trade.hs6 = codes.hs6
inner join countries as exporters on trade.exporter = exporters.iso3
inner join countries as importers on trade.importer = importers.iso3
where {{ this_year('trade.year') }} and trade.value_kusd >= {{ var('survival_min_kusd') }}
