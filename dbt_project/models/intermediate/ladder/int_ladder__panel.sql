with spans as (
    select distinct
        source,
        year - {{ ladder_years_back() }} as first_from,
        year as last_to
    from {{ ref('int_ladder__coverage') }}
    where is_covered
)

{{ ladder_panel('spans') }}
