{# Scores wait for frozen goalposts: the rows of product upgrading hold the class. A chain of a year has one source here: the one that holds it. #}
with held as (
    select source, year, chain_id from {{ ref('int_ladder__coverage') }}
    qualify row_number() over (partition by year, chain_id order by is_covered desc, is_whole_list desc, source asc) = 1
),

positions as (
    select * from {{ ref('int_ladder__position') }}
),

classes as (
    select * from {{ ref('int_unit_value__kr') }}
),

premium as (
    select scope_id as chain_id, iso3, year, source, value, null_reason from {{ ref('ind_product_upgrading__premium_segment_share') }}
),

prices as (
    select source, year, iso3, chain_id, count(relative_unit_value) > 0 as has_price from {{ ref('int_unit_value__chain_stage') }}
    group by all
),

-- gold, diamonds, ships, aircraft and oil have no price that speaks of quality
chains as (
    select chain_id, bool_and({{ has_no_price('hs6') }}) as is_without_price from {{ ref('map_chain_product') }}
    where not shared_code
    group by all
),

joined as (
    select
        positions.* exclude (null_reason),
        classes.kr_quadrant,
        classes.kr_confidence,
        case
            when positions.null_reason is not null then positions.null_reason
            when classes.iso3 is null then 'insufficient_history'
            else classes.kr_null_reason
        end as kr_null_reason,
        cast(coalesce(prices.has_price, false) as integer) + cast(premium.value is not null as integer) as n_used,
        not coalesce(chains.is_without_price, false) and coalesce(premium.null_reason, '') <> 'not_applicable' as is_applicable
    from positions
    inner join held using (source, year, chain_id)
    left join classes using (source, year, iso3, chain_id)
    left join prices using (source, year, iso3, chain_id)
    left join premium using (source, year, iso3, chain_id)
    left join chains using (chain_id)
)

select
    iso3,
    'chain' as scope_kind,
    chain_id as scope_id,
    year,
    'product_upgrading' as pillar,
    cast(null as double) as score,
    cast(null as double) as low,
    cast(null as double) as high,
    cast(null as double) as change_5y,
    cast(null as double) as change_low,
    cast(null as double) as change_high,
    case when kr_null_reason is null then kr_quadrant end as kr_quadrant,
    case when kr_null_reason is null then kr_confidence end as kr_confidence,
    kr_null_reason,
    cast(case when is_applicable then n_used else 0 end as smallint) as n_used,
    cast(case when is_applicable then 2 else 0 end as smallint) as n_possible,
    case when is_applicable then 'insufficient_history' else 'not_applicable' end as null_reason,
    {{ dq_grade(
        is_null='kr_null_reason is not null',
        mirror_gap='mirror_gap',
        mirror_only='is_mirror_only',
        quantity_share='quantity_share',
        n_partners='n_partners',
        is_transit='is_transit',
        is_partial='is_partial_year'
    ) }} as dq_grade,
    source,
    source_vintage,
    data_origin
from joined
