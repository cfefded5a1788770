with codes as (
    -- shared codes say nothing about the origin of the raw material: out of every ladder, share and rate
    select chain_id, hs6, stage, raw_equiv_factor from {{ ref('map_chain_product') }}
    where not shared_code
)

select
    chain_id,
    cast(count(*) as integer) as n_codes,
    cast(count(distinct stage) as integer) as n_stages,
    min(stage) as first_stage,
    max(stage) as last_stage,
    -- a factor on the raw code alone is a reference form, not a basis: it would give position 0 for everybody
    coalesce(bool_or(raw_equiv_factor is not null and stage > 0), false) as has_factor_basis
from codes
group by chain_id
