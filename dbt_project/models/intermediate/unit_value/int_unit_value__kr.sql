{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id'], 'years_back': upgrading_years_back(), 'base_years': price_base_years()}
) }}

-- Kaplinsky & Readman (2005) for a country's chain: change of the world share beside the change of the relative price, their errors, and the class.
with shares as (
    select * from {{ ref('int_market_share__windows') }}
    where {{ this_year('year') }}
),

stages as (
    select * from {{ ref('int_unit_value__chain_stage') }}
    where {{ this_window('year', upgrading_years_back()) }}
),

-- a year in which the country sold nothing has the default error
errors as (
    {%- set default_var = var('report_sd_default') ~ ' * ' ~ var('report_sd_default') %}
    select
        shares.source, shares.year, shares.iso3, shares.chain_id,
        {%- for end, is_last in [('first', false), ('last', true)] %}
        {%- for kind in ['value', 'quantity'] %}
        {{ window_mean('reports.' ~ kind ~ '_sd * reports.' ~ kind ~ '_sd', 'reports.year', 'shares.year', is_last, when_absent=default_var) }}
            as {{ end }}_{{ kind }}_var{{ ',' if not (loop.last and is_last) }}
        {%- endfor %}
        {%- endfor %}
    from shares
    left join {{ ref('int_unit_value__report_error') }} as reports
        on shares.source = reports.source and shares.iso3 = reports.iso3 and shares.chain_id = reports.chain_id
        and {{ in_upgrading_windows('reports.year', 'shares.year') }}
    group by all
),

stage_windows as (
    select
        shares.source, shares.year, shares.iso3, shares.chain_id, stages.stage,
        coalesce(sum(stages.export_kusd) filter (where stages.year <= shares.year - {{ var('upgrading_change_years') }}), 0) as first_kusd,
        coalesce(sum(stages.export_kusd) filter (where stages.year > shares.year - {{ var('upgrading_change_years') }}), 0) as last_kusd,
        {{ window_mean('stages.relative_unit_value', 'stages.year', 'shares.year', false) }} as first_ruv,
        {{ window_mean('stages.relative_unit_value', 'stages.year', 'shares.year', true) }} as last_ruv,
        arg_max(stages.null_reason, (stages.export_kusd, stages.year)) filter (where stages.null_reason is not null) as stage_null_reason
    from shares
    inner join stages using (source, iso3, chain_id)
    where {{ in_upgrading_windows('stages.year', 'shares.year') }}
    group by all
),

-- fixed weights: a move between stages is not a change of price
stage_changes as (
    select
        *,
        (
            coalesce(cast(first_kusd as double) / nullif(sum(first_kusd) over chain, 0), 0)
            + coalesce(cast(last_kusd as double) / nullif(sum(last_kusd) over chain, 0), 0)
        ) / 2 as weight,
        {{ annual_log_change('first_ruv', 'last_ruv') }} as ruv_change
    from stage_windows
    window chain as (partition by source, year, iso3, chain_id)
),

prices as (
    select
        source, year, iso3, chain_id,
        cast(count(ruv_change) as integer) as n_stages,
        sum(weight * ruv_change order by stage) / sum(weight order by stage) filter (where ruv_change is not null) as ruv_change,
        coalesce(sum(weight order by stage) filter (where ruv_change is not null), 0) >= {{ var('chain_price_min_value_share') }} as is_enough,
        arg_max(coalesce(stage_null_reason, 'insufficient_history'), (weight, stage)) filter (where ruv_change is null) as main_null_reason
    from stage_changes
    group by all
),

reasons as (
    select
        shares.source, shares.year, shares.iso3, shares.chain_id, shares.panel_share, shares.n_markets,
        prices.n_stages,
        case
            -- buyers that report in every year hold too little of the exports to compare two ends
            when coalesce(shares.panel_share, 0) < {{ var('panel_min_value_share') }} then 'insufficient_history'
            when shares.first_share <= 0 then 'zero_denominator'
            when shares.last_share <= 0 then 'no_trade'
        end as share_null_reason,
        case
            when coalesce(shares.panel_share, 0) < {{ var('panel_min_value_share') }} then 'insufficient_history'
            when coalesce(prices.is_enough, false) then null
            else coalesce(prices.main_null_reason, 'insufficient_history')
        end as ruv_null_reason,
        case when shares.first_share > 0 and shares.last_share > 0 then {{ annual_log_change('shares.first_share', 'shares.last_share') }} end
            as share_change,
        {{ change_sd('first_value_var', 'last_value_var') }} as share_sd,
        prices.ruv_change,
        {{ change_sd('(first_value_var + first_quantity_var)', '(last_value_var + last_quantity_var)') }} as ruv_sd
    from shares
    left join prices using (source, year, iso3, chain_id)
    inner join errors using (source, year, iso3, chain_id)
),

final as (
    select
        * exclude (share_change, ruv_change),
        case when share_null_reason is null then share_change end as share_change,
        case when ruv_null_reason is null then ruv_change end as ruv_change,
        coalesce(share_null_reason, ruv_null_reason) as kr_null_reason
    from reasons
)

select
    *,
    {{ kr_quadrant('share_change', 'share_sd', 'ruv_change', 'ruv_sd') }} as kr_quadrant,
    case when kr_null_reason is null then {{ kr_confidence('share_change', 'share_sd', 'ruv_change', 'ruv_sd') }} end as kr_confidence
from final
