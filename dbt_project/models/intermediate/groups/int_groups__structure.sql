-- Whole exports of groups: the basket of all members as one, trade among them included.
with

members as (
    select * from {{ ref('int_groups__members') }}
),

shares as (
    select * from {{ ref('int_structure__shares') }}
),

amounts as (
    select source, year, iso3, export_intermediate_kusd, import_intermediate_kusd from {{ ref('int_structure__country') }}
),

sums as (
    select
        members.source,
        members.year,
        members.group_id,
        members.membership_mode,
        cast(count(*) filter (where shares.null_reason is null) as smallint) as n_with_value,
        cast(count(*) filter (where shares.null_reason = 'no_trade') as smallint) as n_true_zero,
        cast(sum(shares.export_kusd) filter (where shares.null_reason is null) as double) as export_kusd,
        cast(sum(shares.export_kusd + shares.import_kusd) filter (where shares.null_reason is null) as double) as trade_kusd,
        cast(sum(amounts.export_intermediate_kusd + amounts.import_intermediate_kusd) filter (where shares.null_reason is null) as double)
            as intermediate_kusd,
        case when count(*) filter (where shares.null_reason is null) = 0 then max(shares.null_reason) end as null_reason,
        {{ weighted_grade('shares.dq_grade', 'shares.export_kusd', 'shares.null_reason is null') }} as dq_grade,
        max(shares.source_vintage) as source_vintage,
        max(shares.data_origin) as data_origin
    from members
    inner join shares using (source, year, iso3)
    left join amounts using (source, year, iso3)
    group by all
),

-- members without exports add no line to the basket, and a part of a list has no value above: all members name it. A group without its basket has no
-- index, and the test of the model stops the build
concentration as (
    select panels.source, panels.year, panels.group_id, panels.membership_mode, baskets.export_hhi
    from (
        select source, year, group_id, membership_mode, string_agg(iso3, ' ' order by iso3) as countries from members
        group by all
    ) as panels
    inner join {{ ref('int_groups__baskets') }} as baskets using (source, year, countries)
)

select
    sums.source,
    sums.year,
    sums.group_id,
    sums.membership_mode,
    sums.n_with_value,
    sums.n_true_zero,
    sums.export_kusd,
    sums.trade_kusd,
    case when sums.null_reason is null then concentration.export_hhi end as export_hhi,
    case when sums.null_reason is null then sums.intermediate_kusd / sums.trade_kusd end as participation_trade_proxy,
    sums.null_reason,
    sums.dq_grade,
    sums.source_vintage,
    sums.data_origin
from sums
left join concentration using (source, year, group_id, membership_mode)
