{# What must be true of every row of a model, in one scan: a test has a price in dbt and in the orchestrator, a condition has none.
   One failing row a broken rule: its name and the number of rows (for the grain: of keys that stand more than once).

   key       columns that name one row (nulls count as equal)
   kept_key  columns that name one row of those that readers use: row_status 'kept'
   not_null  columns
   between   column -> [least, greatest], null = open; NaN and infinity are never between
   accepted  column -> values
   refers    column -> model.column where every value stands
   holds     name -> condition #}
{% test sound(model, key=none, kept_key=none, not_null=[], between={}, accepted={}, refers={}, holds={}) %}
    {%- set rules = {} -%}
    {%- for column in not_null -%}
        {%- do rules.update({column ~ ' is not null': column ~ ' is not null'}) -%}
    {%- endfor -%}
    {%- for column, bounds in between.items() -%}
        {%- set inside = ['isfinite(cast(' ~ column ~ ' as double))'] -%}
        {%- if bounds[0] is not none -%}{%- do inside.append(column ~ ' >= ' ~ bounds[0]) -%}{%- endif -%}
        {%- if bounds[1] is not none -%}{%- do inside.append(column ~ ' <= ' ~ bounds[1]) -%}{%- endif -%}
        {%- do rules.update({column ~ ' between ' ~ bounds[0] ~ ' and ' ~ bounds[1]: column ~ ' is null or (' ~ inside | join(' and ') ~ ')'}) -%}
    {%- endfor -%}
    {%- for column, values in accepted.items() -%}
        {%- set listed = [] -%}
        {%- for value in values -%}{%- do listed.append("'" ~ value ~ "'" if value is string else value) -%}{%- endfor -%}
        {%- do rules.update({column ~ ' is an accepted value': column ~ ' is null or ' ~ column ~ ' in (' ~ listed | join(', ') ~ ')'}) -%}
    {%- endfor -%}
    {%- for column, target in refers.items() -%}
        {%- set other, field = target.split('.') -%}
        {%- do rules.update({column ~ ' stands in ' ~ target: column ~ ' is null or ' ~ column ~ ' in (select ' ~ field ~ ' from ' ~ ref(other) ~ ')'}) -%}
    {%- endfor -%}
    {%- do rules.update(holds) -%}
    {%- set grains = [] -%}
    {%- if key -%}{%- do grains.append({'of': '', 'columns': key, 'rows': ''}) -%}{%- endif -%}
    {%- if kept_key -%}{%- do grains.append({'of': 'kept ', 'columns': kept_key, 'rows': "where row_status = 'kept'"}) -%}{%- endif -%}
    select broken.rule, broken.n_rows
    from (
        {%- if rules %}
        select
            unnest([{% for name in rules %}'{{ name | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor %}]) as rule,
            unnest([
                {%- for condition in rules.values() %}
                count(*) filter (where not coalesce({{ condition }}, false)){{ ',' if not loop.last }}
                {%- endfor %}
            ]) as n_rows
        from {{ model }}
        {%- endif %}
        {%- for grain in grains %}
        {{ 'union all' if rules or not loop.first }}
        select 'one row for each {{ grain.of }}{{ grain.columns | join(', ') }}' as rule, count(*) as n_rows
        from (select 1 as is_repeated from {{ model }} {{ grain.rows }} group by {{ grain.columns | join(', ') }} having count(*) > 1)
        {%- endfor %}
    ) as broken
    where broken.n_rows > 0
{% endtest %}
