with

notices as (
    select * from {{ ref('int_rejections__notices') }}
),

final as (
    select
        rejection_id,
        market,
        source,
        notified_on,
        chain_id,
        product_text,
        classification,
        coalesce(is_border_rejection, false) as is_border_rejection,
        source_vintage,
        data_origin
    from notices
)

select * from final
order by rejection_id
