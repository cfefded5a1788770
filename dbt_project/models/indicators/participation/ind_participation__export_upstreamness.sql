with positions as (
    select * from {{ ref('int_value_added__industry_position') }}
),

products as (
    -- OECD tables by their own industry of the product, WIOD by its division of ISIC Rev. 3
    select product.hs6, position.witness, position.upstreamness, position.lowest_upstreamness, position.highest_upstreamness
    from {{ ref('hs6_hs1996') }} as product
    left join {{ ref('isic3_wiod') }} as division on left(product.isic3_4d, 2) = division.isic3_division
    inner join positions as position
        on
            (position.witness like 'icio_2025%' and position.sector_id = 'icio:' || product.icio_2025)
            or (position.witness = 'wiod_2013' and position.sector_id = 'wiod_2013:' || division.wiod_industry)
),

exports as (
    select country.source, country.year, country.iso3, country.hs6, cast(country.export_kusd as double) as export_kusd
    from {{ ref('int_product__country') }} as country
),

grid as (
    select * from {{ ref('int_structure__shares') }}
),

weighted as (
    -- goods without an industry (gold, not specified) leave numerator and denominator
    select
        exports.source, exports.year, exports.iso3,
        {{ exact_sum('exports.export_kusd * products.upstreamness') }} / {{ exact_sum('exports.export_kusd') }} as value,
        {{ exact_sum('exports.export_kusd * products.lowest_upstreamness') }} / {{ exact_sum('exports.export_kusd') }} as low,
        {{ exact_sum('exports.export_kusd * products.highest_upstreamness') }} / {{ exact_sum('exports.export_kusd') }} as high,
        count(*) as n_obs,
        any_value(products.witness) as witness
    from exports inner join products on exports.hs6 = products.hs6
    where exports.export_kusd > 0
    group by all
),

measured as (
    select
        grid.iso3,
        'ALL' as scope_id,
        grid.year,
        weighted.value,
        weighted.low,
        weighted.high,
        case
            when grid.null_reason is not null then grid.null_reason
            when not exists (select 1 from positions) then 'source_unavailable'
            when weighted.value is null then 'no_trade'
        end as null_reason,
        weighted.n_obs,
        0 as staleness_years,
        case
            when grid.null_reason is not null or weighted.value is null then 'D'
            -- the industry mean of the world stands for the country's own industries
            else greatest(grid.dq_grade, 'C')
        end as dq_grade,
        cast([] as varchar[]) as flags,
        grid.source || coalesce('+' || (select any_value(witness) from positions), '') as source,
        grid.source_vintage,
        grid.data_origin
    from grid
    -- in a list that is not whole there are no products to count
    left join weighted
        on grid.null_reason is null and grid.source = weighted.source and grid.year = weighted.year and grid.iso3 = weighted.iso3
)

{{ as_indicator('export_upstreamness', 'country', 'stages', needs='trade') }}
