with

found as (
    select * from {{ source('icio', 'num_icio__identities') }}
),

final as (
    select
        source,
        {{ witness_of('edition') }} as witness,
        edition,
        year,
        data_origin,
        identity,
        largest_violation
    from found
)

select * from final
