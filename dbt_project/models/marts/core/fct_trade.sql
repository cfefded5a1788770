{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={
        'key': ['exporter', 'importer', 'hs6', 'hs_revision', 'year'],
        'dictionaries': dictionaries(['exporter', 'importer', 'hs6', 'hs_revision', 'reported_by', 'source', 'source_vintage', 'data_origin']),
    }
) }}

{#- of a cell: a median that a few wrong weights do not move -#}
{%- set median_unit_value = 'median(cast(value_kusd as double) / quantity_t) filter (where quantity_t > 0 and value_kusd > 0)' %}

-- The rule is in docs/decisions/0001-reconciliation.md: the importer's report is used where there is one, on FOB basis; both reports stay beside
-- it as reported. Every (year, HS6) cell comes from one source: BACI where a complete archive has it, else UN Comtrade.
with

flows as (
    select * from {{ ref('int_trade__comtrade_flows') }}
    where {{ this_year('year') }}
),

reporting as (
    select * from {{ ref('int_trade__reporting') }}
    where {{ this_year('year') }}
),

vintages as (
    select * from {{ ref('int_trade__vintages') }}
    where {{ this_year('year') }}
),

baci as materialized (
    select * from {{ ref('stg_baci__flows') }}
    where row_status = 'kept' and {{ this_year('year') }}
),

baci_flows as not materialized (
    -- an archive has a row a flow; codes that merge have a quantity only when all of them have one
    select year, exporter, importer, hs6, value_kusd, quantity_t, data_origin from baci
    where not can_merge
    union all
    select
        year,
        exporter,
        importer,
        hs6,
        cast(sum(value_kusd) as decimal(18, 3)) as value_kusd,
        case when bool_and(quantity_t is not null) then cast(sum(cast(quantity_t as decimal(24, 6))) as double) end as quantity_t,
        max(data_origin) as data_origin
    from baci
    where can_merge
    group by year, exporter, importer, hs6
),

baci_cells as materialized (
    select year, hs6, {{ median_unit_value }} as unit_value from baci_flows
    group by year, hs6
),

reports as (
    select
        flows.*,
        case when flows.flow = 'M' then flows.partner else flows.reporter end as exporter,
        case when flows.flow = 'M' then flows.reporter else flows.partner end as importer,
        not flows.is_annual and reporting.is_partial_year as is_partial_year,
        flows.weight_kg > 0
        and flows.value_weighed_usd >= {{ var('quantity_min_value_share') }} * flows.value_usd as has_quantity,
        flows.value_weight_estimated_usd > (1 - {{ var('quantity_min_value_share') }}) * flows.value_usd as is_quantity_estimated
    from flows
    inner join reporting
        on flows.year = reporting.year and flows.reporter = reporting.reporter and flows.flow = reporting.flow
    anti join baci_cells on flows.year = baci_cells.year and flows.hs6 = baci_cells.hs6
),

imports as (
    select * from reports
    where flow = 'M'
),

exports as (
    select * from reports
    where flow = 'X'
),

comtrade_flows as (
    select
        coalesce(imports.year, exports.year) as year,
        coalesce(imports.exporter, exports.exporter) as exporter,
        coalesce(imports.importer, exports.importer) as importer,
        coalesce(imports.hs6, exports.hs6) as hs6,
        cast(
            case
                when imports.year is not null
                    then (imports.fob_usd + cast(imports.value_without_fob_usd / {{ var('cif_fob_ratio') }} as decimal(24, 3))) / 1000
                else exports.value_usd / 1000
            end as decimal(18, 3)
        ) as value_kusd,
        cast(exports.value_usd / 1000 as decimal(18, 3)) as value_exporter_kusd,
        cast(imports.value_usd / 1000 as decimal(18, 3)) as value_importer_kusd,
        case
            when imports.year is not null then case when imports.has_quantity then cast(imports.weight_kg as double) / 1000 end
            when exports.has_quantity then cast(exports.weight_kg as double) / 1000
        end as quantity_t,
        case when imports.year is not null then imports.is_quantity_estimated else exports.is_quantity_estimated end as is_quantity_estimated,
        case when imports.year is null then 'exporter' when exports.year is null then 'importer' else 'both' end as reported_by,
        case when imports.year is not null then imports.is_partial_year else exports.is_partial_year end as is_partial_year,
        'comtrade' as source,
        coalesce(imports.data_origin, exports.data_origin) as data_origin
    from imports
    full outer join exports
        on
            imports.year = exports.year
            and imports.exporter = exports.exporter
            and imports.importer = exports.importer
            and imports.hs6 = exports.hs6
),

both_sources as not materialized (
    select * from comtrade_flows
    union all
    select
        year,
        exporter,
        importer,
        hs6,
        value_kusd,
        null as value_exporter_kusd,
        null as value_importer_kusd,
        quantity_t,
        false as is_quantity_estimated,
        'reconciled' as reported_by,
        false as is_partial_year,
        'baci' as source,
        data_origin
    from baci_flows
),

-- what every flow of a cell shares: its source's vintage, and the unit values between which a quantity is believed
cells as (
    select
        cells_of_sources.year,
        cells_of_sources.hs6,
        cells_of_sources.unit_value / {{ var('quantity_outlier_factor') }} as min_unit_value,
        cells_of_sources.unit_value * {{ var('quantity_outlier_factor') }} as max_unit_value,
        vintages.source_vintage
    from (
        select 'baci' as source, * from baci_cells
        union all
        select 'comtrade' as source, year, hs6, {{ median_unit_value }} as unit_value from comtrade_flows
        group by year, hs6
    ) as cells_of_sources
    left join vintages on cells_of_sources.source = vintages.source and cells_of_sources.year = vintages.year
),

judged as (
    select
        both_sources.*,
        coalesce(
            both_sources.quantity_t > 0
            and not cast(both_sources.value_kusd as double) / both_sources.quantity_t between cells.min_unit_value and cells.max_unit_value,
            false
        ) as is_quantity_outlier,
        cells.source_vintage
    from both_sources
    inner join cells on both_sources.year = cells.year and both_sources.hs6 = cells.hs6
),

final as (
    select
        'HS1996' as hs_revision,
        judged.year,
        judged.exporter,
        judged.importer,
        judged.hs6,
        judged.value_kusd,
        judged.value_exporter_kusd,
        judged.value_importer_kusd,
        case when judged.quantity_t > 0 and not judged.is_quantity_outlier then judged.quantity_t end as quantity_t,
        coalesce(judged.is_quantity_estimated, false) as is_quantity_estimated,
        judged.is_quantity_outlier,
        judged.reported_by,
        judged.is_partial_year,
        judged.source,
        judged.source_vintage,
        judged.data_origin
    from judged
)

select * from final
