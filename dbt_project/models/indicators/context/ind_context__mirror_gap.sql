with evidence as (
    select * from {{ ref('int_structure__evidence') }}
),

-- a part list has a mirror too: the gap compares reports on the same flows
source_years as (
    select source, year, max(source_vintage) as source_vintage, max(data_origin) as data_origin from {{ ref('int_ladder__grid') }}
    group by all
),

reporting as (
    select source, year, reporter as iso3, is_partial_year from {{ ref('int_trade__reporting') }}
    where flow = 'X'
),

countries as (
    select source, year, iso3 from evidence
    where n_partners > 0
    union
    select source_years.source, source_years.year, members.iso3 from source_years cross join {{ ref('v_acp_current') }} as members
),

joined as (
    select
        countries.source,
        countries.year,
        countries.iso3,
        evidence.mirror_log_gap,
        coalesce(evidence.n_partners, 0) as n_partners,
        coalesce(reporting.is_partial_year, false) as is_partial_year,
        case
            when evidence.mirror_log_gap is not null then null
            -- a source without reporters was reconciled by its publisher: reports as they were sent are not in it
            when countries.source not in (select any_report.source from reporting as any_report) then 'source_unavailable'
            else 'not_reported'
        end as null_reason,
        source_years.source_vintage,
        source_years.data_origin
    from countries
    inner join source_years using (source, year)
    left join evidence using (source, year, iso3)
    left join reporting using (source, year, iso3)
),

measured as (
    select
        iso3,
        'ALL' as scope_id,
        year,
        mirror_log_gap as value,
        null as low,
        null as high,
        null_reason,
        n_partners as n_obs,
        0 as staleness_years,
        {{ dq_grade(is_null='null_reason is not null', n_partners='n_partners', is_partial='is_partial_year') }} as dq_grade,
        case when is_partial_year then ['partial_year'] else cast([] as varchar[]) end as flags,
        source,
        source_vintage,
        data_origin
    from joined
)

{{ as_indicator('mirror_gap', 'country', 'log points', needs='trade') }}
