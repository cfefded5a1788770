{# What the rows of an indicator say when its source is absent or blocked: one row per current member, dated by the data date.
   A blocked source always says so. An absent one only when nothing else serves the group: `trade` has two sources. #}
with sources as (
    select distinct
        case when source in ('comtrade', 'baci') then 'trade' else source end as source_group,
        source,
        null_reason
    from {{ ref('stg_landing__sources') }}
),

blocked as (
    -- a file that came and was refused is not the same as a file that never came
    select source_group, source, null_reason from sources
    where null_reason = 'quarantined'
),

absent as (
    select source_group, string_agg(source, '+' order by source) as source, 'source_unavailable' as null_reason
    from sources
    group by source_group
    having bool_and(null_reason = 'source_unavailable')
),

-- the World Bank ships one file a series: the source is there, a series of it may not be
absent_series as (
    select
        'wdi:' || indicators.indicator_id as source_group,
        'wdi' as source,
        'source_unavailable' as null_reason
    from (
        select unnest({{ wdi_indicators() }}) as indicator_id
    ) as indicators
    where
        indicators.indicator_id not in (select indicator_id from {{ ref('int_context__series') }})
        and exists (
            select 1
            from sources
            where source = 'wdi' and null_reason is null
        )
),

states as (
    select * from blocked
    union all
    select * from absent
    union all
    select * from absent_series
),

members as (
    select iso3 from {{ ref('v_acp_current') }}
),

release as (
    select year(data_date) as year, is_sample from {{ ref('dim_release') }}
)

select
    states.source_group,
    states.source,
    members.iso3,
    cast(release.year as smallint) as year,
    states.null_reason,
    'none' as source_vintage,
    case when release.is_sample then 'sample' else 'official' end as data_origin
from states
cross join members
cross join release
