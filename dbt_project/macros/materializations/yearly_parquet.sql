{# One Parquet file a year: the models that grow with every year of trade.

   config(materialized='yearly_parquet', meta={'key': [...]}): `key` is the total order of the rows of a year and must contain no repeats.
   The model filters with this_year('year'), which is the years being written, or every year (unit tests, docs, ad hoc compile).
   meta.years_back: it reads that many years before its own as well, with this_window, and is written anew when one of them changed. Such a table is
   small beside what it reads; its files are <warehouse>/windows/<model>/year=Y.parquet, all others <warehouse>/yearly/<model>/year=Y.parquet.

   meta.base_years: [first, last]; it reads prices of those years, so every year is written anew when one of them changed.

   meta.dictionaries: {column: [values] or 'relation.column'}, every value that a text column can hold, for files of millions of rows: they are sorted and
   written as numbers of that list, in half the time. The file holds text all the same. A value that is not listed stops the model. The model must know
   the relation: `-- depends_on: {{ ref('relation') }}` where it reads it in no other way.

   A Python model sees of what it refers to only the year being written, and its rows get the column `year` in front; types stand in its .yml, since dbt
   enforces no contract on it.

   environment: ACPGVC_ALL_YEARS  JSON list, the years that the lake holds; other files of the folder are not read (SQL cannot delete them)
                ACPGVC_YEARS      JSON list, the years whose inputs or code changed; missing files are always written
                ACPGVC_YEARS_AT_ONCE   how many years one statement computes, default 1; a file holds the same bytes whatever it says
   A view over the files of ACPGVC_ALL_YEARS and over one file without rows stands in the warehouse. #}

{% materialization yearly_parquet, adapter='duckdb', supported_languages=['sql', 'python'] %}
  {%- set target = this.incorporate(type='view') -%}
  {%- set existing = load_cached_relation(this) -%}
  {%- set key = config.get('meta', {}).get('key') -%}
  {%- if not key -%}
    {{ exceptions.raise_compiler_error(model.name ~ ": yearly_parquet needs meta.key, the columns that order a year's rows totally") }}
  {%- endif -%}
  {%- set is_python = model.language == 'python' -%}
  {%- if not (config.get('contract').enforced or is_python) -%}
    {{ exceptions.raise_compiler_error(model.name ~ ": yearly_parquet needs an enforced contract; old and new files must agree") }}
  {%- endif -%}
  {%- set years_back = config.get('meta').get('years_back', 0) | int -%}
  {%- set base_years = config.get('meta').get('base_years', []) -%}
  {%- set folder = env_var('ACPGVC_WAREHOUSE') ~ ('/windows/' if years_back or base_years else '/yearly/') ~ model.name -%}
  {%- set dictionaries = config.get('meta').get('dictionaries', {}) -%}
  {%- set columns, written, typed = [], [], [] -%}
  {%- for c in model.columns.values() -%}
    {%- do columns.append(c.name) -%}
    {%- do typed.append('cast(' ~ c.name ~ ' as ' ~ c.data_type ~ ') as ' ~ c.name) -%}
    {%- do written.append('cast(' ~ c.name ~ ' as ' ~ model.name ~ '__' ~ c.name ~ ') as ' ~ c.name if c.name in dictionaries else c.name) -%}
  {%- endfor -%}
  {%- set options = "(format parquet, compression zstd, row_group_size 122880, use_tmp_file true)" -%}
  {%- set all_years = years_from_env('ACPGVC_ALL_YEARS') -%}
  {%- set changed = years_from_env('ACPGVC_YEARS') -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% if not is_python %}{{ get_assert_columns_equivalent(sql) }}{% endif %}

  {%- set present = [] -%}
  {%- for row in run_query("select file from glob('" ~ folder ~ "/*.parquet')") -%}{%- do present.append(row[0]) -%}{%- endfor -%}

  {#- a folder as target is the one way in which DuckDB makes a folder, one level: acpgvc made the parent. The file without rows carries the schema -#}
  {% call statement('folder') -%}
    copy (
      {%- if is_python %}
      select {{ typed | join(', ') }} from (select {% for c in columns %}null as {{ c }}{{ ', ' if not loop.last }}{% endfor %}) where false
      {%- else %}
      select {{ columns | join(', ') }} from ({{ sql }}) limit 0
      {%- endif %}
    )
    to '{{ folder }}' (format parquet, per_thread_output true, overwrite_or_ignore true, filename_pattern 'no_rows_')
  {%- endcall %}
  {%- set files = [] -%}
  {%- set to_write = [] -%}
  {%- set is_base_changed = base_years and changed | select('ge', base_years[0]) | select('le', base_years[1]) | list -%}
  {%- for year in all_years -%}
    {%- set file = folder ~ '/year=' ~ year ~ '.parquet' -%}
    {%- do files.append(file) -%}
    {%- if file not in present or is_base_changed or changed | select('ge', year - years_back) | select('le', year) | list -%}
      {%- do to_write.append(year) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if dictionaries and to_write %}{% call statement('dictionaries') -%}
    {%- for column, values in dictionaries.items() -%}
      {%- set relation, listed = (ref(values.split('.')[0]), values.split('.')[1]) if values is string else (none, none) %}
      create or replace temp type {{ model.name }}__{{ column }} as enum (
        {%- if relation %}select distinct {{ listed }} from {{ relation }} order by all{% else %}{{ values | sort | tojson | replace('"', "'") | trim('[]') }}{% endif -%}
      );
    {%- endfor -%}
  {%- endcall %}{% endif -%}
  {%- if is_python -%}
  {#- a call of Python has a price too: years of which there is nothing to read get an empty file without one -#}
  {%- set known = [] -%}
  {%- for named in model.refs -%}
    {%- for row in run_query('select distinct year from ' ~ ref(named.name)) -%}{%- do known.append(row[0]) -%}{%- endfor -%}
  {%- endfor -%}
  {%- for year in to_write -%}
    {%- if year in known -%}
    {%- call statement('batch', language='python') -%}
{{ refs_of_year(model, compiled_code, year) }}

def materialize(rows, con):
    con.register("rows_of_year", rows)
    con.execute("""
        copy (select {{ typed | join(', ') }} from (select {{ year }} as year, * from rows_of_year) order by {{ key | join(', ') }})
        to '{{ folder }}/year={{ year }}.parquet' {{ options }}
    """)
    con.unregister("rows_of_year")
    {%- endcall -%}
    {%- else -%}
    {%- call statement('batch') -%}copy (from '{{ folder }}/no_rows_0.parquet') to '{{ folder }}/year={{ year }}.parquet' {{ options }}{%- endcall -%}
    {%- endif -%}
  {%- endfor -%}
  {%- else -%}
  {#- one call a batch: each has a price in dbt, whatever it does -#}
  {%- for batch in year_batches(to_write) -%}
    {%- set rows, is_many = '(' ~ at_years(sql, batch[0], batch[-1]) ~ ')', batch | length > 1 -%}
    {% call statement('batch') -%}
      {%- if is_many %}create or replace temp table {{ model.name }}__batch as {{ rows }};{% endif %}
      {%- for year in batch %}
      copy (
        select {{ written | join(', ') }} from {{ model.name ~ '__batch where year = ' ~ year if is_many else rows }} order by {{ key | join(', ') }}
      ) to '{{ folder }}/year={{ year }}.parquet' {{ options }};
      {%- endfor %}
      {%- if is_many %} drop table {{ model.name }}__batch;{% endif %}
    {%- endcall %}
  {%- endfor -%}
  {%- endif -%}
  {#- last: DuckDB guesses the rows of all files from the first one, and plans its joins by that -#}
  {%- do files.append(folder ~ '/no_rows_0.parquet') -%}
  {% if existing is not none and existing.type != 'view' %}{{ drop_relation_if_exists(existing) }}{% endif %}
  {% call statement('main') -%}
    create or replace view {{ target }} as
    select {{ columns | join(', ') }} from read_parquet({{ files | tojson | replace('"', "'") }}, hive_partitioning = false)
  {%- endcall %}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do persist_docs(target, model) %}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}
