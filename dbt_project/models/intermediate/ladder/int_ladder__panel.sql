with spans as (
    select distinct
        source,
        year - {{ var('ladder_change_years') + var('ladder_window_years') - 1 }} as first_from,
        year as last_to
    from {{ ref('int_ladder__coverage') }}
    where is_covered
)

{{ ladder_panel('spans') }}
