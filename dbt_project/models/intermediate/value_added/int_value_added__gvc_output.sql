{# Output-based participation by witness, country, sector and year: published values, and for the one witness that the marts use (Eora) a row with a
   reason for every member that it does not hold, for every year after its last, and for the country total, which its sectors do not add up to. #}
with observations as (
    select * from {{ ref('stg_wits_gvc__output') }}
    where row_status = 'kept'
),

members as (
    select member.iso3, coalesce(eora.in_eora26, false) as is_in_eora
    from {{ ref('v_acp_current') }} as member
    left join {{ ref('oacps_members') }} as eora on member.iso3 = eora.iso3
),

published as (
    select
        witness, iso3, sector_id, year,
        case when output_musd > 0 then gvc_musd / output_musd end as gvc_output_share,
        case when output_musd > 0 then gvc_backward_musd / output_musd end as gvc_output_backward,
        case when output_musd > 0 then gvc_forward_musd / output_musd end as gvc_output_forward,
        case when output_musd > 0 then gvc_two_sided_musd / output_musd end as gvc_output_two_sided,
        case when coalesce(output_musd, 0) <= 0 then 'zero_denominator' end as null_reason,
        source_vintage,
        data_origin
    from observations
),

eora as (
    select
        min(year) as first_year, max(year) as last_year, max(source_vintage) as source_vintage, max(data_origin) as data_origin
    from published
    where witness = 'eora'
),

last_years as (
    select greatest(year(data_date), eora.last_year) as last_year from {{ ref('dim_release') }} cross join eora
),

eora_years as (
    select unnest(range(eora.first_year, last_years.last_year + 1)) as year from eora cross join last_years
    where eora.first_year is not null
),

eora_sectors as (
    select distinct sector_id from published
    where witness = 'eora'
    union all
    select 'ALL' as sector_id
),

eora_grid as (
    select
        members.iso3, eora_sectors.sector_id, eora_years.year, members.is_in_eora,
        eora.last_year, eora.source_vintage, eora.data_origin
    from members cross join eora_sectors cross join eora_years cross join eora
),

silent as (
    select
        'eora' as witness,
        grid.iso3,
        grid.sector_id,
        grid.year,
        case
            when not grid.is_in_eora then 'not_in_eora'
            when grid.year > grid.last_year then 'outside_source_period'
            -- four or five sectors are not a country
            when grid.sector_id = 'ALL' then 'partial_coverage'
            else 'not_reported'
        end as null_reason,
        grid.source_vintage,
        grid.data_origin
    from eora_grid as grid
    where not exists (
        select 1 from published
        where published.witness = 'eora' and published.iso3 = grid.iso3 and published.sector_id = grid.sector_id and published.year = grid.year
    )
),

everything as (
    select * from published
    union all by name
    select * from silent
)

select
    witness,
    iso3,
    sector_id,
    cast(year as smallint) as year,
    gvc_output_share,
    gvc_output_backward,
    gvc_output_forward,
    gvc_output_two_sided,
    null_reason,
    'wits_gvc:' || witness as source,
    source_vintage,
    data_origin,
    {{ dq_grade(is_null='null_reason is not null', is_modelled="witness = 'eora'", mirror_gap='cast(null as double)') }} as dq_grade
from everything
