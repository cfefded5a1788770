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

baskets as (
    select members.source, members.year, members.group_id, members.membership_mode, products.hs6, sum(products.export_kusd) as export_kusd
    from {{ ref('int_product__country') }} as products
    inner join members using (source, year, iso3)
    inner join {{ ref('dim_product_hs6') }} as listed
        on products.hs_revision = listed.hs_revision and products.hs6 = listed.hs6 and listed.is_specified
    -- a part of the list would look like a concentrated basket
    semi join shares on products.source = shares.source and products.year = shares.year and products.iso3 = shares.iso3 and shares.null_reason is null
    where products.export_kusd > 0
    group by all
),

concentration as (
    select
        baskets.source, baskets.year, baskets.group_id, baskets.membership_mode,
        sum(
            (cast(baskets.export_kusd as double) / sums.export_kusd) * (cast(baskets.export_kusd as double) / sums.export_kusd)
            order by baskets.hs6
        ) as export_hhi
    from baskets
    inner join sums using (source, year, group_id, membership_mode)
    group by all
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
    case when sums.null_reason is null then coalesce(concentration.export_hhi, 0) end as export_hhi,
    case when sums.null_reason is null then sums.intermediate_kusd / sums.trade_kusd end as participation_trade_proxy,
    sums.null_reason,
    sums.dq_grade,
    sums.source_vintage,
    sums.data_origin
from sums
left join concentration using (source, year, group_id, membership_mode)
