with output as (
    select * from {{ ref('int_value_added__gvc_output') }}
),

measured as (
    select
        iso3,
        sector_id as scope_id,
        year,
        gvc_output_forward as value,
        null as low,
        null as high,
        null_reason,
        null as n_obs,
        0 as staleness_years,
        dq_grade,
        cast([] as varchar[]) as flags,
        source,
        source_vintage,
        data_origin
    from output
)

{{ as_indicator('gvc_output_forward', 'sector', 'ratio', needs='wits_gvc') }}
