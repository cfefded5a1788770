with chains as (
    select * from {{ ref('int_governance__chain') }}
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        partner_persistence as value,
        null as low,
        null as high,
        persistence_null_reason as null_reason,
        n_buyers_before as n_obs,
        0 as staleness_years,
        persistence_dq_grade as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from chains
)

{{ as_indicator('partner_persistence', 'chain', 'ratio', needs='trade') }}
