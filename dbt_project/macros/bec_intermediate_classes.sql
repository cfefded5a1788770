{# BEC Rev.4 classes of intermediate goods as a SQL list; 31 and 322 are fuels, which alone make an oil exporter look deeply involved. #}
{% macro bec_intermediate_classes(with_fuels=true) -%}
    ['111', '121', '21', '22', '42', '53'{% if with_fuels %}, '31', '322'{% endif %}]
{%- endmacro %}
