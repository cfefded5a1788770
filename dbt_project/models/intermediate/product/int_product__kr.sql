{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'hs_revision', 'hs6'], 'years_back': upgrading_years_back()}
) }}

{%- set window_years = var('upgrading_window_years') | int -%}
{%- set change_years = var('upgrading_change_years') | int -%}
{%- set windows = {'first': range(change_years, change_years + window_years) | list, 'last': range(window_years) | list} %}

-- shares of the world exist in whole lists only, so a class does too
with prices as not materialized (
    select source, hs_revision, iso3, hs6, year, world_share, relative_unit_value, value_sd * value_sd as value_var, quantity_sd * quantity_sd as quantity_var
    from {{ ref('int_product__prices') }}
    where world_share is not null and relative_unit_value is not null
),

-- a window with a year missing has no mean
windows as (
    select
        y0.source, y0.hs_revision, y0.iso3, y0.hs6, y0.year,
        {%- for end, ks in windows.items() %}{% set is_last_end = loop.last %}
        {%- for column in ['world_share', 'relative_unit_value', 'value_var', 'quantity_var'] %}
        ({% for k in ks %}y{{ k }}.{{ column }} + {% endfor %}0) / {{ window_years }} as {{ end }}_{{ column }}{{ ',' if not (loop.last and is_last_end) }}
        {%- endfor %}
        {%- endfor %}
    from prices as y0
    {%- for k in (windows['last'][1:] + windows['first']) | unique %}
    inner join prices as y{{ k }}
        on y0.source = y{{ k }}.source and y0.hs_revision = y{{ k }}.hs_revision and y0.iso3 = y{{ k }}.iso3 and y0.hs6 = y{{ k }}.hs6
        and y0.year - {{ k }} = y{{ k }}.year and {{ year_before('y' ~ k ~ '.year', k) }}
    {%- endfor %}
    where {{ this_year('y0.year') }}
),

changes as (
    select
        source, hs_revision, iso3, hs6, year,
        {{ annual_log_change('first_world_share', 'last_world_share') }} as share_change,
        {{ change_sd('first_value_var', 'last_value_var') }} as share_sd,
        {{ annual_log_change('first_relative_unit_value', 'last_relative_unit_value') }} as ruv_change,
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
