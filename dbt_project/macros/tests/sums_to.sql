{# The column adds up to `total` (a number, or a column that is constant in the group) within the tolerance, in every group that has a value. #}
{% test sums_to(model, column_name, group_by, total=1, tolerance=1e-9) %}
    select
        {{ group_by | join(', ') }},
        sum({{ column_name }}) as found,
        {{ 'any_value(' ~ total ~ ')' if total is string else total }} as expected
    from {{ model }}
    where {{ column_name }} is not null
    group by {{ group_by | join(', ') }}
    having abs(found - expected) > {{ tolerance }} or expected is null
{% endtest %}
