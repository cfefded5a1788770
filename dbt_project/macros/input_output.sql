{# Sources whose tables feed the input-output engine. #}
{% macro io_table_sources() -%}
    {{ return(['adb_mrio', 'emerging', 'eora26', 'oecd_icio', 'wiod']) }}
{%- endmacro %}


{# 'ICIO 2025 EXT' -> 'icio_2025_ext': the name of a table edition as a witness. #}
{% macro witness_of(edition) -%}
    replace(lower({{ edition }}), ' ', '_')
{%- endmacro %}


{# Sector of a table in our lists. The two forms of the OECD's 2025 edition share one list. #}
{% macro engine_sector_id(edition, sector) -%}
    case
        when {{ sector }} = 'ALL' then 'ALL'
        when {{ edition }} like 'ICIO 2025%' then 'icio:' || {{ sector }}
        else {{ witness_of(edition) }} || ':' || {{ sector }}
    end
{%- endmacro %}


{# Rows of the engine as an indicator: one column of int_value_added__engine, for countries or for sectors too. #}
{% macro engine_rows(column, of_sectors) %}
    select
        iso3,
        sector_id as scope_id,
        year,
        {{ column }} as value,
        null as low,
        null as high,
        case when {{ column }} is null then coalesce(null_reason, 'zero_denominator') end as null_reason,
        null as n_obs,
        0 as staleness_years,
        case when {{ column }} is null then 'D' else dq_grade end as dq_grade,
        cast([] as varchar[]) as flags,
        witness as source,
        source_vintage,
        data_origin
    from {{ ref('int_value_added__engine') }}
    {%- if not of_sectors %}
    where sector_id = 'ALL'
    {%- endif %}
{%- endmacro %}


{# A whole ind_ model that is one column of the engine. #}
{% macro engine_indicator(indicator_id, column, unit='ratio', of_sectors=false) %}
with measured as (
    {{ engine_rows(column, of_sectors) }}
)

{{ as_indicator(indicator_id, 'sector' if of_sectors else 'country', unit, needs='oecd_icio') }}
{% endmacro %}
