{# Every value stands in the other table; `where` narrows the rows of this model, `to_where` those of the other. Nulls are allowed. #}
{% test relationships_where(model, column_name, to, field, where=none, to_where=none) %}
    select child.{{ column_name }}, count(*) as n_rows
    from {{ model }} as child
    where child.{{ column_name }} is not null
        {% if where %}and ({{ where }}){% endif %}
        and child.{{ column_name }} not in (
            select parent.{{ field }} from {{ to }} as parent
            where parent.{{ field }} is not null {% if to_where %}and ({{ to_where }}){% endif %}
        )
    group by child.{{ column_name }}
{% endtest %}
