{# Every value stands in the other table; `from_where` narrows the rows of this model, `to_where` those of the other. Nulls are allowed.
   (An argument named `where` would be taken by dbt for a setting of the test.) #}
{% test relationships_where(model, column_name, to, field, from_where='true', to_where='true') %}
    with child as (
        select {{ column_name }} as child_key
        from {{ model }}
        where {{ column_name }} is not null and ({{ from_where }})
    ),

    parent as (
        select {{ field }} as parent_key
        from {{ to }}
        where {{ to_where }}
    )

    select child.child_key, count(*) as n_rows
    from child
    anti join parent on child.child_key = parent.parent_key
    group by child.child_key
{% endtest %}
