-- An item is never spliced from two vintages: meanings change (tea was made tea up to 2020, green leaves since).
with

data as (
    select * from {{ source('faostat_crops', 'raw_faostat_crops__data') }}
),

files as (
    {{ files_of('raw_faostat_crops__data') }}
),

countries as (
    {{ country_codes_of('faostat') }}
),

ranked as (
    select
        data.*,
        countries.iso3,
        data.area_code = '5000' as is_world,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by data.item_code) as is_best_batch,
        case
            when countries.iso3 is null and data.area_code <> '5000' then 'not_a_country'
            when data.value is null then 'no_value'
        end as scope_reason
    from data
    inner join files on data._sha256 = files.sha256
    left join countries on data.area_code = countries.code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        iso3,
        area_code,
        is_world,
        item_code,
        item,
        element_code,
        year,
        unit,
        value,
        flag,
        source_vintage,
        data_origin,
        {{ row_status('raw_faostat_crops__data') }}
    from ranked
)

select * from final
