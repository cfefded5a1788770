-- Vintage of a source in a year: the latest one among the files that have rows in use. Origins never mix in a profile.
with

counts as (
    select * from {{ ref('int_trade__row_status') }}
    where row_status = 'kept'
),

files as (
    select * from {{ ref('stg_landing__files') }}
),

final as (
    select
        counts.source,
        counts.year,
        max(files.source_vintage) as source_vintage,
        max(files.data_origin) as data_origin
    from counts
    inner join files on counts.sha256 = files.sha256 and counts.table_name = files.table_name
    group by counts.source, counts.year
)

select * from final
