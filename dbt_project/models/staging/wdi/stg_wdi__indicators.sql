with

indicators as (
    select * from {{ source('wdi', 'raw_wdi__indicators') }}
),

files as (
    {{ files_of('raw_wdi__indicators') }}
),

countries as (
    {{ country_codes_of('world_bank') }}
),

ranked as (
    select
        indicators.*,
        countries.iso3,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by indicators.indicator_code) as is_best_batch,
        case
            when countries.iso3 is null then 'aggregate_of_countries'
            when indicators.value is null then 'no_value'
        end as scope_reason
    from indicators
    inner join files on indicators._sha256 = files.sha256
    left join countries on indicators.country_code = countries.code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        iso3,
        country_code,
        indicator_code,
        indicator_name,
        year,
        value,
        last_updated,
        source_vintage,
        data_origin,
        {{ row_status('raw_wdi__indicators') }}
    from ranked
)

select * from final
