{{ config(meta={'dagster': {'ref': {'name': 'mart_product'}}}) }}
-- Balassa's index, weighted by the countries' shares of world exports, is one for every product: the shares of a product add up to the product.
-- The last year with a whole list stands for all: a growing table is not read whole for a test.
with

last_list as (
    select max(year) as year from {{ ref('int_trade__coverage') }}
    where is_whole_list
),

products as (
    select source, year, iso3, hs6, export_kusd, rca from {{ ref('mart_product') }}
    where year = (select last_list.year from last_list)
),

countries as (
    select source, year, iso3, sum(export_kusd) as country_kusd from products
    group by all
),

worlds as (
    select source, year, sum(country_kusd) as world_kusd from countries
    group by all
)

select products.source, products.year, products.hs6, sum(products.rca * countries.country_kusd / worlds.world_kusd) as mean_rca
from products
inner join countries using (source, year, iso3)
inner join worlds using (source, year)
where products.rca is not null
group by all
having sum(products.export_kusd) > 0 and abs(mean_rca - 1) > 1e-6
