with positions as (
    select * from {{ ref('int_ladder__position') }}
),

windows as (
    select * from {{ ref('int_market_share__windows') }}
),

joined as (
    select
        positions.* exclude (null_reason, flags),
        windows.* exclude (source, year, iso3, chain_id),
        case
            when positions.null_reason is not null then positions.null_reason
            when windows.iso3 is null or coalesce(windows.panel_share, 0) < {{ var('panel_min_value_share') }} then 'insufficient_history'
            when windows.first_kusd = 0 then 'zero_denominator'
            -- most of what it sold went to markets that it holds itself: nobody to compare with
            when windows.base_kusd < {{ var('chain_price_min_value_share') }} * windows.first_kusd then 'below_min_obs'
        end as null_reason,
        positions.flags
    from positions
    left join windows using (source, year, iso3, chain_id)
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        residual_kusd / base_kusd as value,
        null as low,
        null as high,
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

{{ as_indicator('cmsa_competitiveness', 'chain', 'ratio', needs='trade') }}
