{# The years that a yearly_parquet model is writing; every year where nothing is being written (unit tests, docs, ad hoc compile). #}
{% macro this_year(column) -%}
  {{ this_window(column, 0) }}
{%- endmacro %}

{# The years that lie so many years before those being written. #}
{% macro year_before(column, years) -%}
  {{ column }} between coalesce(getvariable('acpgvc_first_year'), {{ column }} + {{ years }}) - {{ years }}
  and coalesce(getvariable('acpgvc_last_year'), {{ column }} + {{ years }}) - {{ years }}
{%- endmacro %}

{# The years being written with the years from `years_back` before them (the model's meta says `years_back` too). A model that looks back joins each
   year of its own to the years before it. #}
{% macro this_window(column, years_back) -%}
  {{ column }} between coalesce(getvariable('acpgvc_first_year'), {{ column }}) - {{ years_back }} and coalesce(getvariable('acpgvc_last_year'), {{ column }})
{%- endmacro %}

{# The same SQL with the years as literals: only literals prune the files of other years. #}
{% macro at_years(sql, first, last) -%}
  {%- set sql = modules.re.sub("coalesce\\(getvariable\\('acpgvc_first_year'\\), [^()]+\\)", first ~ '::smallint', sql) -%}
  {{ return(modules.re.sub("coalesce\\(getvariable\\('acpgvc_last_year'\\), [^()]+\\)", last ~ '::smallint', sql)) }}
{%- endmacro %}

{# Code of a Python model that reads one year of every relation that it refers to. #}
{% macro refs_of_year(model, code, year) -%}
  {%- set changed = namespace(code=code) -%}
  {%- for named in model.refs -%}
    {%- set relation = ref(named.name) | string | replace('"', '\\"') -%}
    {%- set changed.code = changed.code | replace('"' ~ relation ~ '"', '"(from ' ~ relation ~ ' where year = ' ~ year ~ ')"') -%}
  {%- endfor -%}
  {{ return(changed.code) }}
{%- endmacro %}

{# Years as runs without a gap of at most ACPGVC_YEARS_AT_ONCE: what one statement computes. Small years cost more as statements than as rows. #}
{% macro year_batches(years) -%}
  {%- set batches = [] -%}
  {%- set at_once = env_var('ACPGVC_YEARS_AT_ONCE', '1') | int -%}
  {%- for year in years -%}
    {%- if batches and batches[-1][-1] == year - 1 and batches[-1] | length < at_once -%}
      {%- do batches[-1].append(year) -%}
    {%- else -%}
      {%- do batches.append([year]) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(batches) }}
{%- endmacro %}

{% macro years_from_env(name) -%}
  {% set years = fromjson(env_var(name, '[]'), default=none) %}
  {% if years is none or years is string or years is mapping %}
    {{ exceptions.raise_compiler_error(name ~ " must be a JSON list of years, found " ~ env_var(name, '[]')) }}
  {% endif %}
  {{ return(years | map('int') | unique | sort | list) }}
{%- endmacro %}
