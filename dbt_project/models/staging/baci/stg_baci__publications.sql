{{ config(materialized='table') }}

-- One publication a year of data: HS 1996 before other editions, then the newest version; only complete archives. A table of its own, because its few rows
-- decide about ten million each, and the database should know that they are few.
with

files as (
    {{ files_of('raw_baci__flows') }}
),

publications as (
    select editions.*, files.preference
    from {{ ref('stg_baci__editions') }} as editions
    inner join files on editions.sha256 = files.sha256
),

best_batch as (
    select
        *,
        preference = min(preference) over (partition by year, hs_revision, baci_version) as is_best_batch
    from publications
),

ranked as (
    select
        *,
        coalesce(
            (hs_revision, baci_version) = first_value((hs_revision, baci_version)) over (
                partition by year
                order by is_complete and is_best_batch desc, hs_revision = 'HS96' desc, baci_version desc, hs_revision asc
            ),
            false
        ) as is_best_publication
    from best_batch
)

select
    sha256,
    year,
    hs_revision,
    baci_version,
    is_complete,
    case
        when {{ source_is_blocked('raw_baci__flows') }} then 'out_of_scope'
        when not is_best_batch then 'superseded'
        when not is_complete then 'out_of_scope'
        when not is_best_publication then 'superseded'
    end as row_status,
    case
        when {{ source_is_blocked('raw_baci__flows') }} then 'source_blocked'
        when not is_best_batch then 'other_batch_preferred'
        when not is_complete then 'incomplete_extract'
        when not is_best_publication then 'other_publication_preferred'
    end as status_reason
from ranked
