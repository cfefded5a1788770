with advantages as (
    select * from {{ ref('int_structure__chain_advantage') }}
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        rxa as value,
        null as low,
        null as high,
        rxa_null_reason as null_reason,
        n_partners as n_obs,
        0 as staleness_years,
        case when rxa_null_reason is null then dq_grade else 'D' end as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from advantages
)

{{ as_indicator('rca_vollrath_rxa', 'chain', 'ratio', needs='trade') }}
