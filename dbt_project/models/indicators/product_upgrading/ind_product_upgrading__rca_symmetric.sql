with advantages as (
    select * from {{ ref('int_structure__chain_advantage') }}
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        rca_symmetric as value,
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
    from advantages
)

{{ as_indicator('rca_symmetric', 'chain', 'index', needs='trade') }}
