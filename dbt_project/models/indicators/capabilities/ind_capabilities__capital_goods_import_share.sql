with shares as (
    select * from {{ ref('int_structure__shares') }}
),

measured as (
    select
        iso3,
        'ALL' as scope_id,
        year,
        capital_import_share as value,
        null as low,
        null as high,
        import_null_reason as null_reason,
        n_suppliers as n_obs,
        0 as staleness_years,
        import_dq_grade as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from shares
)

{{ as_indicator('capital_goods_import_share', 'country', 'ratio', needs='trade') }}
