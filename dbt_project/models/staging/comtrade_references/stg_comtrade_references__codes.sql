-- A list is replaced as a whole by a newer one of the same name. Days in force stay as published: the last day is inside.
with

codes as (
    select * from {{ source('comtrade_references', 'raw_comtrade_references__codes') }}
),

files as (
    {{ files_of('raw_comtrade_references__codes') }}
),

countries as (
    {{ country_codes_of('comtrade') }}
),

ranked as (
    select
        codes.* exclude (iso3),
        codes.iso3 as published_iso3,
        countries.iso3,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by codes.list_name) as is_best_batch,
        cast(null as varchar) as scope_reason
    from codes
    inner join files on codes._sha256 = files.sha256
    left join countries on codes.list_name in ('Reporters', 'partnerAreas') and codes.code = countries.code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        -- a list names no year
        cast(null as smallint) as year,
        list_name,
        code,
        case when starts_with(label, code || ' - ') then substr(label, length(code) + 4) else label end as label,
        note,
        iso3,
        iso2 as published_iso2,
        published_iso3,
        is_group,
        effective_on,
        expired_on,
        nullif(parent_code, '#') as parent_code,
        aggr_level,
        is_leaf,
        unit,
        source_vintage,
        data_origin,
        {{ row_status('raw_comtrade_references__codes') }}
    from ranked
)

select * from final
