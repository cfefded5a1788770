{# Own computation from input-output tables, by witness, country, sector and year; members that the OECD's or Eora's tables do not hold get a row
   that says so. Rest of the world is no country and has no row. #}
with measures as (
    select * from {{ ref('stg_icio__measures') }}
),

economies as (
    select distinct source, edition, year, country, iso3 from {{ ref('int_value_added__industries') }}
    where not is_rest_of_world
),

computed as (
    select
        measures.witness,
        measures.source as table_source,
        economies.iso3,
        measures.sector_id,
        measures.year,
        measures.source_vintage,
        measures.data_origin,
        cast(null as varchar) as null_reason,
        measures.exports_musd,
        measures.output_musd,
        measures.value_added_in_output_musd,
        measures.domestic_content_musd,
        measures.foreign_content_musd,
        measures.dva_bm_musd,
        measures.ddc_bm_musd,
        measures.fva_bm_musd,
        measures.fdc_bm_musd,
        measures.vax_musd,
        measures.davax_musd,
        measures.gvc_backward_bm_musd,
        measures.gvc_forward_bm_musd,
        measures.dvx_musd,
        measures.trade_traditional_musd,
        measures.trade_pure_forward_musd,
        measures.trade_pure_backward_musd,
        measures.trade_two_sided_musd,
        measures.output_domestic_musd,
        measures.output_traditional_musd,
        measures.output_pure_backward_musd,
        measures.output_pure_forward_musd,
        measures.output_two_sided_musd,
        measures.foreign_content_share,
        measures.domestic_content_share,
        measures.dva_bm_share,
        measures.participation_bm,
        measures.backward_bm,
        measures.forward_bm,
        measures.vs_share,
        measures.vax_ratio,
        measures.dvx_share,
        measures.participation_unctad,
        measures.gvc_output_share,
        measures.gvc_output_backward,
        measures.gvc_output_forward,
        measures.gvc_output_two_sided,
        measures.production_forward,
        measures.production_backward,
        measures.upstreamness,
        measures.downstreamness,
        measures.upstreamness_inventory,
        measures.downstreamness_inventory,
        measures.position_kpww
    from measures
    inner join economies
        on
            measures.source = economies.source
            and measures.edition = economies.edition
            and measures.year = economies.year
            and measures.country = economies.country
),

members as (
    select iso3 from {{ ref('v_acp_current') }}
),

tables as (
    select distinct witness, table_source, year, source_vintage, data_origin from computed
    where table_source in ('oecd_icio', 'eora26')
),

silent as (
    select
        tables.witness,
        tables.table_source,
        members.iso3,
        'ALL' as sector_id,
        tables.year,
        tables.source_vintage,
        tables.data_origin,
        case when tables.table_source = 'eora26' then 'not_in_eora' else 'not_in_icio' end as null_reason
    from tables cross join members
    anti join computed on tables.witness = computed.witness and tables.year = computed.year and members.iso3 = computed.iso3
),

everything as (
    select * from computed
    union all by name
    select * from silent
)

select
    witness,
    table_source,
    iso3,
    sector_id,
    cast(year as smallint) as year,
    exports_musd,
    output_musd,
    value_added_in_output_musd,
    domestic_content_musd,
    foreign_content_musd,
    dva_bm_musd,
    ddc_bm_musd,
    fva_bm_musd,
    fdc_bm_musd,
    vax_musd,
    davax_musd,
    gvc_backward_bm_musd,
    gvc_forward_bm_musd,
    dvx_musd,
    trade_traditional_musd,
    trade_pure_forward_musd,
    trade_pure_backward_musd,
    trade_two_sided_musd,
    output_domestic_musd,
    output_traditional_musd,
    output_pure_backward_musd,
    output_pure_forward_musd,
    output_two_sided_musd,
    foreign_content_share,
    domestic_content_share,
    dva_bm_share,
    participation_bm,
    backward_bm,
    forward_bm,
    vs_share,
    vax_ratio,
    dvx_share,
    participation_unctad,
    gvc_output_share,
    gvc_output_backward,
    gvc_output_forward,
    gvc_output_two_sided,
    production_forward,
    production_backward,
    upstreamness,
    downstreamness,
    upstreamness_inventory,
    downstreamness_inventory,
    position_kpww,
    null_reason,
    source_vintage,
    data_origin,
    {{ dq_grade(is_null='null_reason is not null', is_modelled="table_source in ('eora26', 'emerging')", mirror_gap='cast(null as double)') }} as dq_grade
from everything
