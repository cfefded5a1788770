with

countries as (
    select * from {{ ref('countries') }}
),

baci_codes as (
    -- Belgium, France and others have several codes over time: the one of the present state
    select iso3, min(code order by length(note), code) as baci_code
    from {{ ref('country_codes') }}
    where scheme = 'baci' and iso3 <> 'XXX'
    group by iso3
),

final as (
    select
        countries.iso3,
        countries.iso2,
        countries.m49,
        baci_codes.baci_code,
        countries.name_en,
        cast(null as varchar) as name_fr,
        countries.region,
        countries.in_icio_2025,
        countries.is_world_bank_member,
        countries.valid_from,
        countries.valid_to
    from countries
    left join baci_codes on countries.iso3 = baci_codes.iso3
)

select * from final
order by iso3
