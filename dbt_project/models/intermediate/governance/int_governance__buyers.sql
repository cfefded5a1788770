{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id', 'importer']}
) }}

-- Who buys a country's chain, and what the buyer buys of it from the whole world. Areas not specified (XXX) name no buyer.
with

flows as (
    select
        source, year, exporter as iso3, importer, chain_id,
        sum(value_kusd) as value_kusd,
        bool_or(is_importer_report) as is_importer_report
    from {{ ref('int_ladder__flows') }}
    where {{ this_year('year') }}
    group by all
)

select
    source,
    year,
    iso3,
    chain_id,
    importer,
    cast(value_kusd as decimal(18, 3)) as value_kusd,
    cast(sum(value_kusd) over (partition by source, year, chain_id, importer) as decimal(18, 3)) as buyer_import_kusd,
    -- imports of a buyer that sent no report are what its reporting suppliers say: a part, not a denominator
    bool_or(is_importer_report) over (partition by source, year, importer) as is_buyer_reporting
from flows
qualify importer <> 'XXX' and value_kusd > 0
