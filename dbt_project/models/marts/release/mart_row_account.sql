-- Every row of every file: rows read = kept + out of scope (by reason) + superseded + quarantined.
with

files as (
    select * from {{ ref('stg_landing__files') }}
),

parsed as (
    select
        table_name,
        sha256,
        row_status,
        status_reason,
        sum(n_rows) as n_rows
    from {{ ref('int_landing__row_status') }}
    group by all
),

quarantined as (
    select
        table_name,
        sha256,
        'quarantined' as row_status,
        'failed_checks' as status_reason,
        rows_quarantined as n_rows
    from files
    where status = 'accepted' and rows_quarantined > 0
),

repeated as (
    -- the same rows, of the whole file or of some of its years, came in other bytes: they were counted with the first file
    select
        table_name,
        sha256,
        'superseded' as row_status,
        'same_content' as status_reason,
        case when duplicate_of is null then rows_repeated else rows_read - rows_quarantined end as n_rows
    from files
    where status = 'accepted' and (duplicate_of is not null or rows_repeated > 0)
),

refused as (
    select
        table_name,
        sha256,
        'quarantined' as row_status,
        'file_rejected' as status_reason,
        coalesce(rows_read, 0) as n_rows
    from files
    where status = 'rejected'
),

empty as (
    select
        files.table_name,
        files.sha256,
        'kept' as row_status,
        '' as status_reason,
        0 as n_rows
    from files
    anti join parsed on files.table_name = parsed.table_name and files.sha256 = parsed.sha256
    where files.status = 'accepted' and files.duplicate_of is null
),

counted as (
    select * from parsed
    union all
    select * from quarantined
    union all
    select * from repeated
    union all
    select * from refused
    union all
    select * from empty
),

final as (
    select
        counted.table_name,
        counted.sha256,
        counted.row_status,
        counted.status_reason,
        cast(counted.n_rows as bigint) as n_rows,
        coalesce(files.rows_read, 0) as rows_read,
        files.source,
        files.layout,
        files.status as file_status,
        files.source_vintage,
        files.data_origin
    from counted
    left join files on counted.table_name = files.table_name and counted.sha256 = files.sha256
)

select * from final
order by table_name, sha256, row_status, status_reason
