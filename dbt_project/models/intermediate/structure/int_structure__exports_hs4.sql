{{ config(
    materialized='yearly_parquet',
    meta={'key': ['source', 'hs_revision', 'year', 'iso3', 'hs4']}
) }}

-- Exports by country and heading, whole lists only (indicator rules, section 2.7). The source stands in the key: levels of publishers never mix.
with

bilateral as (
    select
        products.source,
        products.hs_revision,
        products.year,
        products.iso3,
        codes.hs4,
        sum(products.export_kusd) as export_kusd,
        max(products.source_vintage) as source_vintage,
        max(products.data_origin) as data_origin,
        true as is_bilateral
    from {{ ref('int_product__country') }} as products
    inner join {{ ref('int_trade__coverage') }} as coverage
        on products.source = coverage.source and products.year = coverage.year and coverage.is_whole_list
    inner join {{ ref('dim_product_hs6') }} as codes
        on products.hs_revision = codes.hs_revision and products.hs6 = codes.hs6 and codes.is_specified
    where products.export_kusd > 0 and {{ this_year('products.year') }}
    group by all
),

totals_only as (
    select source, hs_revision, year, exporter as iso3, hs4, value_kusd as export_kusd, source_vintage, data_origin, false as is_bilateral
    from {{ ref('fct_export_hs4') }}
    -- chapters 98 and 99: goods not specified by kind are in totals, they are no product
    where value_kusd > 0 and left(hs4, 2) not in ('98', '99') and {{ this_year('year') }}
),

exports as (
    select * from bilateral
    union all
    select * from totals_only
),

whole as (
    select source, hs_revision, year
    from exports
    where iso3 <> 'XXX'
    group by all
    having count(distinct hs4) >= {{ var('whole_list_min_hs4') }} and count(distinct iso3) >= {{ var('whole_list_min_exporters') }}
)

select
    source,
    hs_revision,
    cast(year as smallint) as year,
    iso3,
    hs4,
    cast(export_kusd as decimal(18, 3)) as export_kusd,
    is_bilateral,
    source_vintage,
    data_origin
from exports
inner join whole using (source, hs_revision, year)
where iso3 <> 'XXX'
