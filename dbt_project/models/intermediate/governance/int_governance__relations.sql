{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id']}
) }}

-- Power between a country and its buyers in a chain, and how much of the chain stays in its own region.
with

bought as (
    select * from {{ ref('int_governance__buyers') }}
    where {{ this_year('year') }}
),

sold as (
    select source, year, iso3, chain_id, sum(value_kusd) as sold_kusd from bought
    group by all
),

buyers as (
    select
        bought.*,
        cast(bought.value_kusd as double) / cast(sold.sold_kusd as double) as share,
        cast(bought.value_kusd as double) / cast(bought.buyer_import_kusd as double) as supplier_share
    from bought
    inner join sold using (source, year, iso3, chain_id)
),

memberships as (
    select membership.group_id, membership.iso3, membership.valid_from, membership.valid_to
    from {{ ref('dim_country_group_membership') }} as membership
    inner join {{ ref('dim_country_group') }} as country_group using (group_id)
    where country_group.kind in ('rec', 'regional')
),

years as (
    select distinct year from sold
),

members as (
    select years.year, memberships.group_id, memberships.iso3
    from years
    inner join memberships on {{ in_force('memberships', 'years.year') }}
),

-- countries that share any regional community in the year: a buyer in two of them counts once
neighbours as (
    select distinct own.year, own.iso3, other.iso3 as importer
    from members as own
    inner join members as other on own.year = other.year and own.group_id = other.group_id and own.iso3 <> other.iso3
),

regional as (
    select distinct year, iso3 from members
)

select
    buyers.source,
    buyers.year,
    buyers.iso3,
    buyers.chain_id,
    arg_max(buyers.supplier_share, (buyers.value_kusd, buyers.importer)) as supplier_share_in_top_buyer,
    arg_max(buyers.is_buyer_reporting, (buyers.value_kusd, buyers.importer)) as is_top_buyer_reporting,
    -- the mean over partners weighs each by its share, so it can be taken over those whose imports are known
    {{ exact_sum('buyers.share * (buyers.share - buyers.supplier_share)', where='buyers.is_buyer_reporting', decimals=18) }}
        / nullif({{ exact_sum('buyers.share', where='buyers.is_buyer_reporting', decimals=18) }}, 0) as dependence_asymmetry,
    coalesce({{ exact_sum('buyers.share', where='buyers.is_buyer_reporting', decimals=18) }}, 0) as reporting_buyers_share,
    coalesce({{ exact_sum('buyers.share', where='neighbours.importer is not null', decimals=18) }}, 0) as regional_share,
    bool_or(regional.iso3 is not null) as is_in_regional_group
from buyers
left join neighbours on buyers.year = neighbours.year and buyers.iso3 = neighbours.iso3 and buyers.importer = neighbours.importer
left join regional on buyers.year = regional.year and buyers.iso3 = regional.iso3
group by all
