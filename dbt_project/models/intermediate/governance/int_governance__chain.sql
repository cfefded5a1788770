-- Governance of a chain from one country's side: values with a reason each, on the grid of the ladder.
with

positions as (
    select
        source, year, iso3, chain_id, null_reason, buyer_null_reason, buyer_hhi, top_buyer, top_buyer_share, n_partners, mirror_gap,
        is_mirror_only, is_transit, is_partial_year, flags, source_vintage, data_origin
    from {{ ref('int_ladder__position') }}
),

relations as (
    select * from {{ ref('int_governance__relations') }}
),

history as (
    select * from {{ ref('int_governance__history') }}
),

coverage as (
    select source, chain_id, cast(year + {{ var('partner_persistence_years') }} as smallint) as year, is_covered from {{ ref('int_ladder__coverage') }}
),

-- buyers of a year before that nobody who reports now could name again
sold_before as (
    select
        source, iso3, chain_id, cast(year + {{ var('partner_persistence_years') }} as smallint) as year
    from {{ ref('int_ladder__position') }}
    where null_reason is null and n_partners > 0
),

joined as (
    select
        positions.*,
        case
            when bool_or(positions.is_partial_year) over (
                partition by positions.source, positions.iso3, positions.chain_id order by positions.year
                range between {{ var('volatility_years') }} preceding and current row
            )
                then list_distinct(list_append(positions.flags, 'partial_year'))
            else positions.flags
        end as volatility_flags,
        relations.supplier_share_in_top_buyer,
        relations.dependence_asymmetry,
        relations.regional_share,
        history.n_buyers_before,
        history.kept_kusd / history.before_kusd as partner_persistence,
        history.growth_sd,
        coalesce(history.n_growth_years, 0) as n_growth_years,
        coalesce(buyer_null_reason, case when not relations.is_top_buyer_reporting then 'not_reported' end) as supplier_null_reason,
        coalesce(
            buyer_null_reason,
            case when relations.reporting_buyers_share < {{ var('reporting_buyers_min_share') }} then 'not_reported' end
        ) as asymmetry_null_reason,
        coalesce(buyer_null_reason, case when not relations.is_in_regional_group then 'not_applicable' end) as regional_null_reason,
        case
            -- a seller that lost every buyer has a value, zero; nothing is known of one that nobody reports on
            when positions.null_reason is not null and positions.null_reason <> 'no_trade' then positions.null_reason
            when not coalesce(coverage.is_covered, false) then 'insufficient_history'
            when history.before_kusd > 0 then null
            when sold_before.iso3 is not null then 'not_reported'
            else coalesce(positions.null_reason, 'zero_denominator')
        end as persistence_null_reason,
        coalesce(
            buyer_null_reason,
            case when coalesce(history.n_growth_years, 0) < {{ var('volatility_years') }} then 'insufficient_history' end
        ) as volatility_null_reason
    from positions
    left join relations using (source, year, iso3, chain_id)
    left join history using (source, year, iso3, chain_id)
    left join coverage using (source, year, chain_id)
    left join sold_before using (source, year, iso3, chain_id)
),

{%- set measures = [
    ('supplier_share_in_top_buyer', 'supplier'), ('dependence_asymmetry', 'asymmetry'), ('regional_share', 'regional'),
    ('partner_persistence', 'persistence'), ('growth_sd', 'volatility'),
] %}

final as (
    select
        source,
        year,
        iso3,
        chain_id,
        buyer_null_reason,
        -- a part of a chain has buyers too, but not the buyers of the chain
        case when buyer_null_reason is null then buyer_hhi end as buyer_hhi,
        case when buyer_null_reason is null then top_buyer end as top_buyer,
        case when buyer_null_reason is null then top_buyer_share end as top_buyer_share,
        n_partners,
        coalesce(n_buyers_before, 0) as n_buyers_before,
        n_growth_years,
        {%- for measure, reason in measures %}
        case when {{ reason }}_null_reason is null then {{ measure }} end as {{ measure }},
        {{ reason }}_null_reason,
        {{ dq_grade(
            is_null=reason ~ '_null_reason is not null',
            mirror_gap='mirror_gap',
            mirror_only='is_mirror_only',
            n_partners='coalesce(n_buyers_before, 0)' if reason == 'persistence' else 'n_partners',
            is_transit='is_transit',
            is_partial='is_partial_year'
        ) }} as {{ reason }}_dq_grade,
        {%- endfor %}
        {{ dq_grade(
            is_null='buyer_null_reason is not null',
            mirror_gap='mirror_gap',
            mirror_only='is_mirror_only',
            n_partners='n_partners',
            is_transit='is_transit',
            is_partial='is_partial_year'
        ) }} as dq_grade,
        flags,
        list_sort(volatility_flags) as volatility_flags,
        source_vintage,
        data_origin
    from joined
)

select * from final
