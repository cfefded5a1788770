{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id']}
) }}

with flows as (
    select * from {{ ref('int_ladder__flows') }}
    where {{ this_year('year') }}
),

buyers as (
    select source, year, exporter as iso3, chain_id, importer, sum(value_kusd) as value_kusd
    from flows
    where importer <> 'XXX'
    group by all
),

totals as (
    select
        source, year, exporter as iso3, chain_id,
        sum(value_kusd) as export_kusd,
        sum(value_kusd) filter (where importer <> 'XXX') as named_kusd,
        sum(value_exporter_kusd) as value_exporter_kusd,
        sum(value_importer_kusd) as value_importer_kusd,
        -- the exporter's word on flows that the importer reports too: the only ones that have a mirror
        coalesce(sum(value_exporter_kusd) filter (where value_importer_kusd is not null), 0) as mirrored_exporter_kusd,
        sum(value_without_quantity_kusd) as value_without_quantity_kusd,
        bool_or(is_partial_year) as is_partial_year
    from flows
    group by all
),

-- areas not specified (XXX) stay in totals and out of partner counts and concentration
shares as (
    select
        source, year, iso3, chain_id,
        buyers.importer,
        cast(buyers.value_kusd as double) / cast(totals.named_kusd as double) as share
    from buyers
    inner join totals using (source, year, iso3, chain_id)
    where buyers.value_kusd > 0
),

concentration as (
    select
        source, year, iso3, chain_id,
        count(*) as n_partners,
        {{ exact_sum('share * share', decimals=18) }} as buyer_hhi,
        max(share) as top_buyer_share,
        arg_max(importer, (share, importer)) as top_buyer
    from shares
    group by all
)

select
    totals.source,
    totals.year,
    totals.iso3,
    totals.chain_id,
    cast(totals.export_kusd as decimal(18, 3)) as export_kusd,
    cast(totals.export_kusd as double)
        / nullif(cast(sum(totals.export_kusd) over (partition by totals.source, totals.year, totals.chain_id) as double), 0) as world_share,
    cast(coalesce(concentration.n_partners, 0) as integer) as n_partners,
    concentration.buyer_hhi,
    concentration.top_buyer_share,
    concentration.top_buyer,
    {{ mirror_gap('totals.mirrored_exporter_kusd', 'totals.value_exporter_kusd', 'totals.value_importer_kusd') }} as mirror_gap,
    totals.value_exporter_kusd is null and totals.value_importer_kusd is not null as is_mirror_only,
    1 - cast(totals.value_without_quantity_kusd as double) / nullif(cast(totals.export_kusd as double), 0) as quantity_share,
    totals.is_partial_year,
    vintages.source_vintage,
    vintages.data_origin
from totals
left join concentration using (source, year, iso3, chain_id)
left join {{ ref('int_trade__vintages') }} as vintages using (source, year)
