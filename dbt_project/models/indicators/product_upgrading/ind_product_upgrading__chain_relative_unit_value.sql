with positions as (
    select * from {{ ref('int_ladder__position') }}
),

prices as (
    select * from {{ ref('int_unit_value__chain_stage') }}
),

errors as (
    select * from {{ ref('int_unit_value__report_error') }}
),

chain_stages as (
    select distinct chain_id, stage from {{ ref('map_chain_product') }}
    where not shared_code
),

members as (
    select iso3 from {{ ref('v_acp_current') }}
),

joined as (
    select
        positions.* exclude (null_reason, flags),
        chain_stages.stage,
        prices.relative_unit_value,
        prices.n_products,
        sqrt(errors.value_sd * errors.value_sd + errors.quantity_sd * errors.quantity_sd) as price_sd,
        coalesce(positions.null_reason, case when prices.iso3 is null then 'no_trade' else prices.null_reason end) as null_reason,
        list_concat(positions.flags, list_filter([
            case when prices.is_winsorised then 'winsorised' end,
            case when prices.is_without_base then 'no_base_weights' end
        ], lambda flag: flag is not null)) as flags
    from positions
    inner join chain_stages using (chain_id)
    left join prices using (source, year, iso3, chain_id, stage)
    left join errors using (source, year, iso3, chain_id)
    -- a member has a row for every stage, others for what they sell
    where prices.iso3 is not null or positions.iso3 in (select members.iso3 from members)
),

measured as (
    select
        iso3,
        chain_id || ':' || stage as scope_id,
        year,
        relative_unit_value as value,
        case when null_reason is null then relative_unit_value * exp(-{{ var('interval_z') }} * price_sd) end as low,
        case when null_reason is null then relative_unit_value * exp({{ var('interval_z') }} * price_sd) end as high,
        null_reason,
        n_products as n_obs,
        0 as staleness_years,
        {{ dq_grade(
            is_null='null_reason is not null',
            mirror_gap='mirror_gap',
            mirror_only='is_mirror_only',
            quantity_share='quantity_share',
            n_partners='n_partners',
            is_transit='is_transit',
            is_partial='is_partial_year'
        ) }} as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from joined
)

{{ as_indicator('chain_relative_unit_value', 'chain_stage', 'ratio', needs='trade') }}
