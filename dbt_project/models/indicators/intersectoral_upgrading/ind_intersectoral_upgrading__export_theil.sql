with shares as (
    select * from {{ ref('int_structure__shares') }}
),

measured as (
    select
        iso3,
        'ALL' as scope_id,
        year,
        theil as value,
        null as low,
        null as high,
        theil_null_reason as null_reason,
        n_partners as n_obs,
        0 as staleness_years,
        case when theil_null_reason is null then dq_grade else 'D' end as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from shares
)

{{ as_indicator('export_theil', 'country', 'index', needs='trade') }}
