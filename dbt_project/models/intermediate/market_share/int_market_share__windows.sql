{{ config(
    materialized='yearly_parquet',
    contract={'enforced': true},
    meta={'key': ['source', 'year', 'iso3', 'chain_id'], 'years_back': upgrading_years_back()}
) }}

-- Both ends read the same importers, as int_ladder__change does: those that report in every year from the first to the last. A source that names no
-- reporters is reconciled by its publisher: its importers are there in every year.
with coverage as (
    select * from {{ ref('int_ladder__coverage') }}
    where is_covered and {{ this_window('year', upgrading_years_back()) }}
),

reporting as (
    select distinct source, year, reporter from {{ ref('int_trade__reporting') }}
    where flow = 'M'
),

spans as (
    select last.source, last.year as last_year, last.chain_id
    from coverage as last
    inner join coverage as windows using (source, chain_id)
    where {{ this_year('last.year') }} and {{ in_upgrading_windows('windows.year', 'last.year') }}
    group by all
    having count(*) = 2 * {{ var('upgrading_window_years') }}
),

panel as (
    select spans.source, spans.last_year, reporting.reporter as importer
    from (select distinct source, last_year from spans) as spans
    inner join reporting
        on spans.source = reporting.source and reporting.year between spans.last_year - {{ upgrading_years_back() }} and spans.last_year
    group by all
    having count(*) = {{ upgrading_years_back() }} + 1
),

flows as (
    select
        spans.source, spans.last_year, spans.chain_id, trade.exporter, {{ market('trade.importer') }} as importer, trade.stage, trade.year,
        trade.value_kusd,
        trade.year > spans.last_year - {{ var('upgrading_window_years') }} as is_last,
        -- the panel's own word, as it sent it; BACI keeps no report of its own
        coalesce(trade.value_importer_kusd, trade.value_kusd) as report_kusd,
        trade.is_importer_report
        and (panel.importer is not null or spans.source not in (select reporting.source from reporting)) as is_panel
    from spans
    inner join {{ ref('int_ladder__flows') }} as trade on spans.source = trade.source and spans.chain_id = trade.chain_id
    left join panel on spans.source = panel.source and spans.last_year = panel.last_year and trade.importer = panel.importer
    where {{ this_window('trade.year', upgrading_years_back()) }} and {{ in_upgrading_windows('trade.year', 'spans.last_year') }}
),

yearly as (
    select
        source, last_year, chain_id, exporter, year,
        cast(sum(report_kusd) as double)
            / nullif(cast(sum(sum(report_kusd)) over (partition by source, last_year, chain_id, year) as double), 0) as share
    from flows
    where is_panel
    group by source, last_year, chain_id, exporter, year
),

shares as (
    select
        source, last_year, chain_id, exporter,
        {{ window_mean('share', 'year', 'last_year', false, when_absent=0) }} as first_share,
        {{ window_mean('share', 'year', 'last_year', true, when_absent=0) }} as last_share
    from yearly
    group by all
),

-- constant market shares, cell by cell: what the exporter would sell if it grew as the other suppliers of the same buyer and stage
cells as (
    select
        source, last_year, chain_id, exporter, importer, stage,
        coalesce(sum(report_kusd) filter (where is_panel and not is_last), 0) as first_kusd,
        coalesce(sum(report_kusd) filter (where is_panel and is_last), 0) as last_kusd,
        {%- for end, is_end in [('first', 'not is_last'), ('last', 'is_last')] %}
        coalesce(sum(value_kusd) filter (where is_panel and {{ is_end }}), 0) as {{ end }}_panel_kusd,
        coalesce(sum(value_kusd) filter (where {{ is_end }}), 0) as {{ end }}_all_kusd{{ ',' if not loop.last }}
        {%- endfor %}
    from flows
    group by all
),

market_totals as (
    select source, last_year, chain_id, importer, stage, sum(first_kusd) as market_first_kusd, sum(last_kusd) as market_last_kusd
    from cells
    group by all
),

markets as (
    select cells.*, market_first_kusd - first_kusd as others_first_kusd, market_last_kusd - last_kusd as others_last_kusd
    from cells
    inner join market_totals using (source, last_year, chain_id, importer, stage)
),

judged as (
    select
        *,
        -- who holds most of a market is compared with nobody: left out, as in relative unit values
        first_kusd <= {{ var('unit_value_max_own_share') }} * (first_kusd + others_first_kusd) as has_reference,
        cast(last_kusd as double)
        - cast(first_kusd as double) * coalesce(cast(others_last_kusd as double) / nullif(cast(others_first_kusd as double), 0), 0) as residual_kusd
    from markets
),

totals as (
    select
        source, last_year, chain_id, exporter,
        coalesce({{ exact_sum('residual_kusd', where='has_reference') }}, 0) as residual_kusd,
        cast(coalesce(sum(first_kusd) filter (where has_reference), 0) as double) as base_kusd,
        cast(sum(first_kusd) as double) as first_kusd,
        least(
            cast(sum(first_panel_kusd) as double) / nullif(cast(sum(first_all_kusd) as double), 0),
            cast(sum(last_panel_kusd) as double) / nullif(cast(sum(last_all_kusd) as double), 0)
        ) as panel_share,
        cast(count(*) filter (where first_kusd > 0 or last_kusd > 0) as integer) as n_markets
    from judged
    group by all
)

select
    source,
    cast(last_year as smallint) as year,
    exporter as iso3,
    chain_id,
    shares.first_share,
    shares.last_share,
    totals.panel_share,
    totals.first_kusd,
    totals.base_kusd,
    totals.residual_kusd,
    totals.n_markets
from totals
inner join shares using (source, last_year, chain_id, exporter)
