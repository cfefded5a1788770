{# A flow that price work may use: observed quantity, value and weight above the limits of section 6. #}
{% macro is_price_flow() -%}
    quantity_t >= {{ var('unit_value_min_tonnes') }} and value_kusd >= {{ var('unit_value_min_kusd') }} and not is_quantity_estimated
{%- endmacro %}
