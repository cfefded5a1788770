with origins as (
    select * from {{ ref('int_ladder__own_origin') }}
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        own_origin_processing_ratio as value,
        null as low,
        null as high,
        null_reason,
        n_partners as n_obs,
        0 as staleness_years,
        dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from origins
)

{{ as_indicator('own_origin_processing_ratio', 'chain', 'ratio', needs='trade') }}
