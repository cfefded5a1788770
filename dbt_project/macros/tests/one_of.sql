{# Exactly one of the columns is set in every row (a value or a reason, never both, never neither). #}
{% test one_of(model, columns) %}
    select *
    from {{ model }}
    where {% for column in columns %}cast({{ column }} is not null as integer){{ ' + ' if not loop.last }}{% endfor %} <> 1
{% endtest %}
