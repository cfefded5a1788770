with

observations as (
    select * from {{ source('unctadstat', 'raw_unctadstat__observations') }}
),

files as (
    {{ files_of('raw_unctadstat__observations') }}
),

countries as (
    {{ country_codes_of('m49') }}
    union all
    {{ country_codes_of('unctad') }}
),

ranked as (
    select
        observations.*,
        countries.iso3,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by observations.report, observations.measure) as is_best_batch,
        case
            when length(observations.economy_code) = 4 then 'aggregate_of_countries'
            when countries.iso3 is null then 'not_a_country'
            when observations.value is null then 'no_value'
        end as scope_reason
    from observations
    inner join files on observations._sha256 = files.sha256
    left join countries on observations.economy_code = countries.code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        iso3,
        economy_code,
        report,
        measure,
        category_code,
        category,
        year,
        quarter,
        value,
        footnote,
        source_vintage,
        data_origin,
        {{ row_status('raw_unctadstat__observations') }}
    from ranked
)

select * from final
