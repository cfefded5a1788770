-- One state a notice: the fullest layout first, then the latest state, then the lower row of the file.
with

notices as (
    select * from {{ source('rasff', 'raw_rasff__notices') }}
),

files as (
    {{ files_of('raw_rasff__notices') }}
),

ranked as (
    select
        notices.*,
        files.source_vintage,
        files.preference = min(files.preference) over (partition by notices.reference) as is_best_batch,
        row_number() over (
            partition by notices.reference
            order by files.preference asc, notices.notified_at desc nulls last, notices._row desc, notices._sha256 desc
        ) as state
    from notices
    inner join files on notices._sha256 = files.sha256
),

final as (
    select
        _sha256 as sha256,
        _row as row_in_file,
        reference,
        notified_at,
        cast(year(notified_at) as smallint) as year,
        lower(trim(product_category)) as product_category,
        product_type,
        subject,
        notifying_country,
        lower(trim(classification)) as classification,
        risk_decision,
        origins,
        hazards,
        source_vintage,
        data_origin,
        case
            when {{ source_is_blocked('raw_rasff__notices') }} then 'out_of_scope'
            when state > 1 then 'superseded'
            when notified_at is null then 'out_of_scope'
            else 'kept'
        end as row_status,
        case
            when {{ source_is_blocked('raw_rasff__notices') }} then 'source_blocked'
            when not is_best_batch then 'other_batch_preferred'
            when state > 1 then 'later_state_preferred'
            when notified_at is null then 'no_date'
        end as status_reason
    from ranked
)

select * from final
