{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id']}
) }}

{#- sums of shares that do not depend on the order of rows; ordered sums take minutes over a million buyers -#}
{%- set exact = 'decimal(28, 15)' -%}

-- Power between a country and its buyers in a chain, and how much of the chain stays in its own region.
with

buyers as (
    select
        *,
        cast(value_kusd as double) / cast(sum(value_kusd) over (partition by source, year, iso3, chain_id) as double) as share,
        cast(value_kusd as double) / cast(buyer_import_kusd as double) as supplier_share,
        row_number() over (partition by source, year, iso3, chain_id order by value_kusd desc, importer desc) = 1 as is_top_buyer
    from {{ ref('int_governance__buyers') }}
    where {{ this_year('year') }}
),

memberships as (
    select membership.group_id, membership.iso3, membership.valid_from, membership.valid_to
    from {{ ref('dim_country_group_membership') }} as membership
    inner join {{ ref('dim_country_group') }} as country_group using (group_id)
    where country_group.kind in ('rec', 'regional')
),

years as (
    select distinct year from buyers
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
    max(buyers.supplier_share) filter (where buyers.is_top_buyer) as supplier_share_in_top_buyer,
    bool_or(buyers.is_buyer_reporting) filter (where buyers.is_top_buyer) as is_top_buyer_reporting,
    -- the mean over partners weighs each by its share, so it can be taken over those whose imports are known
    cast(sum(cast(buyers.share * (buyers.share - buyers.supplier_share) as {{ exact }})) filter (where buyers.is_buyer_reporting) as double)
        / nullif(cast(sum(cast(buyers.share as {{ exact }})) filter (where buyers.is_buyer_reporting) as double), 0) as dependence_asymmetry,
    cast(coalesce(sum(cast(buyers.share as {{ exact }})) filter (where buyers.is_buyer_reporting), 0) as double) as reporting_buyers_share,
    cast(coalesce(sum(cast(buyers.share as {{ exact }})) filter (where neighbours.importer is not null), 0) as double) as regional_share,
    bool_or(regional.iso3 is not null) as is_in_regional_group
from buyers
left join neighbours on buyers.year = neighbours.year and buyers.iso3 = neighbours.iso3 and buyers.importer = neighbours.importer
left join regional on buyers.year = regional.year and buyers.iso3 = regional.iso3
group by all
