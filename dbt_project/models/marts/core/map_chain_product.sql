with

ladder as (
    select * from {{ ref('chain_ladder') }}
),

final as (
    select
        chain_id,
        hs_revision,
        hs6,
        stage,
        raw_equiv_factor,
        factor_low,
        factor_high,
        factor_source || coalesce('; low and high: ' || factor_band, '') as factor_source,
        shared_code,
        n_chains_with_code
    from ladder
)

select * from final
order by chain_id, hs_revision, hs6
