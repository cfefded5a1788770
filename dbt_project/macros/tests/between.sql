{# The column lies between the bounds, both inclusive; nulls are allowed, NaN and infinity are not. #}
{% test between(model, column_name, min_value=none, max_value=none) %}
    select *
    from {{ model }}
    where
        {{ column_name }} is not null
        and (
            not isfinite(cast({{ column_name }} as double))
            {% if min_value is not none %}or {{ column_name }} < {{ min_value }}{% endif %}
            {% if max_value is not none %}or {{ column_name }} > {{ max_value }}{% endif %}
        )
{% endtest %}
