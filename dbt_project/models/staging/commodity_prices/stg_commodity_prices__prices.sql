with

prices as (
    select * from {{ source('commodity_prices', 'raw_commodity_prices__prices') }}
),

files as (
    {{ files_of('raw_commodity_prices__prices') }}
),

ranked as (
    select
        prices.*,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by prices.price_basis, prices.frequency) as is_best_batch,
        cast(null as varchar) as scope_reason
    from prices
    inner join files on prices._sha256 = files.sha256
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        commodity,
        price_basis,
        frequency,
        year,
        month,
        unit,
        price,
        updated_on,
        source_vintage,
        data_origin,
        {{ row_status('raw_commodity_prices__prices') }}
    from ranked
)

select * from final
