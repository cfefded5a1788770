-- What became of every row that was parsed, counted by file and year.
with

{% set tables = source_tables() -%}
trade as (
    select table_name, sha256, year, row_status, status_reason, n_rows
    from {{ ref('int_trade__row_status') }}
),

{% for table in tables -%}
{{ table }}_counts as (
    select
        '{{ table }}' as table_name,
        sha256,
        year,
        row_status,
        coalesce(status_reason, '') as status_reason,
        count(*) as n_rows
    from {{ ref(table | replace('raw_', 'stg_', 1)) }}
    group by all
),

{% endfor -%}
final as (
    select * from trade
    {%- for table in tables %}
    union all
    select * from {{ table }}_counts
    {%- endfor %}
)

select
    table_name,
    sha256,
    year,
    row_status,
    status_reason,
    n_rows
from final
