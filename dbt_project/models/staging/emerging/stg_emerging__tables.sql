-- The authors use ISO3.
{% set codes -%}
    select iso3 as code, iso3
    from {{ ref('countries') }}
    where iso3 <> 'XXX'
{%- endset %}

{{ io_table_rows('emerging', codes) }}
