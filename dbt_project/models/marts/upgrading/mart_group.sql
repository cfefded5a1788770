{#- indicator -> scope, value, reason, unit, what its sums are weighted by, and the weight. Groups are computed from sums, never as means of ratios. -#}
{%- set rows = [
    ('world_market_share', 'chain', 'chain_id', 'world_share', 'null_reason', 'ratio', 'chain exports', 'export_kusd', 'chains'),
    ('ladder_position_value', 'chain', 'chain_id', ladder_position('x'), 'position_null_reason', 'index', 'chain exports', 'export_kusd',
        'chains'),
    ('export_hhi', 'country', "'ALL'", 'export_hhi', 'null_reason', 'index', 'exports', 'export_kusd', 'structure'),
    ('participation_trade_proxy', 'country', "'ALL'", 'participation_trade_proxy', 'null_reason', 'ratio', 'exports and imports', 'trade_kusd',
        'structure'),
] -%}
with

sizes as (
    select source, year, group_id, membership_mode, cast(count(*) as smallint) as n_members from {{ ref('int_groups__members') }}
    group by all
),


chains as (
    select * from {{ ref('int_groups__chains') }}
),

structure as (
    select * from {{ ref('int_groups__structure') }}
),

measured as (
    {%- for indicator, kind, scope, value, reason, unit, weighted_by, weight, relation in rows %}
    select
        group_id,
        membership_mode,
        '{{ indicator }}' as indicator_id,
        '{{ kind }}' as scope_kind,
        {{ scope }} as scope_id,
        year,
        case when {{ reason }} is null then {{ value }} end as value,
        '{{ unit }}' as unit,
        {{ reason }} as null_reason,
        n_with_value,
        n_true_zero,
        '{{ weighted_by }}' as weighted_by,
        coalesce({{ weight }}, 0) as weight_kusd,
        case when {{ reason }} is null then dq_grade else 'D' end as dq_grade,
        source,
        source_vintage,
        data_origin
    from {{ relation }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    measured.group_id,
    measured.membership_mode,
    measured.indicator_id,
    measured.scope_kind,
    measured.scope_id,
    measured.year,
    measured.value,
    measured.unit,
    measured.null_reason,
    sizes.n_members,
    measured.n_with_value,
    measured.n_true_zero,
    measured.weighted_by,
    measured.weight_kusd,
    measured.dq_grade,
    measured.source,
    measured.source_vintage,
    measured.data_origin
from measured
inner join sizes using (source, year, group_id, membership_mode)
