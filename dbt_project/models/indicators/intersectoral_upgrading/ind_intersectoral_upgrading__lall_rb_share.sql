with shares as (
    select * from {{ ref('int_structure__shares') }}
),

measured as (
    select
        iso3,
        'ALL' as scope_id,
        year,
        resource_based_share as value,
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
    from shares
)

{{ as_indicator('lall_rb_share', 'country', 'ratio', needs='trade') }}
