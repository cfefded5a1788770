{# Names of the project's models that start with `prefix`, in order, as a SQL list of text; empty while parsing. #}
{% macro models_named(prefix) -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith(prefix) -%}
            {%- do found.append(node.name) -%}
        {%- endfor -%}
    {%- endif -%}
    cast({{ found | sort }} as varchar[])
{%- endmacro %}
