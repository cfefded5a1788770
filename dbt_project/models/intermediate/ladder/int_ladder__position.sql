with grid as (
    select * from {{ ref('int_ladder__grid') }}
),

stages as (
    select * from {{ ref('int_ladder__country_stage') }}
),

reexport as (
    select * from {{ ref('int_ladder__reexport') }}
),

chains as (
    select * from {{ ref('int_ladder__chain_stages') }}
),

amounts as (
    select
        stages.source, stages.year, stages.iso3, stages.chain_id,
        {{ ladder_stage_sums() }},
        coalesce(cast(sum(import_kusd) filter (where stage < last_stage) as double), 0) as earlier_import_kusd,
        coalesce(cast(sum(stages.value_kusd) filter (where stage = last_stage) as double), 0) as last_export_kusd
    from stages
    inner join chains on stages.chain_id = chains.chain_id
    group by all
),

reasons as (
    select
        grid.*,
        amounts.* exclude (source, year, iso3, chain_id),
        chains.n_stages, chains.first_stage, chains.last_stage,
        reexport.reexport_ratio,
        case when grid.null_reason is not null then grid.null_reason when chains.n_stages < 2 then 'not_applicable' end as value_null_reason,
        {{ constprice_null_reason() }} as constprice_reason,
        {{ rawequiv_null_reason() }} as rawequiv_reason,
        list_filter([
            case when reexport.reexport_ratio > {{ var('transit_reexport_ratio') }} then 'transit' end,
            case when amounts.last_export_kusd > 0 and amounts.earlier_import_kusd > {{ var('assembly_import_ratio') }} * amounts.last_export_kusd
                then 'assembly' end,
            case when grid.is_partial_year then 'partial_year' end
        ], lambda flag: flag is not null) as flags
    from grid
    inner join chains using (chain_id)
    left join amounts using (source, year, iso3, chain_id)
    left join reexport using (source, year, iso3, chain_id)
),

bases as (
    select
        *,
        coalesce(value_null_reason, constprice_reason) as constprice_null_reason,
        coalesce(value_null_reason, rawequiv_reason) as rawequiv_null_reason,
        case when value_null_reason is null then {{ ladder_position('x') }} end as pos_value,
        case when value_null_reason is null and constprice_reason is null then {{ ladder_position('p') }} end as pos_constprice,
        case when value_null_reason is null and rawequiv_reason is null then {{ ladder_position('r') }} end as pos_rawequiv,
        {%- for name, stage in [('raw', 0), ('final', 3)] %}
        case when value_null_reason is null then {{ ladder_share('x', stage) }} end as {{ name }}_share_value,
        case when value_null_reason is null and constprice_reason is null then {{ ladder_share('p', stage) }} end as {{ name }}_share_constprice,
        case when value_null_reason is null and rawequiv_reason is null then {{ ladder_share('r', stage) }} end
            as {{ name }}_share_rawequiv{{ ',' if not loop.last }}
        {%- endfor %}
    from reasons
),

lists as (
    select
        *,
        {{ existing(['pos_value', 'pos_constprice', 'pos_rawequiv']) }} as positions,
        {{ existing(['raw_share_value', 'raw_share_constprice', 'raw_share_rawequiv']) }} as raw_shares,
        {{ existing(['final_share_value', 'final_share_constprice', 'final_share_rawequiv']) }} as final_shares
    from bases
)

select
    source,
    year,
    iso3,
    chain_id,
    -- why no row of this chain has a value, and why the ladder has none
    null_reason,
    value_null_reason,
    constprice_null_reason,
    rawequiv_null_reason,
    x0, x1, x2, x3,
    case when pos_rawequiv is not null then r0 end as re0,
    case when pos_rawequiv is not null then r1 end as re1,
    case when pos_rawequiv is not null then r2 end as re2,
    case when pos_rawequiv is not null then r3 end as re3,
    pos_value,
    pos_constprice,
    pos_rawequiv,
    cast(len(positions) as tinyint) as n_bases,
    case when len(positions) >= 2 then list_median(positions) end as position,
    list_min(positions) as low,
    list_max(positions) as high,
    case when value_null_reason is not null then value_null_reason when len(positions) < 2 then 'below_min_obs' end as position_null_reason,
    {%- for name, stage in [('raw', 'first_stage'), ('final', 'last_stage')] %}
    {%- set wanted = 0 if name == 'raw' else 3 %}
    case when len({{ name }}_shares) >= 2 and {{ stage }} = {{ wanted }} then list_median({{ name }}_shares) end as {{ name }}_share,
    case when {{ stage }} = {{ wanted }} then list_min({{ name }}_shares) end as {{ name }}_share_low,
    case when {{ stage }} = {{ wanted }} then list_max({{ name }}_shares) end as {{ name }}_share_high,
    case
        when value_null_reason is not null then value_null_reason
        when {{ stage }} <> {{ wanted }} then 'not_applicable'
        when len({{ name }}_shares) < 2 then 'below_min_obs'
    end as {{ name }}_share_null_reason,
    {%- endfor %}
    reexport_ratio,
    world_share,
    buyer_hhi,
    top_buyer,
    top_buyer_share,
    -- exports to areas not specified alone name no buyer
    coalesce(null_reason, case when n_partners = 0 then 'below_min_obs' end) as buyer_null_reason,
    export_kusd,
    n_partners,
    mirror_gap,
    is_mirror_only,
    quantity_share,
    is_partial_year,
    list_contains(flags, 'transit') as is_transit,
    list_contains(flags, 'assembly') as is_assembly,
    flags,
    source_vintage,
    data_origin
from lists
