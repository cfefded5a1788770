with coverage as (
    select * from {{ ref('int_ladder__coverage') }}
),

partners as (
    select * from {{ ref('int_ladder__partners') }}
),

members as (
    select iso3 from {{ ref('v_acp_current') }}
),

reporting as (
    select distinct source, year, reporter as iso3 from {{ ref('int_trade__reporting') }}
    where flow = 'X'
),

-- every exporter of a chain, and every member whether it trades or not: silence is a row with a reason
countries as (
    select source, year, chain_id, iso3 from partners
    where export_kusd > 0
    union
    select coverage.source, coverage.year, coverage.chain_id, members.iso3 from coverage cross join members
)

select
    countries.source,
    countries.year,
    countries.iso3,
    countries.chain_id,
    coalesce(partners.export_kusd, 0) as export_kusd,
    partners.world_share,
    coalesce(partners.n_partners, 0) as n_partners,
    partners.buyer_hhi,
    partners.top_buyer_share,
    partners.top_buyer,
    partners.mirror_gap,
    coalesce(partners.is_mirror_only, false) as is_mirror_only,
    partners.quantity_share,
    coalesce(partners.is_partial_year, false) as is_partial_year,
    coverage.is_whole_list,
    case
        when not coverage.is_covered then 'partial_coverage'
        when coalesce(partners.export_kusd, 0) > 0 then null
        -- zero in a reconciled matrix, or by the country's own word; else nobody has spoken
        when coverage.is_whole_list or reporting.iso3 is not null then 'no_trade'
        else 'not_reported'
    end as null_reason,
    vintages.source_vintage,
    vintages.data_origin
from countries
inner join coverage using (source, year, chain_id)
inner join {{ ref('int_trade__vintages') }} as vintages using (source, year)
left join partners using (source, year, chain_id, iso3)
left join reporting using (source, year, iso3)
