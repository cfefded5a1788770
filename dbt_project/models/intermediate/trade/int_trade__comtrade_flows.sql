{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['year', 'reporter', 'flow', 'partner', 'hs6']}
) }}

-- Months to years, editions of the HS to HS 1996: one row a report on a flow. Money and weights are added as decimals,
-- because sums of floating-point numbers depend on the order of rows.
with

data as (
    select * from {{ ref('stg_comtrade__data') }}
    where row_status = 'kept' and {{ this_year('year') }}
),

amounts as (
    select
        year,
        reporter,
        flow_code,
        partner,
        hs6,
        freq_code,
        month,
        cast(primary_value_usd as decimal(24, 3)) as value_usd,
        cast(fob_value_usd as decimal(24, 3)) as fob_usd,
        cast(net_weight_kg as decimal(24, 3)) as weight_kg,
        is_net_weight_estimated,
        data_origin
    from data
),

final as (
    select
        year,
        reporter,
        flow_code as flow,
        partner,
        hs6,
        cast(sum(value_usd) as decimal(24, 3)) as value_usd,
        cast(coalesce(sum(fob_usd), 0) as decimal(24, 3)) as fob_usd,
        cast(coalesce(sum(value_usd) filter (where fob_usd is null), 0) as decimal(24, 3)) as value_without_fob_usd,
        cast(sum(weight_kg) as decimal(24, 3)) as weight_kg,
        cast(coalesce(sum(value_usd) filter (where weight_kg is not null), 0) as decimal(24, 3)) as value_weighed_usd,
        cast(coalesce(sum(value_usd) filter (where weight_kg is not null and is_net_weight_estimated), 0) as decimal(24, 3))
            as value_weight_estimated_usd,
        freq_code = 'A' as is_annual,
        -- bit 0 is January
        cast(coalesce(bit_or(cast(1 as integer) << cast(month - 1 as integer)), 0) as integer) as months_mask,
        count(*) as n_rows,
        max(data_origin) as data_origin
    from amounts
    group by year, reporter, flow_code, partner, hs6, freq_code
)

select * from final
