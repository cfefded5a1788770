{# The newest edition of OECD TiVA: editions have other industries and revised years and are never mixed. Members outside the tables get a row that says so. #}
with members as (
    select iso3, in_icio_2025 from {{ ref('v_acp_current') }}
),

published as (
    select iso3, sector_id, year, fva_share, dva_share, source_vintage, data_origin
    from {{ ref('int_value_added__tiva_editions') }}
    where is_newest
),

years as (
    select year, max(source_vintage) as source_vintage, max(data_origin) as data_origin from published
    group by year
),

silent as (
    select
        members.iso3,
        'ALL' as sector_id,
        years.year,
        case when members.in_icio_2025 then 'not_reported' else 'not_in_icio' end as null_reason,
        years.source_vintage,
        years.data_origin
    from members
    cross join years
    where not exists (
        select 1 from published
        where published.iso3 = members.iso3 and published.sector_id = 'ALL' and published.year = years.year
    )
),

everything as (
    select * from published
    union all by name
    select * from silent
)

select
    iso3,
    sector_id,
    year,
    fva_share,
    dva_share,
    coalesce(null_reason, case when fva_share is null then 'not_reported' end) as fva_null_reason,
    coalesce(null_reason, case when dva_share is null then 'not_reported' end) as dva_null_reason,
    'oecd_tiva' as source,
    source_vintage,
    data_origin,
    {{ dq_grade(is_null='fva_share is null', mirror_gap='cast(null as double)') }} as fva_grade,
    {{ dq_grade(is_null='dva_share is null', mirror_gap='cast(null as double)') }} as dva_grade
from everything
