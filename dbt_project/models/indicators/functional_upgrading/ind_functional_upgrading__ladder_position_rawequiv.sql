with positions as (
    select * from {{ ref('int_ladder__position') }}
),

bilateral as (
    select
        iso3,
        chain_id as scope_id,
        year,
        pos_rawequiv as value,
        null as low,
        null as high,
        rawequiv_null_reason as null_reason,
        n_partners as n_obs,
        0 as staleness_years,
        {{ dq_grade(
            is_null='rawequiv_null_reason is not null',
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
),

-- wood in cubic metres; low and high are the position with the factors at the ends of their ranges, not percentiles
wood as (
    select
        iso3,
        chain_id as scope_id,
        year,
        pos_rawequiv as value,
        pos_factors_low as low,
        pos_factors_high as high,
        rawequiv_null_reason as null_reason,
        n_products as n_obs,
        0 as staleness_years,
        dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from {{ ref('int_ladder__wood_volumes') }}
),

measured as (
    select * from bilateral
    union all
    select * from wood
)

{{ as_indicator('ladder_position_rawequiv', 'chain', 'index', needs=['trade', 'faostat_forestry']) }}
