{# The wood ladder by volume: FAOSTAT gives no values, so there is one basis and no position over several. Cubic metres of roundwood equivalent are
   never added to the tonnes of other sources: another source, another unit, a chain of its own (no furniture in it). #}
with quantities as (
    select * from {{ ref('stg_faostat_forestry__data') }}
    -- states that are gone share one code and are no country of a ladder
    where row_status = 'kept' and iso3 <> 'XXX'
),

items as (
    select * from {{ ref('wood_volume_items') }}
),

members as (
    select iso3 from {{ ref('v_acp_current') }}
),

products as (
    select
        quantities.iso3, quantities.year, quantities.element, items.product, items.stage, items.detail_level,
        items.re_factor_m3_per_m3, items.factor_low, items.factor_high,
        {{ exact_sum('quantities.quantity') }} as quantity_m3
    from quantities
    inner join items using (item_code)
    group by all
),

-- a total and its parts are never added
coarsest as (
    select * from products
    qualify detail_level = min(detail_level) over (partition by iso3, year, element, product)
),

amounts as (
    select
        iso3, year,
        {%- for stage in range(3) %}
        coalesce({{ exact_sum('quantity_m3 * re_factor_m3_per_m3', where="element = 'export quantity' and stage = " ~ stage) }}, 0) as re{{ stage }},
        coalesce({{ exact_sum('quantity_m3 * factor_low', where="element = 'export quantity' and stage = " ~ stage) }}, 0) as low{{ stage }},
        coalesce({{ exact_sum('quantity_m3 * factor_high', where="element = 'export quantity' and stage = " ~ stage) }}, 0) as high{{ stage }},
        {%- endfor %}
        {{ exact_sum('quantity_m3', where="element = 'production'") }} as production_m3,
        cast(count(*) filter (where element = 'export quantity') as integer) as n_products
    from coarsest
    group by iso3, year
),

source_years as (
    select year, max(source_vintage) as source_vintage, max(data_origin) as data_origin from quantities
    group by year
),

-- every exporter, and every member whether it trades or not: silence is a row with a reason
countries as (
    select iso3, year from amounts
    where re0 + re1 + re2 > 0
    union
    select members.iso3, source_years.year from members cross join source_years
),

reasons as (
    select
        countries.iso3,
        countries.year,
        amounts.* exclude (iso3, year, n_products),
        coalesce(amounts.n_products, 0) as n_products,
        case
            when coalesce(amounts.n_products, 0) = 0 then 'not_reported'
            when amounts.re0 + amounts.re1 + amounts.re2 = 0 then 'no_trade'
        end as rawequiv_null_reason,
        coalesce(amounts.re0 + amounts.re1 + amounts.re2 > {{ var('transit_production_ratio') }} * amounts.production_m3, false) as is_transit
    from countries
    left join amounts using (iso3, year)
),

positions as (
    select
        *,
        (re1 + 2 * re2) / nullif(3 * (re0 + re1 + re2), 0) as position,
        -- the position moves one way in each factor, which way depends on the other stages for sawnwood: the ends lie at corners of the two ranges
        (low1 + 2 * low2) / nullif(3 * (re0 + low1 + low2), 0) as corner_low_low,
        (high1 + 2 * low2) / nullif(3 * (re0 + high1 + low2), 0) as corner_high_low,
        (low1 + 2 * high2) / nullif(3 * (re0 + low1 + high2), 0) as corner_low_high,
        (high1 + 2 * high2) / nullif(3 * (re0 + high1 + high2), 0) as corner_high_high
    from reasons
)

select
    'faostat' as source,
    positions.iso3,
    'wood' as chain_id,
    positions.year,
    case when rawequiv_null_reason is null then re0 end as re0,
    case when rawequiv_null_reason is null then re1 end as re1,
    case when rawequiv_null_reason is null then re2 end as re2,
    case when rawequiv_null_reason is null then 'm3' end as re_unit,
    case when rawequiv_null_reason is null then position end as pos_rawequiv,
    -- where one stage stands alone all corners are the position, but for the last bit of a float: hence the position among them
    case when rawequiv_null_reason is null then least(position, corner_low_low, corner_high_low) end as pos_factors_low,
    case when rawequiv_null_reason is null then greatest(position, corner_low_high, corner_high_high) end as pos_factors_high,
    production_m3,
    n_products,
    rawequiv_null_reason,
    case when is_transit then ['transit'] else cast([] as varchar[]) end as flags,
    -- FAOSTAT shows no mirror and no share of estimates in the tidy copy: B at best
    {{ dq_grade(
        is_null='rawequiv_null_reason is not null',
        mirror_gap='cast(null as double)',
        is_transit='is_transit'
    ) }} as dq_grade,
    source_years.source_vintage,
    source_years.data_origin
from positions
inner join source_years using (year)
