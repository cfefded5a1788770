with

country_groups as (
    select * from {{ ref('country_groups') }}
),

final as (
    select
        group_id,
        name,
        kind,
        cast(null as varchar) as name_fr,
        is_au_recognised_rec
    from country_groups
)

select * from final
order by group_id
