with

null_reasons as (
    select * from {{ ref('null_reasons') }}
),

final as (
    select
        null_reason,
        meaning
    from null_reasons
)

select * from final
order by null_reason
