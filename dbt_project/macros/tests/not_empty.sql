{# The model has rows. #}
{% test not_empty(model) %}
    select 1 as no_rows
    where not exists (select 1 from {{ model }})
{% endtest %}
