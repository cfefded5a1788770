{# Witnesses of participation side by side, one row a member, sector and year. None is filled from another. #}
with members as (
    select iso3, in_icio_2025 from {{ ref('v_acp_current') }}
),

eora_members as (
    select iso3, in_eora26 from {{ ref('oacps_members') }}
),

release as (
    select cast(year(data_date) as smallint) as last_year, case when is_sample then 'sample' else 'official' end as data_origin
    from {{ ref('dim_release') }}
),

trade as (
    select * from {{ ref('int_structure__shares') }}
    -- one row a country-year: the source with the whole list, by name if two had it
    qualify row_number() over (partition by iso3, year order by is_whole_list desc, source asc) = 1
),

eora as (
    select * from {{ ref('int_value_added__gvc_output') }}
    where witness = 'eora'
),

tiva as (
    select * from {{ ref('int_value_added__tiva') }}
),

engine as (
    select * from {{ ref('int_value_added__engine') }}
),

bm as (
    -- the OECD's latest tables, one of its two forms for all rows: the extended one where it is loaded
    select * from engine
    where witness in ('icio_2025', 'icio_2025_ext')
    qualify witness = max(witness) over ()
),

unctad as (
    select * from engine
    where witness = 'eora26' and sector_id = 'ALL'
),

missing as (
    select distinct source_group, iso3, null_reason from {{ ref('int_coverage__missing_sources') }}
),

years as (
    select distinct year from trade
    union
    select distinct year from eora
    union
    select distinct year from tiva
    union
    select distinct year from bm
    union
    select distinct year from unctad
),

sectors as (
    select 'ALL' as sector_id
    union
    select distinct sector_id from eora
),

spans as (
    select
        (select min(year) from tiva) as tiva_first,
        (select max(year) from tiva) as tiva_last,
        (select min(year) from bm) as bm_first,
        (select max(year) from bm) as bm_last,
        (select min(year) from unctad) as unctad_first,
        (select max(year) from unctad) as unctad_last
),

grid as (
    select members.iso3, members.in_icio_2025, sectors.sector_id, years.year
    from members cross join sectors cross join years
    union
    select members.iso3, members.in_icio_2025, bm.sector_id, bm.year
    from members inner join bm on members.iso3 = bm.iso3
),

joined as (
    select
        grid.*,
        trade.participation_trade_proxy,
        trade.participation_trade_proxy_ex_fuels,
        trade.dq_grade as trade_grade,
        case
            -- the proxy is of all goods; Eora's sectors have no product list of their own
            when grid.sector_id <> 'ALL' then 'not_applicable'
            when trade.iso3 is not null then trade.null_reason
            else coalesce(missing_trade.null_reason, 'outside_source_period')
        end as trade_proxy_null_reason,
        bm.participation_bm,
        bm.backward_bm,
        bm.forward_bm,
        bm.witness as bm_witness,
        bm.dq_grade as bm_grade,
        case
            when bm.iso3 is not null and bm.null_reason is not null then bm.null_reason
            when bm.iso3 is not null then case when bm.participation_bm is null then 'zero_denominator' end
            when missing_icio.null_reason = 'quarantined' then 'quarantined'
            when not grid.in_icio_2025 then 'not_in_icio'
            when spans.bm_first is null then 'source_unavailable'
            when grid.year not between spans.bm_first and spans.bm_last then 'outside_source_period'
            -- Eora's sectors are not the OECD's
            when grid.sector_id <> 'ALL' then 'not_applicable'
            else 'not_reported'
        end as bm_null_reason,
        tiva.fva_share,
        tiva.fva_grade,
        case
            when tiva.iso3 is not null then tiva.fva_null_reason
            when missing_tiva.null_reason is not null then missing_tiva.null_reason
            when not grid.in_icio_2025 then 'not_in_icio'
            when grid.year not between spans.tiva_first and spans.tiva_last then 'outside_source_period'
            when grid.sector_id <> 'ALL' then 'not_applicable'
            else 'not_reported'
        end as oecd_null_reason,
        unctad.participation_unctad,
        unctad.foreign_content_share as fva_unctad,
        unctad.dvx_share as dvx_unctad,
        unctad.dq_grade as unctad_grade,
        case
            when unctad.iso3 is not null and unctad.null_reason is not null then unctad.null_reason
            when unctad.iso3 is not null then case when unctad.participation_unctad is null then 'zero_denominator' end
            when not coalesce(eora_members.in_eora26, false) then 'not_in_eora'
            when spans.unctad_first is null then 'source_unavailable'
            when grid.year not between spans.unctad_first and spans.unctad_last then 'outside_source_period'
            when grid.sector_id <> 'ALL' then 'not_applicable'
            else 'not_reported'
        end as unctad_null_reason,
        eora.gvc_output_share,
        eora.gvc_output_backward,
        eora.gvc_output_forward,
        eora.gvc_output_two_sided,
        eora.source as eora_source,
        eora.dq_grade as eora_grade,
        case
            when eora.iso3 is not null then eora.null_reason
            when missing_eora.null_reason is not null then missing_eora.null_reason
            when not coalesce(eora_members.in_eora26, false) then 'not_in_eora'
            else 'outside_source_period'
        end as gvc_output_null_reason
    from grid
    cross join spans
    left join eora_members on grid.iso3 = eora_members.iso3
    left join trade on grid.iso3 = trade.iso3 and grid.year = trade.year and grid.sector_id = 'ALL'
    left join tiva on grid.iso3 = tiva.iso3 and grid.year = tiva.year and grid.sector_id = tiva.sector_id
    left join eora on grid.iso3 = eora.iso3 and grid.year = eora.year and grid.sector_id = eora.sector_id
    left join bm on grid.iso3 = bm.iso3 and grid.year = bm.year and grid.sector_id = bm.sector_id
    left join unctad on grid.iso3 = unctad.iso3 and grid.year = unctad.year and grid.sector_id = 'ALL'
    left join missing as missing_icio on missing_icio.source_group = 'oecd_icio' and grid.iso3 = missing_icio.iso3
    left join missing as missing_trade on missing_trade.source_group = 'trade' and grid.iso3 = missing_trade.iso3
    left join missing as missing_tiva on missing_tiva.source_group = 'oecd_tiva' and grid.iso3 = missing_tiva.iso3
    left join missing as missing_eora on missing_eora.source_group = 'wits_gvc' and grid.iso3 = missing_eora.iso3
)

select
    iso3,
    sector_id,
    cast(year as smallint) as year,
    case when trade_proxy_null_reason is null then participation_trade_proxy end as participation_trade_proxy,
    case when trade_proxy_null_reason is null then participation_trade_proxy_ex_fuels end as participation_trade_proxy_ex_fuels,
    case when trade_proxy_null_reason is null then trade_grade end as trade_proxy_grade,
    trade_proxy_null_reason,
    case when bm_null_reason is null then participation_bm end as participation_bm,
    case when bm_null_reason is null then backward_bm end as backward_bm,
    case when bm_null_reason is null then forward_bm end as forward_bm,
    case when bm_null_reason is null then bm_witness end as bm_source,
    case when bm_null_reason is null then bm_grade end as bm_grade,
    bm_null_reason,
    case when oecd_null_reason is null then fva_share end as backward_content_oecd,
    cast(null as double) as forward_content_oecd,
    case when oecd_null_reason is null then fva_grade end as oecd_grade,
    oecd_null_reason,
    case when unctad_null_reason is null then participation_unctad end as participation_unctad,
    case when unctad_null_reason is null then fva_unctad end as fva_unctad,
    case when unctad_null_reason is null then dvx_unctad end as dvx_unctad,
    case when unctad_null_reason is null then unctad_grade end as unctad_grade,
    unctad_null_reason,
    case when gvc_output_null_reason is null then gvc_output_share end as gvc_output_share,
    case when gvc_output_null_reason is null then gvc_output_backward end as gvc_output_backward,
    case when gvc_output_null_reason is null then gvc_output_forward end as gvc_output_forward,
    case when gvc_output_null_reason is null then gvc_output_two_sided end as gvc_output_two_sided,
    case when gvc_output_null_reason is null then eora_source end as gvc_output_source,
    case when gvc_output_null_reason is null then eora_grade end as gvc_output_grade,
    gvc_output_null_reason,
    release.data_origin
from joined
cross join release
order by iso3, sector_id, year
