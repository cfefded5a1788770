with positions as (
    select * from {{ ref('int_ladder__position') }}
),

changes as (
    select * from {{ ref('int_ladder__change') }}
),

-- a country that sold nothing in the last year may still have a change of windows; it is not a row of this year
reasons as (
    select
        positions.source,
        positions.year,
        positions.iso3,
        positions.chain_id,
        positions.is_transit,
        positions.is_assembly,
        changes.n_panel,
        changes.change_pos_value,
        changes.change_pos_constprice,
        changes.change_pos_rawequiv,
        changes.climb,
        changes.is_agreed,
        case
            when positions.value_null_reason is not null then positions.value_null_reason
            when changes.iso3 is null then 'insufficient_history'
            else changes.null_reason
        end as climb_null_reason
    from positions
    left join changes using (source, year, iso3, chain_id)
),

climbs as (
    select
        source,
        year,
        iso3,
        chain_id,
        n_panel,
        change_pos_value as climb_value_10y,
        change_pos_constprice as climb_constprice_10y,
        change_pos_rawequiv as climb_rawequiv_10y,
        case when climb_null_reason is null then climb end as climb_10y,
        -- claimed only where all bases move the same way and neither transit nor sewing of imported cloth explains it
        case when climb_null_reason is null then is_agreed and not is_transit and not is_assembly end as climb_10y_agree,
        climb_null_reason
    from reasons
),

-- ladders of sources that can show one basis only: no position over several bases, no change over a panel; the grade is that of the basis
wood_volumes as (
    select
        source, iso3, chain_id, year, re0, re1, re2, re_unit, pos_rawequiv, pos_rawequiv as low, pos_rawequiv as high, flags,
        cast(pos_rawequiv is not null as tinyint) as n_bases,
        coalesce(rawequiv_null_reason, 'below_min_obs') as null_reason,
        coalesce(rawequiv_null_reason, 'below_min_obs') as climb_null_reason,
        dq_grade, source_vintage, data_origin
    from {{ ref('int_ladder__wood_volumes') }}
),

coarse_value as (
    select
        source, iso3, chain_id, year, x0_kusd, x1_kusd, x2_kusd, x3_kusd, pos_value, pos_value as low, pos_value as high,
        cast([] as varchar[]) as flags,
        cast(pos_value is not null as tinyint) as n_bases,
        coalesce(value_null_reason, 'below_min_obs') as null_reason,
        coalesce(value_null_reason, 'below_min_obs') as climb_null_reason,
        dq_grade, source_vintage, data_origin
    from {{ ref('int_ladder__coarse_value') }}
),

bilateral as (
    select
        positions.source,
        positions.iso3,
        positions.chain_id,
        positions.year,
        positions.x0 as x0_kusd,
        positions.x1 as x1_kusd,
        positions.x2 as x2_kusd,
        positions.x3 as x3_kusd,
        positions.re0,
        positions.re1,
        positions.re2,
        positions.re3,
        case when positions.pos_rawequiv is not null then 't' end as re_unit,
        positions.pos_value,
        positions.pos_constprice,
        positions.pos_rawequiv,
        positions.n_bases,
        positions.position,
        positions.low,
        positions.high,
        positions.reexport_ratio,
        climbs.climb_value_10y,
        climbs.climb_constprice_10y,
        climbs.climb_rawequiv_10y,
        climbs.climb_10y,
        climbs.climb_10y_agree,
        climbs.climb_null_reason,
        climbs.n_panel as climb_n_panel,
        positions.flags,
        positions.position_null_reason as null_reason,
        {{ dq_grade(
            is_null='positions.position_null_reason is not null',
            mirror_gap='positions.mirror_gap',
            mirror_only='positions.is_mirror_only',
            quantity_share='positions.quantity_share',
            n_partners='positions.n_partners',
            is_transit='positions.is_transit',
            is_partial='positions.is_partial_year'
        ) }} as dq_grade,
        positions.source_vintage,
        positions.data_origin
    from positions
    left join climbs using (source, year, iso3, chain_id)
),

final as (
    select * from bilateral
    union all by name
    select * from wood_volumes
    union all by name
    select * from coarse_value
)

select * from final
