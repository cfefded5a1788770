{# Grade of a sum over rows: the worst grade that rows holding a quarter of the weight have or fall below (indicator rules, section 9). An aggregate. #}
{% macro weighted_grade(grade, weight, where) -%}
    case
        when coalesce(sum({{ weight }}) filter (where {{ where }}), 0) <= 0 then 'D'
        {%- for worse in [['D'], ['C', 'D'], ['B', 'C', 'D']] %}
        when coalesce(sum({{ weight }}) filter (where {{ where }} and {{ grade }} in ('{{ worse | join("', '") }}')), 0)
            >= 0.25 * sum({{ weight }}) filter (where {{ where }}) then '{{ worse[0] }}'
        {%- endfor %}
        else 'A'
    end
{%- endmacro %}
