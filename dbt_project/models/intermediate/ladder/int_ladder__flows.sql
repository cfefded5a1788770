{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={
        'key': ['exporter', 'importer', 'chain_id', 'stage', 'is_importer_report', 'source', 'year'],
        'dictionaries': dictionaries(['exporter', 'importer', 'chain_id', 'source']),
    }
) }}

with trade as (
    select * from {{ ref('fct_trade') }}
    where {{ this_year('year') }}
),

-- millions of rows are grouped by one number for chain and stage: cheaper than by the two
codes as (
    select chain_id, stage, dense_rank() over (order by chain_id, stage) as chain_stage, hs_revision, hs6, raw_equiv_factor
    from {{ ref('map_chain_product') }}
    where not shared_code
),

chain_stages as (
    select distinct chain_stage, chain_id, stage from codes
),

grouped as (
    select
        trade.source,
        trade.year,
        trade.exporter,
        trade.importer,
        codes.chain_stage,
        -- what an importer of the fixed panel says itself is kept apart from what only the exporter says
        trade.reported_by <> 'exporter' as is_importer_report,
        sum(trade.value_kusd) as value_kusd,
        sum(trade.value_exporter_kusd) as value_exporter_kusd,
        sum(trade.value_importer_kusd) as value_importer_kusd,
        sum(trade.value_kusd) filter (where trade.quantity_t is null or trade.is_quantity_estimated) as value_without_quantity_kusd,
        sum(trade.value_kusd) filter (where codes.raw_equiv_factor is not null) as value_with_factor_kusd,
        {{ exact_sum('trade.quantity_t') }} as quantity_t,
        {{ exact_sum('trade.quantity_t * codes.raw_equiv_factor') }} as raw_equivalent_t,
        bool_or(trade.is_partial_year) as is_partial_year
    from trade
    inner join codes on trade.hs_revision = codes.hs_revision and trade.hs6 = codes.hs6
    group by all
)

select
    source,
    year,
    exporter,
    importer,
    chain_id,
    stage,
    is_importer_report,
    cast(value_kusd as decimal(18, 3)) as value_kusd,
    cast(value_exporter_kusd as decimal(18, 3)) as value_exporter_kusd,
    cast(value_importer_kusd as decimal(18, 3)) as value_importer_kusd,
    cast(coalesce(value_without_quantity_kusd, 0) as decimal(18, 3)) as value_without_quantity_kusd,
    cast(coalesce(value_with_factor_kusd, 0) as decimal(18, 3)) as value_with_factor_kusd,
    quantity_t,
    raw_equivalent_t,
    is_partial_year
from grouped
inner join chain_stages using (chain_stage)
