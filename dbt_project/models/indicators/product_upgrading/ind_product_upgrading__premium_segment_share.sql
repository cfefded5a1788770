with positions as (
    select * from {{ ref('int_ladder__position') }}
),

premium as (
    select * from {{ ref('int_unit_value__premium') }}
),

joined as (
    select
        positions.* exclude (null_reason, flags),
        premium.* exclude (source, year, iso3, chain_id, export_kusd),
        case
            when positions.null_reason is not null then positions.null_reason
            when premium.iso3 is null then 'not_applicable'
            when premium.without_quantity_kusd > (1 - {{ var('quantity_min_value_share') }}) * premium.export_kusd then 'no_quantity'
            -- flows too small for a price, or of products with fewer than three flows in the world
            when premium.ranked_kusd < {{ var('chain_price_min_value_share') }} * premium.export_kusd then 'below_min_obs'
        end as null_reason,
        positions.flags
    from positions
    left join premium using (source, year, iso3, chain_id)
),

measured as (
    select
        iso3,
        chain_id as scope_id,
        year,
        cast(premium_kusd as double) / nullif(cast(ranked_kusd as double), 0) as value,
        null as low,
        null as high,
        null_reason,
        n_ranked as n_obs,
        0 as staleness_years,
        {{ dq_grade(
            is_null='null_reason is not null',
            mirror_gap='mirror_gap',
            mirror_only='is_mirror_only',
            quantity_share='quantity_share',
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

{{ as_indicator('premium_segment_share', 'chain', 'ratio', needs='trade') }}
