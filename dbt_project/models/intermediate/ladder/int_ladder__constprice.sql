{# A view: prices of the base period touch every year, so a file per year would have to be rebuilt whenever one base year changes. A row a flow and code:
   whoever reads it adds up anyway. #}
{{ config(materialized='view') }}

with trade as (
    select * from {{ ref('fct_trade') }}
    where quantity_t is not null
),

codes as (
    select chain_id, hs_revision, hs6, stage from {{ ref('map_chain_product') }}
    where not shared_code
),

prices as (
    select * from {{ ref('int_ladder__prices') }}
)

select
    trade.source,
    trade.year,
    trade.exporter,
    trade.importer,
    codes.chain_id,
    codes.stage,
    trade.reported_by <> 'exporter' as is_importer_report,
    codes.hs6,
    trade.quantity_t * prices.base_price_kusd_per_t as constprice_kusd,
    cast(case when prices.hs6 is null then trade.value_kusd else 0 end as decimal(18, 3)) as value_without_price_kusd
from trade
inner join codes on trade.hs_revision = codes.hs_revision and trade.hs6 = codes.hs6
left join prices on trade.hs_revision = prices.hs_revision and trade.hs6 = prices.hs6
