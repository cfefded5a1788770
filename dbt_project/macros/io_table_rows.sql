{# Rows of an inter-country input-output table without its cells: what every source of such tables stages.
   `codes`: a query with code and iso3 of the publisher's economies. The cells stay in the lake; naming the columns keeps DuckDB from reading them. #}
{% macro io_table_rows(source_name, codes) %}
{%- set table_name = 'raw_' ~ source_name ~ '__tables' -%}
with

tables as (
    select
        edition,
        year,
        country,
        sector,
        "position",
        output_musd,
        value_added_musd,
        taxes_musd,
        data_origin,
        _sha256,
        _row
    from {{ source(source_name, table_name) }}
),

files as (
    {{ files_of(table_name) }}
),

codes as (
    {{ codes }}
),

ranked as (
    select
        tables.*,
        codes.iso3,
        upper(tables.country) = 'ROW' as is_rest_of_world,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by tables.edition, tables.year) as is_best_batch,
        case when codes.iso3 is null and upper(tables.country) <> 'ROW' then 'not_a_country' end as scope_reason
    from tables
    inner join files on tables._sha256 = files.sha256
    left join codes on tables.country = codes.code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        edition,
        year,
        country,
        iso3,
        is_rest_of_world,
        sector,
        "position",
        output_musd,
        value_added_musd,
        taxes_musd,
        source_vintage,
        data_origin,
        {{ row_status(table_name) }}
    from ranked
)

select * from final
{%- endmacro %}
