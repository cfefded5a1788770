{# A count and the exact 90 % interval of its Poisson mean. Not a rate: trade is not in it. #}
with windows as (
    select * from {{ ref('int_standards__rejections') }}
    where market = 'EU'
),

intervals as (
    select n, low, high from {{ ref('stg_rejections__poisson_interval') }}
),

measured as (
    select
        windows.iso3,
        windows.chain_id || ':' || windows.market as scope_id,
        windows.year,
        windows.n_3y as value,
        case when windows.null_reason is null then intervals.low end as low,
        case when windows.null_reason is null then intervals.high end as high,
        windows.null_reason,
        windows.months_covered as n_obs,
        0 as staleness_years,
        windows.dq_grade,
        windows.flags,
        'rasff' as source,
        windows.source_vintage,
        windows.data_origin
    from windows
    left join intervals on windows.n_3y = intervals.n
)

{{ as_indicator('rejection_count_3y', 'chain_market', 'count', needs='rasff') }}
