{{ config(meta={'dagster': {'ref': {'name': 'mart_ladder'}}}) }}
-- Stages of a chain add up to its exports in fct_trade, shared codes left out: every dollar stands at exactly one stage, the shares sum to 1.
with

trade as (
    select trade.source, trade.year, trade.exporter as iso3, map.chain_id, cast(sum(trade.value_kusd) as double) as export_kusd
    from {{ ref('fct_trade') }} as trade
    inner join {{ ref('map_chain_product') }} as map
        on trade.hs_revision = map.hs_revision and trade.hs6 = map.hs6 and not map.shared_code
    group by all
),

ladder as (
    select *, x0_kusd + x1_kusd + x2_kusd + x3_kusd as stages_kusd from {{ ref('mart_ladder') }}
    -- four-digit tables of other publishers are no part of fct_trade
    anti join {{ ref('int_ladder__coarse_value') }} using (source)
    where pos_value is not null
)

select ladder.source, ladder.year, ladder.iso3, ladder.chain_id, ladder.stages_kusd, trade.export_kusd
from ladder
left join trade using (source, year, iso3, chain_id)
where
    trade.export_kusd is null
    or abs(ladder.stages_kusd / trade.export_kusd - 1) > 1e-9
