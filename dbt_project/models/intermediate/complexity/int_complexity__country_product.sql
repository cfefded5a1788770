-- Members and the headings of their list, with names: RCA and density. Absent headings are there, that is what density is for.
with

cells as (
    select * from {{ ref('int_complexity__cells') }}
),

countries as (
    select distinct cells.list_no, cells.country_no, cells.source, cells.hs_revision, cells.year, cells.iso3, cells.country_kusd
    from cells
    inner join {{ ref('v_acp_current') }} as members using (iso3)
),

products as (
    select list_no, product_no, hs4, sum(export_kusd order by iso3) as world_export_kusd from cells
    group by all
)

select
    countries.source,
    countries.hs_revision,
    countries.year,
    countries.iso3,
    products.hs4,
    measures.rca,
    round(measures.density, 12) as density,
    countries.country_kusd,
    products.world_export_kusd
from {{ ref('int_complexity__country_product_measures') }} as measures
inner join countries using (list_no, country_no)
inner join products using (list_no, product_no)
