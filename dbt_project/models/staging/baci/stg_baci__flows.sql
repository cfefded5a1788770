-- One publication a year of data: HS 1996 before other editions, then the newest version; only complete archives.
with

flows as not materialized (
    select * from {{ source('baci', 'raw_baci__flows') }}
),

files as (
    {{ files_of('raw_baci__flows') }}
),

countries as (
    {{ country_codes_of('baci') }}
),

editions as (
    select hs_revision, classification_code
    from
        (
            values ('HS92', 'H0'), ('HS96', 'H1'), ('HS02', 'H2'), ('HS07', 'H3'), ('HS12', 'H4'), ('HS17', 'H5'), ('HS22', 'H6')
        ) as names (hs_revision, classification_code)
),

products as (
    select classification_code, hs6_from, hs6_hs1996 from {{ ref('hs_revisions_to_hs1996') }}
),

publications as (
    select distinct
        flows.year,
        flows.hs_revision,
        flows.baci_version,
        flows._sha256,
        flows.is_complete,
        files.preference
    from flows
    inner join files on flows._sha256 = files.sha256
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
),

scoped as (
    select
        flows.*,
        exporters.iso3 as exporter,
        importers.iso3 as importer,
        products.hs6_hs1996,
        case
            when exporters.iso3 is null or importers.iso3 is null then 'unknown_country'
            when products.hs6_hs1996 is null then 'no_hs1996_code'
            when exporters.iso3 = importers.iso3 then 'own_country'
        end as scope_reason
    from flows
    left join countries as exporters on flows.exporter_code = exporters.code
    left join countries as importers on flows.importer_code = importers.code
    left join editions on flows.hs_revision = editions.hs_revision
    left join products
        on editions.classification_code = products.classification_code and flows.hs6 = products.hs6_from
),

final as (
    select
        scoped._sha256 as sha256,
        scoped._row as row_in_file,
        scoped.year,
        scoped.exporter,
        scoped.importer,
        scoped.hs6_hs1996 as hs6,
        scoped.value_kusd,
        scoped.quantity_t,
        scoped.hs_revision as hs_revision_published,
        scoped.baci_version as source_vintage,
        scoped.data_origin,
        case
            when {{ source_is_blocked('raw_baci__flows') }} then 'out_of_scope'
            when not ranked.is_best_batch then 'superseded'
            when not ranked.is_complete then 'out_of_scope'
            when not ranked.is_best_publication then 'superseded'
            when scoped.scope_reason is not null then 'out_of_scope'
            else 'kept'
        end as row_status,
        case
            when {{ source_is_blocked('raw_baci__flows') }} then 'source_blocked'
            when not ranked.is_best_batch then 'other_batch_preferred'
            when not ranked.is_complete then 'incomplete_extract'
            when not ranked.is_best_publication then 'other_publication_preferred'
            else scoped.scope_reason
        end as status_reason
    from scoped
    inner join ranked
        on
            scoped.year = ranked.year
            and scoped.hs_revision = ranked.hs_revision
            and scoped.baci_version = ranked.baci_version
            and scoped._sha256 = ranked._sha256
            and scoped.is_complete = ranked.is_complete
)

select * from final
