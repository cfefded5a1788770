-- A notice belongs to a chain only when its category and the words of its subject point to exactly one.
with

notices as (
    select * from {{ ref('stg_rasff__notices') }}
    where row_status = 'kept'
),

terms as (
    select * from {{ ref('rasff_chain_terms') }}
),

aliases as (
    select distinct category, category as name from {{ ref('rasff_categories') }}
    union
    select distinct category, alias as name from {{ ref('rasff_categories') }}
    where alias is not null
),

matches as (
    select
        notices.reference,
        terms.chain_id
    from notices
    inner join aliases on notices.product_category = aliases.name
    inner join terms on aliases.category = terms.category
    where
        regexp_matches(lower(notices.subject), terms.pattern)
        and (terms.excludes is null or not regexp_matches(lower(notices.subject), terms.excludes))
    group by notices.reference, terms.chain_id
),

single as (
    select
        reference,
        any_value(chain_id) as chain_id
    from matches
    group by reference
    having count(*) = 1
),

final as (
    select
        'rasff:' || notices.reference as rejection_id,
        'EU' as market,
        'rasff' as source,
        notices.sha256,
        cast(notices.notified_at as date) as notified_on,
        single.chain_id,
        coalesce(notices.subject, '') as product_text,
        coalesce(notices.classification, 'not given') as classification,
        notices.classification = 'border rejection notification' or notices.classification = 'border rejection' as is_border_rejection,
        notices.origins,
        notices.hazards,
        notices.source_vintage,
        notices.data_origin
    from notices
    left join single on notices.reference = single.reference
)

select * from final
