{# Published wherever two bases exist at both ends; a climb is *claimed* only without the flags bases_disagree, transit and assembly. #}
with positions as (
    select * from {{ ref('int_ladder__position') }}
),

changes as (
    select * from {{ ref('int_ladder__change') }}
),

joined as (
    select
        positions.* exclude (flags),
        changes.climb,
        changes.climb_low,
        changes.climb_high,
        changes.n_panel,
        case
            when positions.value_null_reason is not null then positions.value_null_reason
            when changes.iso3 is null then 'insufficient_history'
            else changes.null_reason
        end as climb_null_reason,
        list_concat(positions.flags, case when not changes.is_agreed then ['bases_disagree'] else cast([] as varchar[]) end) as flags
    from positions
    left join changes using (source, year, iso3, chain_id)
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        climb as value,
        climb_low as low,
        climb_high as high,
        climb_null_reason as null_reason,
        n_panel as n_obs,
        0 as staleness_years,
        {{ dq_grade(
            is_null='climb_null_reason is not null',
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
    from joined
)

{{ as_indicator('ladder_climb_10y', 'chain', 'index points', needs='trade') }}
