with positions as (
    select * from {{ ref('int_ladder__position') }}
),

changes as (
    select * from {{ ref('int_unit_value__kr') }}
),

joined as (
    select
        positions.* exclude (null_reason, flags),
        changes.* exclude (source, year, iso3, chain_id),
        coalesce(positions.null_reason, case when changes.iso3 is null then 'insufficient_history' else changes.share_null_reason end) as null_reason,
        positions.flags
    from positions
    left join changes using (source, year, iso3, chain_id)
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        share_change as value,
        case when null_reason is null then share_change - {{ var('interval_z') }} * share_sd end as low,
        case when null_reason is null then share_change + {{ var('interval_z') }} * share_sd end as high,
        null_reason,
        n_importers as n_obs,
        0 as staleness_years,
        {{ dq_grade(
            is_null='null_reason is not null',
            mirror_gap='mirror_gap',
            mirror_only='is_mirror_only',
            n_partners='n_partners',
            is_transit='is_transit',
            is_partial='is_partial_year'
        ) }} as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from joined
)

{{ as_indicator('market_share_change_5y', 'chain', 'log points per year', needs='trade') }}
