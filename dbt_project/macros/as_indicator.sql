{# The last select of every ind_ model: the CTE `measured` brought to the columns of fct_indicator, and, where a source is absent or blocked,
   one row per current member that says so (scope 'ALL', year of the data date).

   indicator_id, scope_kind, unit  constants; the unit must be the catalogue's (tested). A list of scope kinds where `measured` has the column scope_kind:
                                   the first of them says that the source is missing
   needs                           group of sources in int_coverage__missing_sources whose absence leaves the indicator without rows; or a list of groups,
                                   each of which has rows of its own #}
{% macro as_indicator(indicator_id, scope_kind, unit, needs) %}
{%- set kinds = [scope_kind] if scope_kind is string else scope_kind -%}
select
    '{{ indicator_id }}' as indicator_id,
    iso3,
    {{ "'" ~ kinds[0] ~ "' as scope_kind" if kinds | length == 1 else 'scope_kind' }},
    scope_id,
    cast(year as smallint) as year,
    case when null_reason is null then cast(value as double) end as value,
    -- what has no value has no interval
    case when null_reason is null then cast(low as double) end as low,
    case when null_reason is null then cast(high as double) end as high,
    '{{ unit }}' as unit,
    cast(null_reason as varchar) as null_reason,
    cast(n_obs as integer) as n_obs,
    cast(staleness_years as smallint) as staleness_years,
    cast(dq_grade as varchar) as dq_grade,
    cast(flags as varchar[]) as flags,
    cast(source as varchar) as source,
    cast(source_vintage as varchar) as source_vintage,
    cast(data_origin as varchar) as data_origin
from measured
union all
select
    '{{ indicator_id }}' as indicator_id,
    iso3,
    '{{ kinds[0] }}' as scope_kind,
    'ALL' as scope_id,
    cast(year as smallint) as year,
    cast(null as double) as value,
    cast(null as double) as low,
    cast(null as double) as high,
    '{{ unit }}' as unit,
    null_reason,
    cast(null as integer) as n_obs,
    cast(0 as smallint) as staleness_years,
    'D' as dq_grade,
    cast([] as varchar[]) as flags,
    source,
    source_vintage,
    data_origin
from {{ ref('int_coverage__missing_sources') }}
where source_group in (
    {%- for group in ([needs] if needs is string else needs) -%}
    '{{ group }}', '{{ group }}:{{ indicator_id }}'{{ ', ' if not loop.last }}
    {%- endfor -%}
)
{% endmacro %}
