{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3']}
) }}

-- What stands in lines that one market buys, and what of the products under the deforestation rules goes to the European Union.
with

trade as (
    select source, year, exporter as iso3, importer, hs_revision, hs6, value_kusd from {{ ref('fct_trade') }}
    where {{ this_year('year') }}
),

first_markets as (
    select source, year, exporter as iso3, arg_max(importer, (value_kusd, importer)) as first_market
    from {{ ref('int_structure__pairs') }}
    where {{ this_year('year') }} and importer <> 'XXX' and value_kusd > 0
    group by all
),

union_members as (
    select iso3, valid_from, valid_to from {{ ref('dim_country_group_membership') }}
    where group_id = 'EU'
),

lines as (
    select
        trade.source, trade.year, trade.iso3, trade.hs_revision, trade.hs6,
        sum(trade.value_kusd) as value_kusd,
        coalesce(sum(trade.value_kusd) filter (where trade.importer = first_markets.first_market), 0) as first_market_kusd,
        coalesce(max(trade.value_kusd) filter (where trade.importer <> first_markets.first_market and trade.importer <> 'XXX'), 0)
            as second_buyer_kusd,
        coalesce(sum(trade.value_kusd) filter (where union_members.iso3 is not null), 0) as union_kusd
    from trade
    inner join first_markets using (source, year, iso3)
    left join union_members
        on trade.importer = union_members.iso3
        and {{ in_force('union_members', 'trade.year') }}
    group by all
),

products as (
    select
        products.hs_revision,
        products.hs6,
        products.is_specified,
        coalesce(bool_or(starts_with(products.hs6, rules.hs_prefix)), false) as is_under_deforestation_rules
    from {{ ref('dim_product_hs6') }} as products
    left join {{ ref('eudr_products') }} as rules on starts_with(products.hs6, rules.hs_prefix)
    group by all
)

select
    lines.source,
    lines.year,
    lines.iso3,
    first_markets.first_market,
    cast(coalesce(sum(lines.first_market_kusd) filter (
        where products.is_specified and lines.second_buyer_kusd < {{ var('second_buyer_min_share') }} * lines.value_kusd
    ), 0) as decimal(18, 3)) as without_second_buyer_kusd,
    cast(coalesce(sum(lines.union_kusd) filter (where products.is_under_deforestation_rules), 0) as decimal(18, 3))
        as deforestation_rules_kusd
from lines
inner join first_markets using (source, year, iso3)
left join products on lines.hs_revision = products.hs_revision and lines.hs6 = products.hs6
group by all
