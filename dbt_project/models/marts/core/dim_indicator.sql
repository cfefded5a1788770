with

catalogue as (
    select * from {{ ref('indicator_catalogue') }}
),

final as (
    select
        indicator_id,
        name,
        name_fr,
        pillar,
        definition,
        formula,
        unit,
        grain,
        direction,
        valid_min,
        valid_max,
        tier,
        score_use,
        source,
        method_version
    from catalogue
    where status = 'live'
)

select * from final
order by indicator_id
