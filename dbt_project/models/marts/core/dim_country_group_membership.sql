with

membership as (
    select * from {{ ref('country_group_membership') }}
),

final as (
    select
        group_id,
        iso3,
        valid_from,
        valid_to,
        valid_from_text,
        valid_to_text,
        'public treaty and organisation facts; confidence ' || confidence as source
    from membership
)

select * from final
order by group_id, iso3, valid_from nulls first
