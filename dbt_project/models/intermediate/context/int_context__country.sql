{# Every series on the grid of its years: the value of the year, else the last one of at most carry_forward_max_years before (slow series only). #}
with series as (
    select * from {{ ref('int_context__series') }}
),

members as (
    select iso3 from {{ ref('v_acp_current') }}
),

spans as (
    select indicator_id, min(year) as first_year, max(year) as last_year, max(source_vintage) as source_vintage, max(data_origin) as data_origin
    from series
    group by indicator_id
),

years as (
    select indicator_id, source_vintage, data_origin, unnest(range(first_year, last_year + 1)) as year from spans
),

countries as (
    select distinct indicator_id, iso3 from series
    union
    select spans.indicator_id, members.iso3 from spans cross join members
),

grid as (
    select years.indicator_id, countries.iso3, years.year, series.value, years.source_vintage, years.data_origin
    from years
    inner join countries using (indicator_id)
    left join series on years.indicator_id = series.indicator_id and countries.iso3 = series.iso3 and years.year = series.year
),

carried as (
    select
        *,
        last_value(value ignore nulls) over recent as last_known,
        last_value(case when value is not null then year end ignore nulls) over recent as last_known_year
    from grid
    window recent as (
        partition by indicator_id, iso3 order by year
        rows between {{ var('carry_forward_max_years') }} preceding and current row
    )
),

settled as (
    select
        indicator_id, iso3, year, source_vintage, data_origin,
        -- a flow of another year is another flow
        case when indicator_id = 'fdi_inflow_gdp' then value else last_known end as value,
        case when indicator_id = 'fdi_inflow_gdp' or last_known_year is null then 0 else year - last_known_year end as staleness_years
    from carried
)

select
    settled.indicator_id,
    settled.iso3,
    cast(settled.year as smallint) as year,
    settled.value,
    cast(settled.staleness_years as smallint) as staleness_years,
    case when settled.value is null then 'not_reported' end as null_reason,
    case when settled.staleness_years > 0 then ['carried'] else cast([] as varchar[]) end as flags,
    -- employment by sector is a modelled estimate of the ILO for every country
    {{ dq_grade(
        is_null='settled.value is null',
        staleness='settled.staleness_years',
        is_modelled="settled.indicator_id = 'smallholder_employment_share'"
    ) }} as dq_grade,
    'wdi' as source,
    settled.source_vintage,
    settled.data_origin
from settled
-- the world's rows are there for comparison; their gaps are not ours to list
where settled.value is not null or settled.iso3 in (select iso3 from members)
