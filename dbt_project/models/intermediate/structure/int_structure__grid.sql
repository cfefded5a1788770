with coverage as (
    select * from {{ ref('int_trade__coverage') }}
),

members as (
    select iso3 from {{ ref('v_acp_current') }}
),

products as (
    select source, year, iso3, export_kusd, import_kusd, source_vintage, data_origin, is_partial_year from {{ ref('int_product__country') }}
),

source_years as (
    select source, year, max(source_vintage) as source_vintage, max(data_origin) as data_origin from products
    group by all
),

-- a year that one source holds whole needs no second row from a part list
judged as (
    select source, year, is_whole_list
    from coverage
    where
        is_whole_list
        or not exists (
            select 1 from coverage as other
            where other.year = coverage.year and other.is_whole_list
        )
),

totals as (
    select source, year, iso3, sum(export_kusd) as export_kusd, sum(import_kusd) as import_kusd, bool_or(is_partial_year) as is_partial_year
    from products
    group by all
),

countries as (
    select totals.source, totals.year, totals.iso3
    from totals
    inner join judged on totals.source = judged.source and totals.year = judged.year and judged.is_whole_list
    union
    select judged.source, judged.year, members.iso3 from judged cross join members
)

select
    countries.source,
    countries.year,
    countries.iso3,
    coalesce(totals.export_kusd, 0) as export_kusd,
    coalesce(totals.import_kusd, 0) as import_kusd,
    coalesce(totals.is_partial_year, false) as is_partial_year,
    judged.is_whole_list,
    case
        when not judged.is_whole_list then 'partial_coverage'
        when coalesce(totals.export_kusd, 0) = 0 then 'no_trade'
    end as null_reason,
    source_years.source_vintage,
    source_years.data_origin
from countries
inner join judged using (source, year)
inner join source_years using (source, year)
left join totals using (source, year, iso3)
