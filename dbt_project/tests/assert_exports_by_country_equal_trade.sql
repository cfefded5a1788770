{{ config(meta={'dagster': {'ref': {'name': 'mart_product'}}}) }}
-- Exports of a country and year in mart_product are the sum of its flows in fct_trade, and the world's imports are its exports.
with

products as (
    select source, year, iso3, sum(export_kusd) as export_kusd, sum(import_kusd) as import_kusd
    from {{ ref('mart_product') }}
    group by all
),

exports as (
    select source, year, exporter as iso3, cast(sum(value_kusd) as double) as export_kusd from {{ ref('fct_trade') }}
    group by all
),

imports as (
    select source, year, importer as iso3, cast(sum(value_kusd) as double) as import_kusd from {{ ref('fct_trade') }}
    group by all
)

select source, year, iso3, products.export_kusd, exports.export_kusd as trade_export_kusd, products.import_kusd, imports.import_kusd as trade_import_kusd
from products
full join exports using (source, year, iso3)
full join imports using (source, year, iso3)
where
    abs(coalesce(products.export_kusd, 0) - coalesce(exports.export_kusd, 0)) > 1e-9 * coalesce(exports.export_kusd, 0) + 1e-6
    or abs(coalesce(products.import_kusd, 0) - coalesce(imports.import_kusd, 0)) > 1e-9 * coalesce(imports.import_kusd, 0) + 1e-6
