with chains as (
    select * from {{ ref('int_governance__chain') }}
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        growth_sd as value,
        null as low,
        null as high,
        volatility_null_reason as null_reason,
        n_growth_years as n_obs,
        0 as staleness_years,
        volatility_dq_grade as dq_grade,
        volatility_flags as flags,
        source,
        source_vintage,
        data_origin
    from chains
)

{{ as_indicator('export_volatility', 'chain', 'log points', needs='trade') }}
