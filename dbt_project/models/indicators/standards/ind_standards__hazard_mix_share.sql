{# Of the border rejections of three years whose hazards carry a category, the share of each class. Where there is none, one row a chain says why. #}
{% set window = var('rejection_window_years') | int %}
{% set full_window = window * (var('months_per_year') | int) %}
with windows as (
    select * from {{ ref('int_standards__rejections') }}
    where market = 'EU'
),

classes as (
    select distinct hazard_class from {{ ref('fct_rejection_hazard') }}
),

weighed as (
    select
        notices.rejection_id,
        notices.chain_id,
        cast(year(notices.notified_on) as smallint) as notified_year,
        origins.iso3,
        hazards.hazard_class,
        hazards.weight
    from {{ ref('fct_rejection') }} as notices
    inner join {{ ref('fct_rejection_origin') }} as origins on notices.rejection_id = origins.rejection_id
    inner join {{ ref('fct_rejection_hazard') }} as hazards on notices.rejection_id = hazards.rejection_id
    where notices.is_border_rejection and notices.market = 'EU'
),

scoped as (
    select chain_id, notified_year, iso3, hazard_class, rejection_id, weight from weighed
    where chain_id is not null
    union all
    select 'ALL' as chain_id, notified_year, iso3, hazard_class, rejection_id, weight from weighed
),

named as (
    select windows.iso3, windows.chain_id, windows.year, count(distinct scoped.rejection_id) as n_named
    from windows
    inner join scoped
        on
            windows.iso3 = scoped.iso3 and windows.chain_id = scoped.chain_id
            and scoped.notified_year between windows.year - {{ window - 1 }} and windows.year
    group by all
),

sums as (
    select windows.iso3, windows.chain_id, windows.year, scoped.hazard_class, {{ exact_sum('scoped.weight') }} as n_hazard
    from windows
    inner join scoped
        on
            windows.iso3 = scoped.iso3 and windows.chain_id = scoped.chain_id
            and scoped.notified_year between windows.year - {{ window - 1 }} and windows.year
    group by all
),

grid as (
    -- a class a row where there is something to share, else one row for all of them
    select windows.*, named.n_named, coalesce(classes.hazard_class, 'ALL') as hazard_class
    from windows
    left join named on windows.iso3 = named.iso3 and windows.chain_id = named.chain_id and windows.year = named.year
    left join classes on named.n_named is not null and windows.null_reason is null
),

measured as (
    select
        grid.iso3,
        grid.chain_id || ':' || grid.hazard_class as scope_id,
        grid.year,
        coalesce(sums.n_hazard, 0) / grid.n_named as value,
        null as low,
        null as high,
        coalesce(grid.null_reason, case when grid.n_named is null then 'zero_denominator' end) as null_reason,
        coalesce(grid.n_named, 0) as n_obs,
        0 as staleness_years,
        -- rejections whose hazards carry no category are in the count and not in the mix
        {{ dq_grade(
            is_null="grid.null_reason is not null or grid.n_named is null",
            is_partial="grid.months_covered < " ~ full_window ~ " or grid.n_named < grid.n_3y"
        ) }} as dq_grade,
        grid.flags,
        'rasff' as source,
        grid.source_vintage,
        grid.data_origin
    from grid
    left join sums
        on grid.iso3 = sums.iso3 and grid.chain_id = sums.chain_id and grid.year = sums.year and grid.hazard_class = sums.hazard_class
)

{{ as_indicator('hazard_mix_share', 'chain_hazard', 'ratio', needs='rasff') }}
