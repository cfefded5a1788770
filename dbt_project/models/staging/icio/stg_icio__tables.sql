with

found as (
    select * from {{ source('icio', 'num_icio__tables') }}
),

final as (
    select
        source,
        {{ witness_of('edition') }} as witness,
        edition,
        year,
        data_origin,
        n_economies,
        n_industries,
        max_imbalance,
        mean_imbalance,
        total_imbalance,
        worst_imbalance,
        n_negative_final_demand,
        n_negative_value_added,
        n_negative_intermediate,
        n_negative_output,
        n_zero_output,
        reexport_output_share,
        problem
    from found
)

select * from final
