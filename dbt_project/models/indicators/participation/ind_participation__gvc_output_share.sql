with output as (
    select * from {{ ref('int_value_added__gvc_output') }}
),

measured as (
    select
        iso3,
        sector_id as scope_id,
        year,
        gvc_output_share as value,
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
    union all by name
    -- our own computation, under its own witness
    {{ engine_rows('gvc_output_share', of_sectors=true) }}
)

{{ as_indicator('gvc_output_share', 'sector', 'ratio', needs='wits_gvc') }}
