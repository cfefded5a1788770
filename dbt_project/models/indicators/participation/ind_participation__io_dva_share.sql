with content as (
    select * from {{ ref('int_value_added__tiva') }}
),

measured as (
    select
        iso3,
        sector_id as scope_id,
        year,
        dva_share as value,
        null as low,
        null as high,
        dva_null_reason as null_reason,
        null as n_obs,
        0 as staleness_years,
        dva_grade as dq_grade,
        cast([] as varchar[]) as flags,
        source,
        source_vintage,
        data_origin
    from content
    union all by name
    -- our own computation, under its own witness
    {{ engine_rows('domestic_content_share', of_sectors=true) }}
)

{{ as_indicator('io_dva_share', 'sector', 'ratio', needs='oecd_tiva') }}
