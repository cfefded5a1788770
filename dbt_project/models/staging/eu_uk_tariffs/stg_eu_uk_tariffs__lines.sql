-- Duties that are a plain percentage get a number; specific, mixed, seasonal and entry-price duties stay text: their percentage is not known.
{% set plain = '^[0-9]+([.][0-9]+)?%$' %}
with

lines as (
    select * from {{ source('eu_uk_tariffs', 'raw_eu_uk_tariffs__lines') }}
),

files as (
    {{ files_of('raw_eu_uk_tariffs__lines') }}
),

ranked as (
    select
        lines.*,
        files.source_vintage,
        files.preference = min(files.preference) over () as is_best_batch,
        cast(null as varchar) as scope_reason
    from lines
    inner join files on lines._sha256 = files.sha256
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        -- the file names no year
        cast(null as smallint) as year,
        commodity_code,
        left(commodity_code, 6) as hs6_hs2017,
        description,
        eu_duty,
        case when regexp_matches(eu_duty, '{{ plain }}') then cast(rtrim(eu_duty, '%') as double) end as eu_mfn_percent,
        uk_duty,
        case when regexp_matches(uk_duty, '{{ plain }}') then cast(rtrim(uk_duty, '%') as double) end as uk_mfn_percent,
        is_trade_remedy,
        is_suspended,
        has_quota,
        source_vintage,
        data_origin,
        {{ row_status('raw_eu_uk_tariffs__lines') }}
    from ranked
)

select * from final
