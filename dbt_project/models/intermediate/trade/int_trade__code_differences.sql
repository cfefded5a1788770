-- What UN Comtrade publishes and our code lists have otherwise. Rows of trade under such a code are out of scope or under another country.
-- A difference that is meant has a note in the seed.
with

published as (
    select
        case when list_name in ('Reporters', 'partnerAreas') then 'areas' else list_name end as code_list,
        code,
        max(label) as label,
        max(published_iso3) as published_iso3,
        -- the world is a partner and no area
        coalesce(bool_or(is_group or code = '0'), false) as is_group
    from {{ ref('stg_comtrade_references__codes') }}
    where row_status = 'kept' and (list_name in ('Reporters', 'partnerAreas') or (list_name similar to 'H[0-6]' and length(code) = 6))
    group by all
),

ours as (
    select
        'areas' as code_list,
        code,
        iso3,
        note
    from {{ ref('country_codes') }}
    where scheme = 'comtrade'
    union all
    select
        classification_code as code_list,
        hs6_from as code,
        cast(null as varchar) as iso3,
        cast(null as varchar) as note
    from {{ ref('hs_revisions_to_hs1996') }}
),

partners as (
    -- the longer list of areas: without it nobody can say that a code is gone
    select count(*) > 0 as is_loaded
    from {{ ref('stg_comtrade_references__codes') }}
    where list_name = 'partnerAreas' and row_status = 'kept'
),

compared as (
    select
        coalesce(published.code_list, ours.code_list) as code_list,
        coalesce(published.code, ours.code) as code,
        published.label,
        published.published_iso3,
        ours.iso3,
        case
            when ours.code is null and not published.is_group then 'not_ours'
            when published.code is null and ours.code_list = 'areas' and ours.note is null and partners.is_loaded then 'not_published'
            when
                ours.note is null and ours.iso3 <> 'XXX' and published.published_iso3 <> ours.iso3
                and regexp_full_match(published.published_iso3, '[A-Z]{3}') then 'other_country'
        end as problem
    from published
    full join ours on published.code_list = ours.code_list and published.code = ours.code
    cross join partners
),

final as (
    select
        code_list,
        code,
        label,
        published_iso3,
        iso3,
        problem
    from compared
    where problem is not null
)

select * from final
