with

chains as (
    select * from {{ ref('chains') }}
),

crops as (
    select chain_id, faostat_item from {{ ref('chain_crops') }}
),

final as (
    select
        chains.chain_id,
        chains.name,
        cast(null as varchar) as name_fr,
        family in ('food_agri', 'agri_manufacture') as is_agri,
        crops.faostat_item,
        'family ' || family || '; example exporters ' || replace(acp_examples, '|', ', ')
        || coalesce('; shares codes with ' || replace(overlap_with, '|', ', '), '') as note
    from chains
    left join crops on chains.chain_id = crops.chain_id
)

select * from final
order by chain_id
