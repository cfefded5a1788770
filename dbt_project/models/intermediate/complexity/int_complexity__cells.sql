{{ config(
    materialized='yearly_parquet',
    meta={'key': ['source', 'hs_revision', 'year', 'iso3', 'hs4']}
) }}

-- What the matrix step reads: lists, countries and headings of a year as numbers, and who belongs to the reference set of a list.
with

exports as (
    select * from {{ ref('int_structure__exports_hs4') }}
    where {{ this_year('year') }}
),

list_totals as (
    select source, hs_revision, year, sum(export_kusd) as list_kusd
    from exports
    group by all
),

lists as (
    select *, row_number() over (partition by year order by source, hs_revision) as list_no from list_totals
),

countries as (
    select year, iso3, row_number() over (partition by year order by iso3) as country_no
    from exports
    group by year, iso3
),

products as (
    select year, hs4, row_number() over (partition by year order by hs4) as product_no
    from exports
    group by year, hs4
),

totals as (
    select source, hs_revision, year, iso3, sum(export_kusd) as country_kusd
    from exports
    group by all
)

select
    cast(lists.list_no as integer) as list_no,
    cast(countries.country_no as integer) as country_no,
    cast(products.product_no as integer) as product_no,
    exports.source,
    exports.hs_revision,
    exports.year,
    exports.iso3,
    exports.hs4,
    cast(exports.export_kusd as double) as export_kusd,
    cast(totals.country_kusd as double) as country_kusd,
    cast(totals.country_kusd as double) / cast(lists.list_kusd as double) >= {{ var('complexity_reference_min_world_share') }} as is_reference,
    exports.is_bilateral,
    exports.source_vintage,
    exports.data_origin
from exports
inner join lists using (source, hs_revision, year)
inner join totals using (source, hs_revision, year, iso3)
inner join countries using (year, iso3)
inner join products using (year, hs4)
