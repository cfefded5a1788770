-- An item is never spliced from two vintages, see stg_faostat_crops__data.
with

flows as (
    select * from {{ source('faostat_trade_matrix', 'raw_faostat_trade_matrix__flows') }}
),

files as (
    {{ files_of('raw_faostat_trade_matrix__flows') }}
),

best as (
    -- one row an item, so that the matrix itself is not sorted
    select flows.item_code, min(files.preference) as preference
    from flows
    inner join files on flows._sha256 = files.sha256
    group by flows.item_code
),

countries as (
    {{ country_codes_of('faostat') }}
),

ranked as (
    select
        flows.*,
        reporters.iso3,
        partners.iso3 as partner_iso3,
        files.source_vintage,
        files.preference = best.preference as is_best_batch,
        case
            when reporters.iso3 is null or partners.iso3 is null then 'not_a_country'
            when flows.value is null then 'no_value'
        end as scope_reason
    from flows
    inner join files on flows._sha256 = files.sha256
    inner join best on flows.item_code = best.item_code
    left join countries as reporters on flows.reporter_code = reporters.code
    left join countries as partners on flows.partner_code = partners.code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        iso3,
        partner_iso3,
        item_code,
        item,
        element,
        year,
        unit,
        value,
        flag,
        source_vintage,
        data_origin,
        {{ row_status('raw_faostat_trade_matrix__flows') }}
    from ranked
)

select * from final
