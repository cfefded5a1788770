-- A stage of a chain without a country: how much the world sells, and how few buy it. Entrepots buy to sell on: a large port is not a large consumer.
with

coverage as (
    select source, chain_id, year, is_covered from {{ ref('int_ladder__coverage') }}
),

stages as (
    select distinct chain_id, stage from {{ ref('map_chain_product') }}
    where not shared_code
),

amounts as (
    select
        source, year, chain_id, stage, iso3, value_kusd,
        cast(import_kusd as double) as import_kusd
    from {{ ref('int_ladder__country_stage') }}
),

measured as (
    select
        source, year, chain_id, stage,
        cast(sum(value_kusd) as double) as world_export_kusd,
        count(*) filter (where value_kusd > 0 and iso3 <> 'XXX') as n_exporters,
        count(*) filter (where import_kusd > 0 and iso3 <> 'XXX') as n_importers,
        sum(import_kusd * import_kusd order by iso3) filter (where iso3 <> 'XXX') as sum_of_squares,
        sum(import_kusd order by iso3) filter (where iso3 <> 'XXX') as import_kusd
    from amounts
    group by all
),

judged as (
    select
        coverage.source, coverage.chain_id, stages.stage, coverage.year, measured.* exclude (source, year, chain_id, stage),
        case
            when not coverage.is_covered then 'partial_coverage'
            when coalesce(measured.import_kusd, 0) = 0 then 'no_trade'
        end as null_reason
    from coverage
    inner join stages using (chain_id)
    left join measured using (source, year, chain_id, stage)
)

select
    judged.source,
    judged.chain_id,
    judged.stage,
    judged.year,
    case when judged.null_reason is null then judged.world_export_kusd end as world_export_kusd,
    case when judged.null_reason is null then judged.sum_of_squares / (judged.import_kusd * judged.import_kusd) end as world_import_hhi,
    case when judged.null_reason is null then cast(judged.n_exporters as smallint) end as n_exporters,
    case when judged.null_reason is null then cast(judged.n_importers as smallint) end as n_importers,
    judged.null_reason,
    vintages.source_vintage,
    vintages.data_origin
from judged
inner join {{ ref('int_trade__vintages') }} as vintages using (source, year)
order by source, chain_id, stage, year
