{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={
        'key': ['iso3', 'chain_id', 'importer', 'source', 'year'],
        'dictionaries': dictionaries(['iso3', 'chain_id', 'importer', 'source']),
    }
) }}

-- Who buys a country's chain, and what the buyer buys of it from the whole world. Areas not specified (XXX) name no buyer.
with

flows as (
    select
        source, year, exporter as iso3, {{ market('importer') }} as importer, chain_id,
        sum(value_kusd) as value_kusd,
        bool_or(is_importer_report) as is_importer_report
    from {{ ref('int_ladder__flows') }}
    where {{ this_year('year') }}
    group by all
),

-- decimals add up to the same in any order, and groups of groups cost half of windows over every buyer
imports as (
    select
        source, year, chain_id, importer,
        cast(sum(value_kusd) as decimal(18, 3)) as buyer_import_kusd,
        -- imports of a buyer that sent no report on any chain are what its reporting suppliers say: a part, not a denominator
        bool_or(bool_or(is_importer_report)) over (partition by source, year, importer) as is_buyer_reporting
    from flows
    group by source, year, chain_id, importer
)

select
    source,
    year,
    iso3,
    chain_id,
    importer,
    cast(flows.value_kusd as decimal(18, 3)) as value_kusd,
    imports.buyer_import_kusd,
    imports.is_buyer_reporting
from flows
inner join imports using (source, year, chain_id, importer)
where importer <> 'XXX' and flows.value_kusd > 0
