{{ config(meta={'dagster': {'ref': {'name': 'fct_trade'}}}) }}
-- The kept rows of Comtrade, added up by file in int_trade__row_status, are all in int_trade__comtrade_flows; and each report there stands in
-- fct_trade as the exporter's or importer's, unless BACI holds the cell. A flow is rounded once, to a dollar: half a dollar a flow may differ.
with

rows_kept as (
    select
        year,
        sum(value_usd) as value_usd,
        sum(n_rows) as n_rows
    from {{ ref('int_trade__row_status') }}
    where source = 'comtrade' and row_status = 'kept'
    group by year
),

flows as (
    select
        year,
        sum(value_usd) as value_usd,
        sum(n_rows) as n_rows
    from {{ ref('int_trade__comtrade_flows') }}
    group by year
),

cells as (
    select
        year,
        hs6,
        sum(value_usd) filter (where flow = 'X') as exporter_usd,
        sum(value_usd) filter (where flow = 'M') as importer_usd
    from {{ ref('int_trade__comtrade_flows') }}
    group by year, hs6
),

trade as (
    select
        year,
        hs6,
        any_value(source) as source,
        1000 * sum(value_exporter_kusd) as exporter_usd,
        1000 * sum(value_importer_kusd) as importer_usd,
        count(*) as n_flows
    from {{ ref('fct_trade') }}
    group by year, hs6
)

select
    'rows to flows' as step,
    rows_kept.year,
    null as hs6
from rows_kept
full outer join flows on rows_kept.year = flows.year
where rows_kept.value_usd is distinct from flows.value_usd or rows_kept.n_rows is distinct from flows.n_rows
union all
select
    'flows to trade' as step,
    cells.year,
    cells.hs6
from cells
left join trade on cells.year = trade.year and cells.hs6 = trade.hs6
where
    trade.hs6 is null
    or (
        trade.source = 'comtrade'
        and (
            abs(coalesce(cells.exporter_usd, 0) - coalesce(trade.exporter_usd, 0)) > 0.5 * trade.n_flows
            or abs(coalesce(cells.importer_usd, 0) - coalesce(trade.importer_usd, 0)) > 0.5 * trade.n_flows
        )
    )
