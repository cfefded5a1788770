-- The OECD uses ISO3; in the extended tables China and Mexico are split into CN1, CN2, MX1, MX2.
{% set codes -%}
    select iso3 as code, iso3
    from {{ ref('countries') }}
    where iso3 <> 'XXX'
    union all
    select code, iso3
    from (values ('CN1', 'CHN'), ('CN2', 'CHN'), ('MX1', 'MEX'), ('MX2', 'MEX')) as parts (code, iso3)
{%- endset %}

{{ io_table_rows('oecd_icio', codes) }}
