{{ config(meta={'dagster': {'ref': {'name': 'fct_trade'}}}) }}
-- On the reconciled legs what all exporters sell is what all importers buy. The two sides are added up independently: exporters from fct_trade,
-- importers from the reports themselves (import reports on FOB basis, export reports where the importer is silent, BACI where it has the cell).
with

exporters as (
    select
        year,
        exporter,
        sum(value_kusd) as value_kusd
    from {{ ref('fct_trade') }}
    group by year, exporter
),

world_exports as (
    select
        year,
        sum(value_kusd) as value_kusd
    from exporters
    group by year
),

flows as (
    select
        year,
        hs6,
        case when flow = 'M' then partner else reporter end as exporter,
        case when flow = 'M' then reporter else partner end as importer,
        flow,
        case
            when flow = 'M' then fob_usd + cast(value_without_fob_usd / {{ var('cif_fob_ratio') }} as decimal(24, 3))
            else value_usd
        end as value_usd
    from {{ ref('int_trade__comtrade_flows') }}
),

baci as (
    select
        year,
        hs6,
        value_kusd,
        0 as n_flows
    from {{ ref('int_trade__baci_rows') }}
    where row_status = 'kept'
),

preferred as (
    select *
    from flows
    where
        flow = 'M' or not exists (
            select 1 from flows as reports
            where
                reports.flow = 'M' and reports.year = flows.year and reports.exporter = flows.exporter
                and reports.importer = flows.importer and reports.hs6 = flows.hs6
        )
),

importers as (
    select
        preferred.year,
        preferred.hs6,
        sum(preferred.value_usd) / 1000 as value_kusd,
        count(*) as n_flows
    from preferred
    anti join baci on preferred.year = baci.year and preferred.hs6 = baci.hs6
    group by preferred.year, preferred.hs6
    union all
    select * from baci
),

world_imports as (
    select
        year,
        sum(value_kusd) as value_kusd,
        sum(n_flows) as n_flows
    from importers
    group by year
)

select
    coalesce(world_exports.year, world_imports.year) as year,
    world_exports.value_kusd as exports_kusd,
    world_imports.value_kusd as imports_kusd
from world_exports
full outer join world_imports on world_exports.year = world_imports.year
where
    world_exports.year is null
    or world_imports.year is null
    -- each flow is rounded to a dollar
    or abs(world_exports.value_kusd - world_imports.value_kusd) > 0.0005 * world_imports.n_flows + 0.001
