with

country_codes as (
    select * from {{ ref('country_codes') }}
),

final as (
    select
        scheme,
        code,
        iso3,
        valid_from,
        valid_to
    from country_codes
)

select * from final
order by scheme, code, valid_from nulls first
