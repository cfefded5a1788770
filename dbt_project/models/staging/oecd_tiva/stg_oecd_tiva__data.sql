with

data as (
    select * from {{ source('oecd_tiva', 'raw_oecd_tiva__data') }}
),

files as (
    {{ files_of('raw_oecd_tiva__data') }}
),

countries as (
    select iso3 from {{ ref('countries') }}
    where iso3 <> 'XXX'
),

ranked as (
    select
        data.*,
        countries.iso3,
        files.source_vintage,
        files.preference = min(files.preference) over (
            partition by
                data.dataflow, data.edition, data.measure, data.unit_measure,
                data.activity, data.counterpart_area, data.ref_area
        ) as is_best_batch,
        case
            when countries.iso3 is null then 'not_a_country'
            when data.freq_code <> 'A' then 'not_annual'
            when data.obs_value is null then 'no_value'
        end as scope_reason
    from data
    inner join files on data._sha256 = files.sha256
    left join countries on data.ref_area = countries.iso3
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        dataflow,
        edition,
        measure,
        iso3,
        ref_area,
        activity,
        case when activity = '_T' then 'ALL' else 'tiva:' || activity end as sector_id,
        counterpart_area,
        unit_measure,
        year,
        obs_value * power(10, coalesce(unit_mult, 0)) as obs_value,
        source_vintage,
        data_origin,
        {{ row_status('raw_oecd_tiva__data') }}
    from ranked
)

select * from final
