-- The workbook of editions has the old codes of the World Bank (ROM, TMP, ZAR), the DataBank export the new ones.
with

scores as (
    select * from {{ source('lpi', 'raw_lpi__scores') }}
),

files as (
    {{ files_of('raw_lpi__scores') }}
),

countries as (
    {{ country_codes_of('world_bank') }}
),

ranked as (
    select
        scores.*,
        countries.iso3,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by scores.series_code, scores.year) as is_best_batch,
        case when countries.iso3 is null then 'not_a_country' end as scope_reason
    from scores
    inner join files on scores._sha256 = files.sha256
    left join countries on scores.country_code = countries.code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        iso3,
        country_code,
        series_code,
        year,
        value,
        year >= 2023 as is_new_method,
        source_vintage,
        data_origin,
        {{ row_status('raw_lpi__scores') }}
    from ranked
)

select * from final
