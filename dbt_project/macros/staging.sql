{# The pieces that every staging model of a source shares. #}

{# Raw tables whose rows are counted by file, one for each registered source, without the two that grow with the years (int_trade__row_status).
   acpgvc says them through the environment, so that a new source is in the account without an edit, and dbt still sees the edge. #}
{% macro source_tables() -%}
    {{ return(env_var('ACPGVC_SOURCE_TABLES').split(',')) }}
{%- endmacro %}

{# Files of a raw table in the order of preference (1 best), see stg_landing__files. Files that a reader added by hand have none and come last. #}
{% macro files_of(table_name) %}
    select file_id, sha256, coalesce(preference, 2147483647) as preference, source_vintage
    from {{ ref('stg_landing__files') }}
    where table_name = '{{ table_name }}' and status = 'accepted'
{%- endmacro %}

{# True when a file of the source was rejected in the current input: nothing of the source is used. #}
{% macro source_is_blocked(table_name) -%}
    coalesce((select bool_or(is_blocked) from {{ ref('stg_landing__sources') }} where table_name = '{{ table_name }}'), false)
{%- endmacro %}

{# Code list of one scheme: code -> iso3. #}
{% macro country_codes_of(scheme) %}
    select code, iso3
    from {{ ref('country_codes') }}
    where scheme = '{{ scheme }}'
{%- endmacro %}

{# row_status and status_reason of a source whose batches are ranked: needs the columns is_best_batch and scope_reason. #}
{% macro row_status(table_name) -%}
        case
            when {{ source_is_blocked(table_name) }} then 'out_of_scope'
            when not is_best_batch then 'superseded'
            when scope_reason is not null then 'out_of_scope'
            else 'kept'
        end as row_status,
        case
            when {{ source_is_blocked(table_name) }} then 'source_blocked'
            when not is_best_batch then 'other_batch_preferred'
            else scope_reason
        end as status_reason
{%- endmacro %}
