{# A whole ind_ model that is one column of int_structure__shares, the structure of a country's trade.

   reason  column that says why there is no value; a reason of its own leaves the row without a grade where it has no value
   n_obs, grade, low, high  other columns or expressions, where the indicator has its own #}
{% macro structure_indicator(indicator_id, column, unit, reason='null_reason', n_obs='n_partners', grade=none, low='null', high='null') %}
with shares as (
    select * from {{ ref('int_structure__shares') }}
),

measured as (
    select
        iso3,
        'ALL' as scope_id,
        year,
        {{ column }} as value,
        {{ low }} as low,
        {{ high }} as high,
        {{ reason }} as null_reason,
        {{ n_obs }} as n_obs,
        0 as staleness_years,
        {{ grade or ('dq_grade' if reason == 'null_reason' else 'case when ' ~ reason ~ " is null then dq_grade else 'D' end") }} as dq_grade,
        flags,
        source,
        source_vintage,
        data_origin
    from shares
)

{{ as_indicator(indicator_id, 'country', unit, needs='trade') }}
{% endmacro %}
