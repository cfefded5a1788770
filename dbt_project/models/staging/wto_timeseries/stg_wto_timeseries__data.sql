with

series as (
    select * from {{ source('wto_timeseries', 'raw_wto_timeseries__data') }}
),

files as (
    {{ files_of('raw_wto_timeseries__data') }}
),

countries as (
    {{ country_codes_of('m49') }}
),

ranked as (
    select
        series.*,
        countries.iso3,
        files.source_vintage,
        files.preference = min(files.preference) over (
            partition by series.indicator_code, series.reporter_code, series.partner_code, series.product_class, series.product_code, series.year
        ) as is_best_batch,
        case
            when countries.iso3 is null then 'not_a_country'
            when series.value is null then 'no_value'
        end as scope_reason
    from series
    inner join files on series._sha256 = files.sha256
    left join countries on series.reporter_code = countries.code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        iso3,
        reporter_code,
        partner_code,
        indicator_code,
        indicator,
        product_class,
        product_code,
        period_code,
        year,
        unit_code,
        value_flag,
        value,
        source_vintage,
        data_origin,
        {{ row_status('raw_wto_timeseries__data') }}
    from ranked
)

select * from final
