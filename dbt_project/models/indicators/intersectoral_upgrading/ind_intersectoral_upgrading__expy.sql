with countries as (
    select * from {{ ref('int_complexity__country') }}
),

measured as (
    select
        iso3,
        'ALL' as scope_id,
        year,
        expy as value,
        null as low,
        null as high,
        expy_null_reason as null_reason,
        diversity as n_obs,
        0 as staleness_years,
        expy_grade as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from countries
)

{{ as_indicator('expy', 'country', 'PPP USD', needs='trade') }}
