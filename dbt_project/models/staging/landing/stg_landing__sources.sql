with

sources as (
    select * from {{ source('landing', 'raw_landing__sources') }}
),

final as (
    select
        source,
        table_name,
        title,
        publisher,
        citation,
        licence,
        may_redistribute,
        kind,
        is_loaded,
        is_blocked,
        blocked_because,
        -- why everything that needs this source is empty; null when it can be used
        case when is_blocked then 'quarantined' when not is_loaded then 'source_unavailable' end as null_reason
    from sources
)

select * from final
