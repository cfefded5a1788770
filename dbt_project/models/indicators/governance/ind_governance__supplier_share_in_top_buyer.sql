with chains as (
    select * from {{ ref('int_governance__chain') }}
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        supplier_share_in_top_buyer as value,
        null as low,
        null as high,
        supplier_null_reason as null_reason,
        n_partners as n_obs,
        0 as staleness_years,
        supplier_dq_grade as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from chains
)

{{ as_indicator('supplier_share_in_top_buyer', 'chain', 'ratio', needs='trade') }}
