{# A set of markets as bits: bit k is the k-th of numbered_countries(), of which there are about 250; a number beyond the last bit is an error. Years of
   flows are compared a market a bit: survival of one year of 10 million rows took 23 s of processor time flow by flow, 4 s so. #}
{% macro markets_of(country_no) -%}
    bitstring_agg({{ country_no }}, 1, 256)
{%- endmacro %}

{% macro no_markets() -%}
    repeat('0', 256)::bit
{%- endmacro %}
