with

products as (
    select * from {{ ref('hs6_hs1996') }}
),

final as (
    select
        'HS1996' as hs_revision,
        hs6,
        hs4,
        hs2,
        coalesce(group_label, chapter_label) as description_en,
        bec4,
        bec4_use,
        lall_class as lall,
        rauch_con,
        rauch_lib,
        sector_id,
        true as is_specified
    from products
    union all
    -- goods that the reporter did not specify: in totals, never in counts of products
    select
        'HS1996' as hs_revision,
        '999999' as hs6,
        '9999' as hs4,
        '99' as hs2,
        'goods not specified by kind' as description_en,
        null as bec4,
        null as bec4_use,
        null as lall,
        null as rauch_con,
        null as rauch_lib,
        null as sector_id,
        false as is_specified
)

select * from final
order by hs_revision, hs6
