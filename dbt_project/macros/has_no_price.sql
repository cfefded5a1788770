{# Goods of which value per tonne says nothing about quality (indicator rules, section 6): gold, diamonds, oil and gas, aircraft, ships. #}
{% macro has_no_price(hs6) -%}
    (left({{ hs6 }}, 4) in ('7108', '7102', '2709', '2710', '2711') or left({{ hs6 }}, 2) in ('88', '89'))
{%- endmacro %}
