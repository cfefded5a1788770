{# Grain of a growing table. Each batch of years is a query of its own, so that memory does not grow with the number of years; years that did not
   change were tested when they were written. `columns` without the year. Years come from the environment (see yearly_parquet); without them, one query. #}
{% test unique_per_year(model, columns) %}
    {%- set years = years_from_env('ACPGVC_YEARS') or years_from_env('ACPGVC_ALL_YEARS') -%}
    {%- set found = [] -%}
    {%- if execute and flags.WHICH in ('build', 'test') -%}
        {%- for batch in year_batches(years) or [none] -%}
            {%- set repeats -%}
                select year, {{ columns | join(', ') }}, count(*) as n_rows
                from {{ model }}
                {{ 'where year between ' ~ batch[0] ~ ' and ' ~ batch[-1] if batch }}
                group by all
                having count(*) > 1
                limit 10
            {%- endset -%}
            {%- for row in run_query(repeats) -%}
                {%- do found.append(row.values() | join(' | ') | replace("'", '')) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    select repeated_key
    from (select unnest(cast([{% for key in found %}'{{ key }}'{{ ', ' if not loop.last }}{% endfor %}] as varchar[])) as repeated_key)
{% endtest %}
