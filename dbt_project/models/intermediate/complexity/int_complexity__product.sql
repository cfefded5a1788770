{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'hs_revision', 'year', 'hs4']}
) }}

-- Headings of a list with names: what the world sells of them, PCI and ubiquity.
with

measures as (
    select * from {{ ref('int_complexity__product_measures') }}
    where {{ this_year('year') }}
),

products as (
    select
        list_no, product_no, source, hs_revision, hs4, year,
        sum(export_kusd order by iso3) as world_export_kusd,
        bool_or(is_bilateral) as is_bilateral,
        max(source_vintage) as source_vintage,
        max(data_origin) as data_origin
    from {{ ref('int_complexity__cells') }}
    where {{ this_year('year') }}
    group by all
)

select
    products.list_no,
    products.product_no,
    products.source,
    products.hs_revision,
    products.year,
    products.hs4,
    products.world_export_kusd,
    -- twelve decimals: what a machine's linear algebra does to the last ones is not published
    round(measures.pci, 12) as pci,
    measures.ubiquity,
    products.is_bilateral,
    products.source_vintage,
    products.data_origin
from products
left join measures using (year, list_no, product_no)
