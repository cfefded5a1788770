-- ISO writes names only. A country that stands on several sheets of a workbook counts once.
with

certificates as (
    select * from {{ source('iso_survey', 'raw_iso_survey__certificates') }}
),

files as (
    {{ files_of('raw_iso_survey__certificates') }}
),

countries as (
    select lower(name_en) as country_name, iso3 from {{ ref('countries') }}
    union
    select lower(code) as country_name, iso3 from {{ ref('country_codes') }}
    where scheme = 'rasff_name' and iso3 <> 'XXX'
),

ranked as (
    select
        certificates.*,
        countries.iso3,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by certificates.standard, certificates.year)
        and row_number() over (
            partition by certificates.standard, certificates.year, lower(certificates.country_name), files.file_id
            order by certificates._row desc
        ) = 1 as is_best_batch,
        case when countries.iso3 is null then 'not_a_country' end as scope_reason
    from certificates
    inner join files on certificates._sha256 = files.sha256
    left join countries on lower(certificates.country_name) = countries.country_name
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        iso3,
        country_name,
        standard,
        year,
        certificates,
        sites,
        year >= {{ var('iso_survey_new_method_year') }} as is_new_method,
        source_vintage,
        data_origin,
        {{ row_status('raw_iso_survey__certificates') }}
    from ranked
)

select * from final
