with

notices as (
    select * from {{ ref('int_rejections__notices') }}
),

names as (
    select distinct
        rejection_id,
        lower(trim(unnest(origins))) as name
    from notices
),

countries as (
    {{ country_codes_of('rasff_name') }}
),

final as (
    -- a name outside the list is an origin that nobody can place: XXX, never dropped
    select distinct
        names.rejection_id,
        coalesce(countries.iso3, 'XXX') as iso3
    from names
    left join countries on names.name = countries.code
    where names.name <> ''
)

select * from final
order by rejection_id, iso3
