with

intervals as (
    select * from {{ source('rejections', 'num_rejections__poisson_interval') }}
),

final as (
    select
        n,
        low,
        high
    from intervals
)

select * from final
