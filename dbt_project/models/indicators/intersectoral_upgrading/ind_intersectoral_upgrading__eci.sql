with countries as (
    select * from {{ ref('int_complexity__country') }}
),

measured as (
    select
        iso3,
        'ALL' as scope_id,
        year,
        eci as value,
        null as low,
        null as high,
        null_reason,
        diversity as n_obs,
        0 as staleness_years,
        dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from countries
)

{{ as_indicator('eci', 'country', 'z score', needs='trade') }}
