{#- `current`: the members of the data date in every year, because a changing panel changes totals. `as_of`: the members of the year. -#}
with

years as (
    select source, year from {{ ref('int_ladder__grid') }}
    union
    select source, year from {{ ref('int_structure__grid') }}
),

membership as (
    select * from {{ ref('dim_country_group_membership') }}
)

select distinct membership.group_id, 'current' as membership_mode, years.source, years.year, membership.iso3
from years
cross join membership
cross join {{ ref('dim_release') }} as release
where coalesce(membership.valid_from <= release.data_date, true) and coalesce(membership.valid_to > release.data_date, true)
union all
select distinct membership.group_id, 'as_of' as membership_mode, years.source, years.year, membership.iso3
from years
inner join membership on {{ in_force('membership', 'years.year') }}
