{# Code of the country whose market a flow goes to. Belgium and Luxembourg reported as one up to 1998 (58, here BEL): they are one market in all
   years, else every flow to Luxembourg would look new in 1999 and Belgium's would look broken. #}
{% macro market(importer) -%}
    case {{ importer }} when 'LUX' then 'BEL' else {{ importer }} end
{%- endmacro %}
