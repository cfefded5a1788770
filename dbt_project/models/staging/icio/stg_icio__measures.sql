-- What the engine says of each table, country and industry; the names of the literature in place of the engine's.
with

measures as (
    select * from {{ source('icio', 'num_icio__measures') }}
),

files as (
    select sha256, source_vintage from {{ ref('stg_landing__files') }}
    where status = 'accepted'
),

final as (
    select
        measures.source,
        {{ witness_of('measures.edition') }} as witness,
        measures.edition,
        measures.year,
        measures.country,
        measures.sector,
        {{ engine_sector_id('measures.edition', 'measures.sector') }} as sector_id,
        files.source_vintage,
        measures.data_origin,
        bm_source_exgr_musd as exports_musd,
        output_output_musd as output_musd,
        output_value_added_musd as value_added_in_output_musd,
        oecd_exgr_dva_musd as domestic_content_musd,
        oecd_exgr_fva_musd as foreign_content_musd,
        bm_source_dva_musd as dva_bm_musd,
        bm_source_ddc_musd as ddc_bm_musd,
        bm_source_fva_musd as fva_bm_musd,
        bm_source_fdc_musd as fdc_bm_musd,
        bm_source_vax_musd as vax_musd,
        bm_source_davax_musd as davax_musd,
        bm_source_gvcb_musd as gvc_backward_bm_musd,
        bm_source_gvcf_musd as gvc_forward_bm_musd,
        unctad_dvx_musd as dvx_musd,
        trade_traditional_musd,
        trade_pure_forward_musd,
        trade_pure_backward_musd,
        trade_two_sided_musd,
        output_domestic_musd,
        output_traditional_musd,
        output_pure_backward_musd,
        output_pure_forward_musd,
        output_two_sided_musd,
        oecd_exgr_fva_share as foreign_content_share,
        oecd_exgr_dva_share as domestic_content_share,
        bm_source_dva_share as dva_bm_share,
        bm_source_gvc_share as participation_bm,
        bm_source_backward_share as backward_bm,
        bm_source_forward_share as forward_bm,
        content_vs_share as vs_share,
        content_vax_ratio as vax_ratio,
        unctad_dvx_share as dvx_share,
        unctad_participation as participation_unctad,
        output_gvc_share as gvc_output_share,
        output_pure_backward_share as gvc_output_backward,
        output_pure_forward_share as gvc_output_forward,
        output_two_sided_share as gvc_output_two_sided,
        production_forward_participation as production_forward,
        production_backward_participation as production_backward,
        position_upstreamness as upstreamness,
        position_downstreamness as downstreamness,
        position_upstreamness_inventory as upstreamness_inventory,
        position_downstreamness_inventory as downstreamness_inventory,
        position_kpww
    from measures
    left join files on measures._sha256 = files.sha256
)

select * from final
