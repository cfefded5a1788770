with

quantities as (
    select * from {{ source('faostat_forestry', 'raw_faostat_forestry__data') }}
),

files as (
    {{ files_of('raw_faostat_forestry__data') }}
),

countries as (
    {{ country_codes_of('faostat') }}
),

items as (
    select item_code, stage from {{ ref('wood_volume_items') }}
),

ranked as (
    select
        quantities.*,
        countries.iso3,
        files.source_vintage,
        -- an item is never spliced from two vintages: FAO changes what an item holds
        files.preference = min(files.preference) over (partition by quantities.item_code) as is_best_batch,
        case
            when countries.iso3 is null then 'not_a_country'
            when items.item_code is null then 'not_in_wood_ladder'
            when quantities.unit <> 'm3' then 'other_unit'
            when not (quantities.element = 'export quantity' or (quantities.element = 'production' and items.stage = 0)) then 'not_used'
            when quantities.quantity is null then 'no_value'
        end as scope_reason
    from quantities
    inner join files on quantities._sha256 = files.sha256
    left join countries on quantities.area_code = countries.code
    left join items on quantities.item_code = items.item_code
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        iso3,
        area_code,
        item_code,
        item,
        element,
        year,
        unit,
        quantity,
        flag,
        source_vintage,
        data_origin,
        {{ row_status('raw_faostat_forestry__data') }}
    from ranked
)

select * from final
