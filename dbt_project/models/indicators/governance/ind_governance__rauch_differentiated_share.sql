with shares as (
    select * from {{ ref('int_structure__shares') }}
),

measured as (
    select
        iso3,
        'ALL' as scope_id,
        year,
        differentiated_share as value,
        least(differentiated_share, differentiated_share_liberal) as low,
        greatest(differentiated_share, differentiated_share_liberal) as high,
        rauch_null_reason as null_reason,
        n_partners as n_obs,
        0 as staleness_years,
        case when rauch_null_reason is null then dq_grade else 'D' end as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from shares
)

{{ as_indicator('rauch_differentiated_share', 'country', 'ratio', needs='trade') }}
