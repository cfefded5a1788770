with

files as (
    select * from {{ source('landing', 'raw_landing__files') }}
),

batches as (
    -- files of one batch (pages of an answer, members of a download) stand or fall together
    select
        table_name,
        batch,
        min(layout_rank) as layout_rank,
        max(coalesce(vintage, '')) as vintage,
        max(retrieved_at) as retrieved_at
    from files
    where status = 'accepted' and duplicate_of is null
    group by table_name, batch
),

ranked as (
    select
        table_name,
        batch,
        cast(
            row_number() over (
                partition by table_name
                order by layout_rank asc, vintage desc, retrieved_at desc, batch desc
            ) as integer
        ) as preference
    from batches
),

final as (
    select
        -- a number stands for the 64 letters of the hash in joins and groups over large tables
        cast(row_number() over (order by files.table_name, files.sha256) as integer) as file_id,
        files.sha256,
        files.table_name,
        files.source,
        files.status,
        files.layout,
        files.layout_rank,
        files.batch,
        ranked.preference,
        coalesce(nullif(files.vintage, ''), 'retrieved ' || strftime(files.retrieved_at, '%Y-%m-%d')) as source_vintage,
        files.retrieved_at,
        files.request,
        files.licence,
        files.may_redistribute,
        files.data_origin,
        files.size_bytes,
        files.content_sha256,
        files.duplicate_of,
        files.rows_read,
        files.rows_quarantined,
        coalesce(files.rows_repeated, 0) as rows_repeated,
        files.years_repeated,
        files.first_year,
        files.last_year,
        files.problem
    from files
    left join ranked
        on files.table_name = ranked.table_name and files.batch = ranked.batch
)

select * from final
