{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['year', 'source', 'sha256', 'row_status', 'status_reason']}
) }}

-- What became of every row of the two large sources, counted by file and year.
with

comtrade as (
    select
        year,
        sha256,
        row_status,
        coalesce(status_reason, '') as status_reason,
        1 as n_rows,
        case when row_status = 'kept' then cast(primary_value_usd as decimal(24, 3)) end as value_usd
    from {{ ref('stg_comtrade__data') }}
    where {{ this_year('year') }}
),

baci as (
    select
        year,
        sha256,
        row_status,
        status_reason,
        n_rows,
        cast(value_kusd as decimal(24, 3)) * 1000 as value_usd
    from {{ ref('int_trade__baci_rows') }}
    where {{ this_year('year') }}
),

rows_of_both as (
    select 'comtrade' as source, 'raw_comtrade__data' as table_name, * from comtrade
    union all
    select 'baci' as source, 'raw_baci__flows' as table_name, * from baci
),

final as (
    select
        year,
        source,
        table_name,
        sha256,
        row_status,
        status_reason,
        cast(sum(n_rows) as bigint) as n_rows,
        cast(sum(value_usd) as decimal(24, 3)) as value_usd
    from rows_of_both
    group by year, source, table_name, sha256, row_status, status_reason
)

select * from final
