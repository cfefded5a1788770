{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'countries']}
) }}

-- Concentration of the basket of every set of countries that was a group at any time, trade among them included. Who is a member today moves with the
-- date of the data; the file of a year holds all sets, so it does not move.
with

membership as (
    select group_id, iso3, valid_from, valid_to from {{ ref('dim_country_group_membership') }}
),

changes as (
    select group_id, valid_from as since from membership
    union
    select group_id, valid_to as since from membership
    union
    select group_id, cast('0001-01-01' as date) as since from membership
),

panels as (
    select group_id, changes.since, string_agg(distinct membership.iso3, ' ' order by membership.iso3) as countries
    from changes
    inner join membership using (group_id)
    where
        changes.since is not null
        and coalesce(membership.valid_from <= changes.since, true)
        and coalesce(membership.valid_to > changes.since, true)
    group by all
),

baskets as (
    select countries, row_number() over (order by countries) as basket_no
    from panels
    group by countries
),

sellers as (
    select basket_no, unnest(string_split(countries, ' ')) as iso3 from baskets
),

totals as (
    select country.source, country.year, sellers.basket_no, cast(sum(country.export_kusd) as double) as basket_kusd
    from {{ ref('int_structure__country') }} as country
    inner join sellers using (iso3)
    where {{ this_year('country.year') }}
    group by all
),

lines as (
    select products.source, products.year, sellers.basket_no, products.hs6, cast(sum(products.export_kusd) as double) as export_kusd
    from {{ ref('int_product__country') }} as products
    inner join sellers using (iso3)
    inner join {{ ref('dim_product_hs6') }} as listed
        on products.hs_revision = listed.hs_revision and products.hs6 = listed.hs6 and listed.is_specified
    where products.export_kusd > 0 and {{ this_year('products.year') }}
    group by all
),

concentration as (
    select
        source, year, basket_no,
        coalesce({{ exact_sum('(lines.export_kusd / totals.basket_kusd) * (lines.export_kusd / totals.basket_kusd)', decimals=18) }}, 0) as export_hhi
    from totals
    left join lines using (source, year, basket_no)
    group by all
)

select
    concentration.source,
    concentration.year,
    baskets.countries,
    concentration.export_hhi
from concentration
inner join baskets using (basket_no)
