{# Sum of floating-point numbers that does not depend on the order of rows or the number of threads: the addends become decimals first.
   Six decimals: a gram where the unit is the tonne. #}
{% macro exact_sum(expression, where=none) -%}
    cast(sum(cast({{ expression }} as decimal(28, 6))){% if where %} filter (where {{ where }}){% endif %} as double)
{%- endmacro %}
