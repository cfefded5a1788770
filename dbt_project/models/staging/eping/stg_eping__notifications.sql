-- One state a notification: the newest answer wins. Addenda and corrigenda are rows beside the notification that they change: count base_symbol.
with

notifications as (
    select * from {{ source('eping', 'raw_eping__notifications') }}
),

files as (
    {{ files_of('raw_eping__notifications') }}
),

countries as (
    select iso3 from {{ ref('countries') }}
),

ranked as (
    select
        notifications.*,
        -- the symbol names the member: G/SPS/N/KEN/12
        split_part(notifications.symbol, '/', 4) as member_code,
        countries.iso3,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by notifications.notification_id) as is_best_batch,
        cast(null as varchar) as scope_reason
    from notifications
    inner join files on notifications._sha256 = files.sha256
    left join countries on split_part(notifications.symbol, '/', 4) = countries.iso3
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        notification_id,
        iso3,
        member_code,
        member,
        cast(year(distributed_on) as smallint) as year,
        distributed_on,
        area,
        symbol,
        regexp_replace(symbol, '(/(Add|Corr|Rev|Suppl)[.][0-9]+)+$', '') as base_symbol,
        regexp_matches(symbol, '/(Add|Corr|Rev|Suppl)[.][0-9]+$') as is_follow_up,
        title,
        products,
        hs_codes,
        comments_until,
        in_force_on,
        notification_type,
        keywords,
        source_vintage,
        data_origin,
        {{ row_status('raw_eping__notifications') }}
    from ranked
)

select * from final
