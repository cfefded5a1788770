{% set span = (var('ladder_change_years') | int) + (var('ladder_window_years') | int) - 1 %}

with spans as (
    select distinct
        source,
        year - {{ span }} as first_from,
        year as last_to
    from {{ ref('int_ladder__coverage') }}
    where is_covered
)

{{ ladder_panel('spans') }}
