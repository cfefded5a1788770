-- The same number is another industry in each witness: a sector is named by both ('eora:1').
with

output as (
    select * from {{ source('wits_gvc', 'raw_wits_gvc__output') }}
),

files as (
    {{ files_of('raw_wits_gvc__output') }}
),

codes as (
    -- one code list a witness; the ICIO edition (tiva) and the two later WIOD editions use ISO3
    select 'eora' as witness, code, iso3 from ({{ country_codes_of('eora') }})
    union all
    select 'adb' as witness, code, iso3 from ({{ country_codes_of('adb') }})
    union all
    select 'wiodo' as witness, code, iso3 from ({{ country_codes_of('wiod') }})
    union all
    select witness, iso3 as code, iso3
    from {{ ref('countries') }}
    cross join (values ('tiva'), ('wiodn'), ('wiodlr')) as t (witness)
    where iso3 <> 'XXX'
),

sectors as (
    select witness, sector_code, sector_group from {{ ref('wits_sectors') }}
),

ranked as (
    select
        output.*,
        codes.iso3,
        sectors.sector_group,
        files.source_vintage,
        files.preference
        = min(files.preference) over (partition by output.witness, output.sector_code) as is_best_batch,
        case
            when codes.iso3 is null then 'not_a_country'
            when sectors.sector_code is null then 'unknown_sector'
        end as scope_reason
    from output
    inner join files on output._sha256 = files.sha256
    left join codes on output.witness = codes.witness and output.country_code = codes.code
    left join sectors on output.witness = sectors.witness and output.sector_code = sectors.sector_code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        witness,
        iso3,
        country_code,
        witness || ':' || sector_code as sector_id,
        sector_group,
        year,
        output_musd,
        domestic_musd,
        traditional_trade_musd,
        gvc_musd,
        gvc_backward_musd,
        gvc_forward_musd,
        gvc_two_sided_musd,
        source_vintage,
        data_origin,
        case
            when {{ source_is_blocked('raw_wits_gvc__output') }} then 'out_of_scope'
            when not is_best_batch then 'superseded'
            when scope_reason is not null then 'out_of_scope'
            else 'kept'
        end as row_status,
        case
            when {{ source_is_blocked('raw_wits_gvc__output') }} then 'source_blocked'
            when not is_best_batch then 'other_batch_preferred'
            else scope_reason
        end as status_reason
    from ranked
)

select * from final
