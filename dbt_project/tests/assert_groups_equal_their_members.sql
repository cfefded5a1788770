{{ config(meta={'dagster': {'ref': {'name': 'mart_group'}}}) }}
-- What mart_group says of today's members is what their published rows add up to, and no group holds more than the world.
with

members as (
    select membership.group_id, membership.iso3
    from {{ ref('dim_country_group_membership') }} as membership
    cross join {{ ref('dim_release') }} as release
    where coalesce(membership.valid_from <= release.data_date, true) and coalesce(membership.valid_to > release.data_date, true)
    group by all
),

added as (
    select members.group_id, published.scope_id, published.year, published.source, sum(published.value) as value, count(published.value) as n_values
    from {{ ref('fct_indicator') }} as published
    inner join members using (iso3)
    where published.indicator_id = 'world_market_share' and published.scope_kind = 'chain'
    group by all
),

groups as (
    select group_id, scope_id, year, source, value, n_with_value from {{ ref('mart_group') }}
    where indicator_id = 'world_market_share' and membership_mode = 'current'
)

select groups.*, added.value as added_value
from groups
left join added using (group_id, scope_id, year, source)
where
    coalesce(added.n_values, 0) <> groups.n_with_value
    or abs(coalesce(groups.value, 0) - coalesce(added.value, 0)) > 1e-9
    or groups.value > 1 + 1e-9
