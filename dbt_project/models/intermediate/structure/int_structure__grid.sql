with coverage as (
    select * from {{ ref('int_trade__coverage') }}
),

members as (
    select iso3 from {{ ref('v_acp_current') }}
),

totals as (
    select source, year, iso3, export_kusd, import_kusd, is_partial_year from {{ ref('int_structure__country') }}
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
    vintages.source_vintage,
    vintages.data_origin
from countries
inner join judged using (source, year)
inner join {{ ref('int_trade__vintages') }} as vintages using (source, year)
left join totals using (source, year, iso3)
