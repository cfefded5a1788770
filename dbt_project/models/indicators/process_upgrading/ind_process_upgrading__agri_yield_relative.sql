{# Production over area harvested, the country's over the world's as FAO publishes it. A sum over the countries of a file would be another world:
   where the row of the world is not loaded there is no ratio. #}
with figures as (
    select
        item_code,
        iso3,
        is_world,
        year,
        max(value) filter (where element_code = '5510') as tonnes,
        max(value) filter (where element_code = '5312') as hectares,
        -- official or of an international body; no flag was official before 2023
        bool_and(coalesce(flag, 'A') in ('A', 'X')) as is_official,
        max(source_vintage) as source_vintage,
        max(data_origin) as data_origin
    from {{ ref('stg_faostat_crops__data') }}
    where row_status = 'kept' and (element_code = '5510' and unit in ('t', 'tonnes') or element_code = '5312' and unit = 'ha')
    group by item_code, iso3, is_world, year
),

chains as (
    select chain_id, faostat_item from {{ ref('dim_chain') }}
),

members as (
    select iso3 from {{ ref('v_acp_current') }}
),

loaded as (
    select max(year) as last_year, max(source_vintage) as source_vintage, max(data_origin) as data_origin from figures
    having count(*) > 0
),

years as (
    select
        item_code,
        unnest(range(min(year), max(year) + 1)) as year,
        max(source_vintage) as source_vintage,
        max(data_origin) as data_origin
    from figures
    group by item_code
),

growers as (
    select distinct item_code, iso3 from figures
    where not is_world and iso3 in (select iso3 from members)
),

grown as (
    select
        chains.chain_id,
        growers.iso3,
        years.year,
        own.tonnes / nullif(own.hectares, 0) as own_yield,
        world.tonnes / nullif(world.hectares, 0) as world_yield,
        coalesce(own.is_official, true) as is_official,
        case
            when own.tonnes is null or own.hectares is null then 'not_reported'
            when own.hectares = 0 then 'zero_denominator'
            when world.tonnes is null or world.hectares is null then 'partial_coverage'
            when world.tonnes = 0 or world.hectares = 0 then 'zero_denominator'
        end as null_reason,
        years.source_vintage,
        years.data_origin
    from growers
    inner join chains on growers.item_code = chains.faostat_item
    inner join years on growers.item_code = years.item_code
    left join figures as own on growers.item_code = own.item_code and growers.iso3 = own.iso3 and years.year = own.year
    left join figures as world on growers.item_code = world.item_code and world.is_world and years.year = world.year
),

-- who is not on the publisher's list of growers says so once, for the newest year
silent as (
    select
        chains.chain_id,
        members.iso3,
        loaded.last_year as year,
        cast(null as double) as own_yield,
        cast(null as double) as world_yield,
        true as is_official,
        case when chains.faostat_item is null then 'not_applicable' else 'not_reported' end as null_reason,
        loaded.source_vintage,
        loaded.data_origin
    from members
    cross join chains
    cross join loaded
    where
        not exists (
            select 1 from growers
            where growers.iso3 = members.iso3 and growers.item_code = chains.faostat_item
        )
),

everything as (
    select * from grown
    union all
    select * from silent
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        own_yield / world_yield as value,
        null as low,
        null as high,
        null_reason,
        null as n_obs,
        0 as staleness_years,
        {{ dq_grade(is_null='null_reason is not null', is_modelled='not is_official') }} as dq_grade,
        case when null_reason is null and not is_official then ['estimated'] else cast([] as varchar[]) end as flags,
        'faostat_crops' as source,
        source_vintage,
        data_origin
    from everything
)

{{ as_indicator('agri_yield_relative', 'chain', 'ratio', needs='faostat_crops') }}
