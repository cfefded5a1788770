{{ config(materialized='view') }}

with

members as (
    select iso3
    from {{ ref('dim_country_group_membership') }} as membership
    cross join {{ ref('dim_release') }} as release
    where
        membership.group_id = 'OACPS'
        and coalesce(membership.valid_from <= release.data_date, true)
        and coalesce(membership.valid_to > release.data_date, true)
),

countries as (
    select * from {{ ref('dim_country') }}
),

final as (
    select countries.*
    from countries
    inner join members on countries.iso3 = members.iso3
)

select * from final
