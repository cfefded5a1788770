with

chains as (
    select * from {{ ref('chains') }}
),

final as (
    select
        chain_id,
        name,
        cast(null as varchar) as name_fr,
        family in ('food_agri', 'agri_manufacture') as is_agri,
        cast(null as varchar) as faostat_item,
        'family ' || family || '; example exporters ' || replace(acp_examples, '|', ', ')
        || coalesce('; shares codes with ' || replace(overlap_with, '|', ', '), '') as note
    from chains
)

select * from final
order by chain_id
