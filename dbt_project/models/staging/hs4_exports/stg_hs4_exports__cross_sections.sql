-- Publishers write ISO3 codes, withdrawn ones included: states that are gone become areas not specified, so that world totals stay whole.
with

exports as (
    select * from {{ source('hs4_exports', 'raw_hs4_exports__cross_sections') }}
),

files as (
    {{ files_of('raw_hs4_exports__cross_sections') }}
),

codes as (
    select iso3 as code, iso3 from {{ ref('countries') }}
    union
    -- ROM, ZAR, TMP: codes that the World Bank and Comtrade kept longer than ISO
    select code, iso3 from ({{ country_codes_of('world_bank') }})
    union
    select code, 'XXX' as iso3
    from (
        values ('ANT'), ('CSK'), ('DDR'), ('PCI'), ('PCZ'), ('SCG'), ('SUN'), ('VDR'), ('YMD'), ('YUG')
    ) as withdrawn (code)
),

ranked as (
    select
        exports.*,
        codes.iso3,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by exports.publisher, exports.year) as is_best_batch,
        case
            when exports.hs_revision = 'SITC2' then 'mean_over_partners'
            when exports.product_code = '' then 'no_product_code'
            when not regexp_full_match(exports.product_code, '\d{4}') then 'not_goods'
            when codes.iso3 is null then 'unknown_country'
            when coalesce(exports.export_value_usd, 0) = 0 then 'no_export'
        end as scope_reason
    from exports
    inner join files on exports._sha256 = files.sha256
    left join codes on upper(exports.country_code) = codes.code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        publisher,
        year,
        iso3 as exporter,
        country_code,
        hs_revision,
        product_code as hs4,
        export_value_usd / 1000 as value_kusd,
        source_vintage,
        data_origin,
        {{ row_status('raw_hs4_exports__cross_sections') }}
    from ranked
)

select * from final
