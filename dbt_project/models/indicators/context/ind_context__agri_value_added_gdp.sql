with series as (
    select * from {{ ref('int_context__country') }}
    where indicator_id = 'agri_value_added_gdp'
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

{{ as_indicator('agri_value_added_gdp', 'country', '% of GDP', needs='wdi') }}
