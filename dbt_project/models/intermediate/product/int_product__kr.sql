{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'hs_revision', 'hs6'], 'years_back': upgrading_years_back()}
) }}

with prices as (
    select source, hs_revision, iso3, hs6, year
    from {{ ref('int_product__prices') }}
    where {{ this_year('year') }} and relative_unit_value is not null
),

-- shares of the world exist in whole lists only, so a class does too
history as (
    select source, hs_revision, iso3, hs6, year, world_share, relative_unit_value, value_sd * value_sd as value_var, quantity_sd * quantity_sd as quantity_var
    from {{ ref('int_product__prices') }}
    where {{ this_window('year', upgrading_years_back()) }} and world_share is not null and relative_unit_value is not null
),

windows as (
    select
        prices.source, prices.hs_revision, prices.iso3, prices.hs6, prices.year,
        {%- for end, is_last in [('first', false), ('last', true)] %}
        {{ window_mean('history.world_share', 'history.year', 'prices.year', is_last) }} as {{ end }}_share,
        {{ window_mean('history.relative_unit_value', 'history.year', 'prices.year', is_last) }} as {{ end }}_ruv,
        {{ window_mean('history.value_var', 'history.year', 'prices.year', is_last) }} as {{ end }}_value_var,
        {{ window_mean('history.quantity_var', 'history.year', 'prices.year', is_last) }} as {{ end }}_quantity_var{{ ',' if not loop.last }}
        {%- endfor %}
    from prices
    inner join history
        on prices.source = history.source and prices.hs_revision = history.hs_revision and prices.iso3 = history.iso3 and prices.hs6 = history.hs6
    where {{ in_upgrading_windows('history.year', 'prices.year') }}
    group by all
),

changes as (
    select
        source, hs_revision, iso3, hs6, year,
        {{ annual_log_change('first_share', 'last_share') }} as share_change,
        {{ change_sd('first_value_var', 'last_value_var') }} as share_sd,
        {{ annual_log_change('first_ruv', 'last_ruv') }} as ruv_change,
        {{ change_sd('(first_value_var + first_quantity_var)', '(last_value_var + last_quantity_var)') }} as ruv_sd
    from windows
),

classes as (
    select
        *,
        {{ kr_quadrant('share_change', 'share_sd', 'ruv_change', 'ruv_sd') }} as kr_quadrant,
        {{ kr_confidence('share_change', 'share_sd', 'ruv_change', 'ruv_sd') }} as kr_confidence
    from changes
)

select source, year, iso3, hs_revision, hs6, kr_quadrant, kr_confidence
from classes
where kr_quadrant is not null
