-- Country side of complexity with names, EXPY, reasons and grade.
with

grid as (
    select * from {{ ref('int_complexity__grid') }}
),

cells as (
    select * from {{ ref('int_complexity__cells') }}
),

countries as (
    select distinct list_no, country_no, source, hs_revision, year, iso3, is_reference from cells
),

-- products that no country of the income panel exports have no PRODY: they are left out of the basket (equation 9)
baskets as (
    select
        cells.source, cells.year, cells.iso3,
        sum(cells.export_kusd * income.prody order by cells.hs4) / sum(cells.export_kusd order by cells.hs4) as expy
    from cells
    inner join {{ ref('int_complexity__income') }} as income using (source, hs_revision, year, hs4)
    group by all
),

income_years as (
    select min(year) as first_year, max(year) as last_year from {{ ref('int_context__series') }}
    where indicator_id = 'gdp_per_capita_ppp'
),

judged as (
    select
        grid.source, countries.hs_revision, grid.year, grid.iso3,
        grid.null_reason as trade_null_reason,
        -- twelve decimals: what a machine's linear algebra does to the last ones is not published
        round(measures.eci, 12) as eci,
        round(measures.coi, 12) as coi,
        cast(measures.diversity as integer) as diversity,
        baskets.expy,
        countries.is_reference,
        coalesce(grid.null_reason, case when measures.eci is null then 'below_min_obs' end) as null_reason,
        case
            when grid.null_reason is not null then grid.null_reason
            when income_years.first_year is null then 'source_unavailable'
            when grid.year not between income_years.first_year and income_years.last_year then 'outside_source_period'
            when baskets.expy is null then 'below_min_obs'
        end as expy_null_reason,
        -- an index outside the reference set is read off the products, not found with the others
        grid.is_totals_only or coalesce(not countries.is_reference, false) as is_derived,
        grid.n_partners, grid.mirror_gap, grid.is_mirror_only, grid.is_partial_year, grid.is_totals_only,
        case when countries.is_reference is false then list_append(grid.flags, 'outside_reference_set') else grid.flags end as flags,
        grid.source_vintage, grid.data_origin
    from grid
    cross join income_years
    left join countries using (source, year, iso3)
    left join {{ ref('int_complexity__country_measures') }} as measures using (year, list_no, country_no)
    left join baskets using (source, year, iso3)
)

select
    source, hs_revision, year, iso3, trade_null_reason, eci, coi, diversity, expy, null_reason, expy_null_reason, is_reference, is_totals_only,
    n_partners, mirror_gap, is_mirror_only, is_partial_year, flags,
    {%- for name, reason, is_modelled in [('dq_grade', 'null_reason', 'is_derived'), ('expy_grade', 'expy_null_reason', 'is_totals_only')] %}
    {{ dq_grade(
        is_null=reason ~ ' is not null',
        mirror_gap='mirror_gap',
        mirror_only='coalesce(is_mirror_only, false)',
        n_partners="coalesce(n_partners, " ~ var('grade_d_max_partners') ~ ")",
        is_modelled=is_modelled,
        is_partial='is_partial_year'
    ) }} as {{ name }},
    {%- endfor %}
    source_vintage,
    data_origin
from judged
