-- Every exporter and every member of each source and year, with the reason where its whole trade is not known and what decides its grade.
with

bilateral as (
    select
        source, year, iso3, null_reason, n_partners, mirror_gap, is_mirror_only, is_partial_year, false as is_totals_only, flags, source_vintage,
        data_origin
    from {{ ref('int_structure__shares') }}
),

exports as (
    select distinct source, year, iso3 from {{ ref('int_structure__exports_hs4') }}
    where not is_bilateral
),

published as (
    select source, year, max(source_vintage) as source_vintage, max(data_origin) as data_origin from {{ ref('fct_export_hs4') }}
    group by source, year
),

countries as (
    select source, year, iso3 from exports
    union
    select published.source, published.year, members.iso3
    from published
    cross join {{ ref('v_acp_current') }} as members
),

whole as (
    select distinct source, year from exports
),

totals_only as (
    select
        countries.source,
        countries.year,
        countries.iso3,
        case
            when whole.source is null then 'partial_coverage'
            -- these publishers leave countries out: an absent one is not a true zero
            when exports.iso3 is null then 'not_reported'
        end as null_reason,
        null as n_partners,
        null as mirror_gap,
        null as is_mirror_only,
        false as is_partial_year,
        true as is_totals_only,
        cast([] as varchar[]) as flags,
        published.source_vintage,
        published.data_origin
    from countries
    inner join published using (source, year)
    left join whole using (source, year)
    left join exports using (source, year, iso3)
)

select * from bilateral
union all
select * from totals_only
