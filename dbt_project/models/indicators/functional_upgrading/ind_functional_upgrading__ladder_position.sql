with positions as (
    select * from {{ ref('int_ladder__position') }}
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        position as value,
        low,
        high,
        position_null_reason as null_reason,
        n_partners as n_obs,
        0 as staleness_years,
        {{ dq_grade(
            is_null='position_null_reason is not null',
            mirror_gap='mirror_gap',
            mirror_only='is_mirror_only',
            n_partners='n_partners',
            quantity_share='quantity_share',
            is_transit='is_transit',
            is_partial='is_partial_year'
        ) }} as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from positions
)

{{ as_indicator('ladder_position', 'chain', 'index', needs='trade') }}
