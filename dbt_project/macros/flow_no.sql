{# A flow as one number, in which exporter, importer and product can be read: 7009160414 is country 7 to country 9, code 160414. The product is an HS6 or
   any number below a million. Flows of several years are tens of millions: by one number survival of a year took 25 s of processor time, by texts 34 s.
   Countries have the number of their place in dim_country by ISO3. #}
{% macro numbered_countries() -%}
    select iso3, row_number() over (order by iso3) as country_no from {{ ref('dim_country') }}
{%- endmacro %}

{# Buyers with the number of their market: Luxembourg has Belgium's. #}
{% macro numbered_buyers() -%}
    select countries.iso3 as importer, markets.country_no as market_no
    from {{ ref('dim_country') }} as countries
    inner join ({{ numbered_countries() }}) as markets on {{ market('countries.iso3') }} = markets.iso3
{%- endmacro %}

{% macro flow_no(exporter_no, importer_no, product_no) -%}
    ({{ exporter_no }} * 1000 + {{ importer_no }}) * 1000000 + cast({{ product_no }} as bigint)
{%- endmacro %}

{% macro exporter_no(flow_no) -%}
    {{ flow_no }} // 1000000000
{%- endmacro %}

{% macro importer_no(flow_no) -%}
    {{ flow_no }} // 1000000 % 1000
{%- endmacro %}

{% macro product_no(flow_no) -%}
    {{ flow_no }} % 1000000
{%- endmacro %}

{# Importer and product: what all flows to one market of one product share. #}
{% macro market_no(flow_no) -%}
    {{ flow_no }} % 1000000000
{%- endmacro %}
