{# Sum of floating-point numbers that does not depend on the order of rows or the number of threads: the addends become decimals first.
   Six decimals: a gram where the unit is the tonne. Shares, which are at most 1, take 18. #}
{% macro exact_sum(expression, where=none, decimals=6) -%}
    cast(sum(cast({{ expression }} as decimal(28, {{ decimals }}))){% if where %} filter (where {{ where }}){% endif %} as double)
{%- endmacro %}
