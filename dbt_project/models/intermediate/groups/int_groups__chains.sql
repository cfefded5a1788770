-- Chain exports of groups: sums over members, trade among them included.
with

members as (
    select * from {{ ref('int_groups__members') }}
),

positions as (
    select
        source, year, iso3, chain_id, null_reason, value_null_reason, world_share, x0, x1, x2, x3, source_vintage, data_origin,
        cast(export_kusd as double) as export_kusd,
        {{ dq_grade(
            is_null='null_reason is not null',
            mirror_gap='mirror_gap',
            mirror_only='is_mirror_only',
            n_partners='n_partners',
            is_transit='is_transit',
            is_partial='is_partial_year'
        ) }} as dq_grade
    from {{ ref('int_ladder__position') }}
)

select
    members.source,
    members.year,
    members.group_id,
    members.membership_mode,
    positions.chain_id,
    cast(count(*) filter (where positions.null_reason is null) as smallint) as n_with_value,
    cast(count(*) filter (where positions.null_reason = 'no_trade') as smallint) as n_true_zero,
    {{ exact_sum('positions.export_kusd', where='positions.null_reason is null') }} as export_kusd,
    {{ exact_sum('positions.world_share', where='positions.null_reason is null', decimals=18) }} as world_share,
    {%- for stage in range(4) %}
    coalesce({{ exact_sum('positions.x' ~ stage, where='positions.value_null_reason is null') }}, 0) as x{{ stage }},
    {%- endfor %}
    -- of several reasons the one that says least about the trade: partial_coverage, not_reported, not_applicable, no_trade
    case when count(*) filter (where positions.null_reason is null) = 0 then max(positions.null_reason) end as null_reason,
    case when count(*) filter (where positions.value_null_reason is null) = 0 then max(positions.value_null_reason) end as position_null_reason,
    {{ weighted_grade('positions.dq_grade', 'positions.export_kusd', 'positions.null_reason is null') }} as dq_grade,
    max(positions.source_vintage) as source_vintage,
    max(positions.data_origin) as data_origin
from members
inner join positions using (source, year, iso3)
group by all
