with series as (
    select * from {{ ref('int_context__country') }}
    where indicator_id = 'patents_resident_pm'
),

measured as (
    select
        iso3,
        'ALL' as scope_id,
        year,
        value,
        null as low,
        null as high,
        null_reason,
        null as n_obs,
        staleness_years,
        dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from series
)

{{ as_indicator('patents_resident_pm', 'country', 'per million', needs='wdi') }}
