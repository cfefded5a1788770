select
    source,
    iso3,
    chain_id,
    year,
    buyer_hhi,
    top_buyer,
    top_buyer_share,
    supplier_share_in_top_buyer as own_share_in_top_buyer,
    supplier_null_reason as own_share_null_reason,
    dependence_asymmetry,
    asymmetry_null_reason as dependence_asymmetry_null_reason,
    partner_persistence,
    persistence_null_reason as partner_persistence_null_reason,
    n_partners,
    buyer_null_reason as null_reason,
    dq_grade,
    flags,
    source_vintage,
    data_origin
from {{ ref('int_governance__chain') }}
order by source, iso3, chain_id, year
