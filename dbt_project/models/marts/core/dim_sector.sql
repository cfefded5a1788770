-- Sector lists of different publishers stay apart; the scheme says which list a sector belongs to.
with

sector_groups as (
    select * from {{ ref('sector_groups') }}
),

industries as (
    select * from {{ ref('icio_industries') }}
),

wits_sectors as (
    select * from {{ ref('wits_sectors') }}
),

tiva_activities as (
    select distinct sector_id, activity
    from {{ ref('stg_oecd_tiva__data') }}
    where row_status = 'kept' and sector_id <> 'ALL'
),

engine_sectors as (
    select distinct witness, sector_id, sector
    from {{ ref('stg_icio__measures') }}
    where sector_id <> 'ALL' and sector_id not like 'icio:%'
),

final as (
    select 'ALL' as sector_id, 'total' as scheme, 'All sectors' as name, cast(null as varchar) as name_fr, cast(null as varchar) as parent_id
    union all
    select sector_id, 'sector_group' as scheme, name, null as name_fr, 'ALL' as parent_id
    from sector_groups
    union all
    select 'icio:' || icio_code as sector_id, 'icio_2025' as scheme, name, null as name_fr, sector_id as parent_id
    from industries
    union all
    select
        witness || ':' || sector_code as sector_id,
        'wits_' || witness as scheme,
        name,
        null as name_fr,
        sector_group as parent_id
    from wits_sectors
    union all
    select
        tiva_activities.sector_id,
        'oecd_tiva' as scheme,
        coalesce(industries.name, tiva_activities.activity) as name,
        null as name_fr,
        industries.sector_id as parent_id
    from tiva_activities
    left join industries on tiva_activities.activity = industries.icio_code
    union all
    select sector_id, witness as scheme, sector as name, null as name_fr, null as parent_id
    from engine_sectors
)

select * from final
order by scheme, sector_id
