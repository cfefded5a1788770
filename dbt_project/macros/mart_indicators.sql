{# Live rows of the catalogue that are a column of a mart instead of a model of models/indicators (indicator rules, section 2.8: country x HS6 in
   mart_product, classes in mart_upgrading), with that mart. Value or reason is tested there. #}
{% macro mart_indicators() -%}
    {{ return({
        'kr_quadrant': 'mart_upgrading',
        'relative_unit_value': 'mart_product',
        'unit_value': 'mart_product',
    }) }}
{%- endmacro %}
