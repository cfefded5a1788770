{# The year that a yearly_parquet model is writing; every year where nothing is being written (unit tests, docs, ad hoc compile). #}
{% macro this_year(column) -%}
  {{ column }} = coalesce(getvariable('acpgvc_year'), {{ column }})
{%- endmacro %}

{# The years from `years_back` before the year that a yearly_parquet model is writing up to it (its meta says `years_back` too); every year where
   nothing is being written. A model that looks back joins each year of its own to the years before it. #}
{% macro this_window(column, years_back) -%}
  {{ column }} between coalesce(getvariable('acpgvc_year'), {{ column }}) - {{ years_back }} and coalesce(getvariable('acpgvc_year'), {{ column }})
{%- endmacro %}

{# The same SQL with the year as a literal: only a literal prunes the files of other years. #}
{% macro at_year(sql, year) -%}
  {{ return(modules.re.sub("coalesce\\(getvariable\\('acpgvc_year'\\), [a-z_.]+\\)", year ~ '::smallint', sql)) }}
{%- endmacro %}

{% macro years_from_env(name) -%}
  {% set years = fromjson(env_var(name, '[]'), default=none) %}
  {% if years is none or years is string or years is mapping %}
    {{ exceptions.raise_compiler_error(name ~ " must be a JSON list of years, found " ~ env_var(name, '[]')) }}
  {% endif %}
  {{ return(years | map('int') | unique | sort | list) }}
{%- endmacro %}
