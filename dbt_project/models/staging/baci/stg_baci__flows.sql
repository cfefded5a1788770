with

flows as not materialized (
    select * from {{ source('baci', 'raw_baci__flows') }}
),

publications as (
    select * from {{ ref('stg_baci__publications') }}
),

countries as (
    select code, iso3, count(*) over (partition by iso3) > 1 as has_other_codes
    from ({{ country_codes_of('baci') }})
),

editions as (
    select hs_revision, classification_code
    from
        (
            values ('HS92', 'H0'), ('HS96', 'H1'), ('HS02', 'H2'), ('HS07', 'H3'), ('HS12', 'H4'), ('HS17', 'H5'), ('HS22', 'H6')
        ) as names (hs_revision, classification_code)
),

products as (
    select editions.hs_revision, codes.hs6_from, codes.hs6_hs1996
    from {{ ref('hs_revisions_to_hs1996') }} as codes
    inner join editions using (classification_code)
),

scoped as (
    select
        flows.*,
        publications.row_status as publication_status,
        publications.status_reason as publication_reason,
        exporters.iso3 as exporter,
        importers.iso3 as importer,
        products.hs6_hs1996,
        flows.hs_revision <> 'HS96' or coalesce(exporters.has_other_codes or importers.has_other_codes, false) as can_merge,
        case
            when exporters.iso3 is null or importers.iso3 is null then 'unknown_country'
            when products.hs6_hs1996 is null then 'no_hs1996_code'
            when exporters.iso3 = importers.iso3 then 'own_country'
        end as scope_reason
    from flows
    inner join publications
        on
            flows._sha256 = publications.sha256
            and flows.year = publications.year
            and flows.hs_revision = publications.hs_revision
            and flows.baci_version = publications.baci_version
            and flows.is_complete = publications.is_complete
    left join countries as exporters on flows.exporter_code = exporters.code
    left join countries as importers on flows.importer_code = importers.code
    left join products on flows.hs_revision = products.hs_revision and flows.hs6 = products.hs6_from
)

select
    _sha256 as sha256,
    _row as row_in_file,
    year,
    exporter,
    importer,
    hs6_hs1996 as hs6,
    value_kusd,
    quantity_t,
    hs_revision as hs_revision_published,
    baci_version as source_vintage,
    data_origin,
    can_merge,
    coalesce(publication_status, case when scope_reason is null then 'kept' else 'out_of_scope' end) as row_status,
    coalesce(publication_reason, scope_reason) as status_reason
from scoped
