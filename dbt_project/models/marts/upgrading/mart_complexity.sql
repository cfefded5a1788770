with

products as (
    select * from {{ ref('int_complexity__product') }}
),

income_years as (
    select min(year) as first_year, max(year) as last_year from {{ ref('int_context__series') }}
    where indicator_id = 'gdp_per_capita_ppp'
),

judged as (
    select
        products.source,
        products.hs_revision,
        products.hs4,
        products.year,
        products.pci,
        income.prody,
        cast(products.ubiquity as smallint) as ubiquity,
        products.world_export_kusd,
        case when products.pci is null then 'below_min_obs' end as null_reason,
        case
            when income_years.first_year is null then 'source_unavailable'
            when products.year not between income_years.first_year and income_years.last_year then 'outside_source_period'
            when income.prody is null then 'zero_denominator'
        end as prody_null_reason,
        not products.is_bilateral as is_totals_only,
        products.source_vintage,
        products.data_origin
    from products
    cross join income_years
    left join {{ ref('int_complexity__income') }} as income using (source, hs_revision, year, hs4)
)

select
    source,
    hs_revision,
    hs4,
    year,
    pci,
    prody,
    ubiquity,
    world_export_kusd,
    null_reason,
    prody_null_reason,
    {{ dq_grade(is_null='null_reason is not null', mirror_gap='cast(null as double)', is_modelled='is_totals_only') }} as dq_grade,
    source_vintage,
    data_origin
from judged
order by source, hs_revision, hs4, year
