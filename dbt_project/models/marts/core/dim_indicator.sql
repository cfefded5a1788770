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
        method_version,
        -- most rows are in the long table; some are a column of a mart
        case indicator_id
            {%- for indicator, mart in mart_indicators().items() %}
            when '{{ indicator }}' then '{{ mart }}'
            {%- endfor %}
            else 'fct_indicator'
        end as table_name
    from catalogue
    where status = 'live'
)

select * from final
order by indicator_id
