{# The long table that every indicator lands in. The list of models is literal, because a ref that is found while compiling is no dependency;
   a test compares it with the folder. A view: the release writes its rows, sorted, and a table here would write the longest one of all twice. #}
{{ config(materialized='view') }}

with all_indicators as (
    {% for model in indicator_models() %}
    select * from {{ ref(model) }}
    {% if not loop.last %}union all by name{% endif %}
    {% endfor %}
)

select
    indicator_id, iso3, scope_kind, scope_id, year, value, low, high, unit, null_reason, n_obs, staleness_years, dq_grade, flags, source,
    source_vintage, data_origin
from all_indicators
