{# True when a dated membership holds in the middle of a year: memberships are [valid_from, valid_to), flows are of whole years. #}
{% macro in_force(relation, year) -%}
    coalesce({{ relation }}.valid_from <= make_date({{ year }}, 7, 1), true) and coalesce({{ relation }}.valid_to > make_date({{ year }}, 7, 1), true)
{%- endmacro %}
