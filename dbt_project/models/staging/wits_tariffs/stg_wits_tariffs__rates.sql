with

rates as (
    select * from {{ source('wits_tariffs', 'raw_wits_tariffs__rates') }}
),

files as (
    {{ files_of('raw_wits_tariffs__rates') }}
),

countries as (
    {{ country_codes_of('m49') }}
),

ranked as (
    select
        rates.*,
        case when rates.reporter_code = '918' then 'EU' else reporters.iso3 end as market,
        partners.iso3 as partner_iso3,
        files.source_vintage,
        files.preference
        = min(files.preference) over (partition by rates.reporter_code, rates.partner_code, rates.year, rates.datatype) as is_best_batch,
        case
            when rates.reporter_code <> '918' and reporters.iso3 is null then 'country_not_in_list'
            when rates.partner_code <> '000' and partners.iso3 is null then 'group_of_partners'
        end as scope_reason
    from rates
    inner join files on rates._sha256 = files.sha256
    left join countries as reporters on rates.reporter_code = reporters.code
    left join countries as partners on rates.partner_code = partners.code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        market,
        reporter_code,
        partner_code,
        partner_iso3,
        year,
        hs6,
        hs_revision,
        tariff_type,
        datatype,
        measure,
        rate_percent,
        min_percent,
        max_percent,
        n_lines,
        n_lines_without_rate,
        source_vintage,
        data_origin,
        {{ row_status('raw_wits_tariffs__rates') }}
    from ranked
)

select * from final
