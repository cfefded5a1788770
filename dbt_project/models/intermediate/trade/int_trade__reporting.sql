-- Who reported what in a year. A monthly reporter-year with fewer than twelve distinct months in all its rows is partial.
with

flows as (
    select * from {{ ref('int_trade__comtrade_flows') }}
),

masks as (
    select
        year,
        reporter,
        bool_or(is_annual) as is_annual,
        bit_or(months_mask) as months_mask
    from flows
    group by year, reporter
),

directions as (
    select
        year,
        reporter,
        flow,
        cast(sum(value_usd) as decimal(24, 3)) as value_usd,
        cast(sum(n_rows) as bigint) as n_rows
    from flows
    group by year, reporter, flow
),

final as (
    select
        'comtrade' as source,
        directions.year,
        directions.reporter,
        directions.flow,
        cast(case when masks.is_annual then {{ var('months_per_year') }} else bit_count(masks.months_mask) end as tinyint) as n_months,
        not masks.is_annual and bit_count(masks.months_mask) < {{ var('months_per_year') }} as is_partial_year,
        directions.value_usd,
        directions.n_rows
    from directions
    inner join masks on directions.year = masks.year and directions.reporter = masks.reporter
)

select * from final
