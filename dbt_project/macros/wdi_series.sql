{# Series of the World Development Indicators that are published as they stand. #}
{% macro wdi_series() -%}
    {{ return([
        {'indicator_id': 'gdp_per_capita_ppp', 'code': 'NY.GDP.PCAP.PP.KD', 'divisor': 1},
        {'indicator_id': 'population', 'code': 'SP.POP.TOTL', 'divisor': 1},
        {'indicator_id': 'rd_gdp', 'code': 'GB.XPD.RSDV.GD.ZS', 'divisor': 1},
        {'indicator_id': 'researchers_pm', 'code': 'SP.POP.SCIE.RD.P6', 'divisor': 1},
        {'indicator_id': 'tertiary_enrolment', 'code': 'SE.TER.ENRR', 'divisor': 1},
        {'indicator_id': 'electricity_access', 'code': 'EG.ELC.ACCS.ZS', 'divisor': 1},
        {'indicator_id': 'internet_users', 'code': 'IT.NET.USER.ZS', 'divisor': 1},
        {'indicator_id': 'manuf_va_share', 'code': 'NV.IND.MANF.ZS', 'divisor': 100},
        {'indicator_id': 'fdi_inflow_gdp', 'code': 'BX.KLT.DINV.WD.GD.ZS', 'divisor': 1},
        {'indicator_id': 'agri_value_added_gdp', 'code': 'NV.AGR.TOTL.ZS', 'divisor': 1},
        {'indicator_id': 'agri_va_per_worker', 'code': 'NV.AGR.EMPL.KD', 'divisor': 1},
        {'indicator_id': 'industry_va_per_worker', 'code': 'NV.IND.EMPL.KD', 'divisor': 1},
        {'indicator_id': 'smallholder_employment_share', 'code': 'SL.AGR.EMPL.ZS', 'divisor': 1},
    ]) }}
{%- endmacro %}


{# Names of all indicators made from the World Development Indicators. #}
{% macro wdi_indicators() -%}
    {{ return((wdi_series() | map(attribute='indicator_id') | list) + ['patents_resident_pm']) }}
{%- endmacro %}


{# A whole ind_ model: one series of int_context__country as it stands. #}
{% macro wdi_indicator(indicator_id, unit) %}
with series as (
    select * from {{ ref('int_context__country') }}
    where indicator_id = '{{ indicator_id }}'
),

measured as (
    select
        iso3,
        'ALL' as scope_id,
        year,
        value,
        null as low,
        null as high,
        null_reason,
        null as n_obs,
        staleness_years,
        dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from series
)

{{ as_indicator(indicator_id, 'country', unit, needs='wdi') }}
{% endmacro %}
