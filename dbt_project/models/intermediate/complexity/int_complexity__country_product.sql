{{ config(
    materialized='yearly_parquet',
    meta={'key': ['source', 'hs_revision', 'year', 'iso3', 'hs4']}
) }}

-- Countries that are or were members and the headings of their list, with names: RCA and density. Absent headings are there, that is what density is for.
with

measures as (
    select * from {{ ref('int_complexity__country_product_measures') }}
    where {{ this_year('year') }}
),

products as (
    select * from {{ ref('int_complexity__product') }}
    where {{ this_year('year') }}
),

-- whoever was a member at any time: who is one today moves with the date of the data, the file of a year does not
members as (
    select distinct iso3 from {{ ref('dim_country_group_membership') }}
    where group_id = 'OACPS'
),

countries as (
    select distinct list_no, country_no, source, hs_revision, year, iso3, country_kusd
    from {{ ref('int_complexity__cells') }}
    semi join members using (iso3)
    where {{ this_year('year') }}
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
from measures
inner join countries using (year, list_no, country_no)
inner join products using (year, list_no, product_no)
