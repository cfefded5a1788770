{# Border rejections in the three years up to and with `year`, by origin, chain and market. Only covered months count: a month is covered when a
   classified notice stands in it that comes from a file with border rejections. A file without a classification, or one filtered to alerts, says
   nothing about border rejections, and a month without any notice was not loaded: neither was free of rejections. #}
{% set window = var('rejection_window_years') | int %}
{% set full_window = window * (var('months_per_year') | int) %}
{% set portal = var('rasff_portal_year') | int %}
{% set least_months = var('rejection_min_months') | int %}

with notices as (
    select * from {{ ref('int_rejections__notices') }}
    where source = 'rasff'
),

rejections as (
    select * from {{ ref('fct_rejection') }}
    where is_border_rejection
),

origins as (
    select * from {{ ref('fct_rejection_origin') }}
    where iso3 <> 'XXX'
),

telling_files as (
    select distinct sha256 from notices
    where is_border_rejection
),

months as (
    select distinct cast(date_trunc('month', notified_on) as date) as month
    from notices
    where classification <> 'not given' and sha256 in (select sha256 from telling_files)
),

years as (
    select unnest(range(min(year(notified_on)), max(year(notified_on)) + 1)) as year from notices
),

windows as (
    select
        years.year,
        count(months.month) as months_covered
    from years
    left join months on year(months.month) between years.year - {{ window - 1 }} and years.year
    group by years.year
),

vintage as (
    select max(source_vintage) as source_vintage, max(data_origin) as data_origin from notices
),

counted as (
    -- a notice that names several origins counts once for each; `ALL` counts it once whatever its chain
    select windows.year, origins.iso3, coalesce(rejections.chain_id, 'ALL') as chain_id, rejections.market, rejections.rejection_id
    from rejections
    inner join origins on rejections.rejection_id = origins.rejection_id
    inner join windows on year(rejections.notified_on) between windows.year - {{ window - 1 }} and windows.year
),

sums as (
    select year, iso3, chain_id, market, count(distinct rejection_id) as n
    from (
        select * from counted
        union
        select year, iso3, 'ALL' as chain_id, market, rejection_id from counted
    ) as with_all
    group by all
),

chains as (
    select distinct chain_id, market from rejections
    where chain_id is not null
    union
    select 'ALL' as chain_id, 'EU' as market
),

countries as (
    select iso3 from {{ ref('v_acp_current') }}
    union
    select distinct iso3 from origins
),

grid as (
    select windows.year, windows.months_covered, countries.iso3, chains.chain_id, chains.market
    from windows cross join countries cross join chains
)

select
    grid.iso3,
    grid.chain_id,
    grid.market,
    cast(grid.year as smallint) as year,
    cast(grid.months_covered as smallint) as months_covered,
    case when grid.months_covered > 0 then cast(coalesce(sums.n, 0) as integer) end as n_3y,
    case when grid.months_covered < {{ least_months }} then 'outside_source_period' end as null_reason,
    vintage.source_vintage,
    vintage.data_origin,
    -- a public register; a window that is not covered in full is not the whole count
    {{ dq_grade(
        is_null="grid.months_covered < " ~ least_months,
        is_partial="grid.months_covered < " ~ full_window
    ) }} as dq_grade,
    list_concat(
        case when grid.months_covered < {{ full_window }} then ['partial_window'] else cast([] as varchar[]) end,
        -- the portal of {{ portal }} has other categories and less detail: a count across it is of two registers
        case when {{ portal }} between grid.year - {{ window - 2 }} and grid.year then ['series_break'] else cast([] as varchar[]) end
    ) as flags
from grid
cross join vintage
left join sums using (year, iso3, chain_id, market)
