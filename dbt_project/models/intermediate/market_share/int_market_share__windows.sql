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
    select spans.source, spans.last_year, reporting.reporter
    from (select distinct source, last_year from spans) as spans
    inner join reporting
        on spans.source = reporting.source and reporting.year between spans.last_year - {{ upgrading_years_back() }} and spans.last_year
    group by all
    having count(*) = {{ upgrading_years_back() }} + 1
),

countries as (
    {{ numbered_countries() }}
),

buyers as (
    {{ numbered_buyers() }}
),

chain_stages as (
    select distinct chain_id, stage from {{ ref('map_chain_product') }}
    where not shared_code
),

-- numbers instead of texts, one for source, last year, chain and stage: tens of millions of flows are grouped by them
steps as (
    select
        spans.source, spans.last_year, spans.chain_id, chain_stages.stage,
        row_number() over (order by spans.source, spans.last_year, spans.chain_id, chain_stages.stage) as step_no,
        case when spans.source in (select reporting.source from reporting) then spans.source end as panel_source
    from spans
    inner join chain_stages using (chain_id)
),

-- joined to flows by equal years: an inequality would be tried on every row
step_years as (
    select steps.*, coverage.year, coverage.year > steps.last_year - {{ var('upgrading_window_years') }} as is_last
    from steps
    inner join coverage using (source, chain_id)
    where {{ in_upgrading_windows('coverage.year', 'steps.last_year') }}
),

-- not kept in memory: of a reconciled source they are read once, of others twice
flows as not materialized (
    select
        countries.country_no as exporter_no, buyers.market_no as importer_no, step_years.step_no, step_years.panel_source, step_years.year,
        step_years.is_last, trade.value_kusd,
        -- the panel's own word, as it sent it; BACI keeps no report of its own
        coalesce(trade.value_importer_kusd, trade.value_kusd) as report_kusd
    from {{ ref('int_ladder__flows') }} as trade
    inner join step_years
        on trade.source = step_years.source and trade.chain_id = step_years.chain_id and trade.stage = step_years.stage
        and trade.year = step_years.year
    left join panel
        on step_years.panel_source = panel.source and step_years.last_year = panel.last_year and trade.importer = panel.reporter
    inner join countries on trade.exporter = countries.iso3
    inner join buyers on trade.importer = buyers.importer
    where
        trade.is_importer_report and (step_years.panel_source is null or panel.reporter is not null)
        and {{ this_window('trade.year', upgrading_years_back()) }}
),

chain_years as (
    select distinct source, last_year, chain_id, panel_source, year, is_last from step_years
),

reported as (
    select
        steps.source, steps.last_year, steps.chain_id, countries.iso3, flows.year,
        sum(flows.report_kusd) as report_kusd,
        sum(flows.value_kusd) as panel_kusd
    from flows
    inner join steps using (step_no)
    inner join countries on flows.exporter_no = countries.country_no
    where flows.panel_source is not null
    group by all
),

-- where all importers are the panel, what it reports is all that is sold: known without its flows
yearly as (
    select
        chain_years.source, chain_years.last_year, chain_years.chain_id, partners.iso3, chain_years.year, chain_years.is_last,
        {%- for sum in ['report_kusd', 'panel_kusd'] %}
        case when chain_years.panel_source is null then partners.export_kusd else reported.{{ sum }} end as {{ sum }},
        {%- endfor %}
        partners.export_kusd as all_kusd
    from chain_years
    inner join {{ ref('int_ladder__partners') }} as partners using (source, chain_id, year)
    left join reported using (source, last_year, chain_id, iso3, year)
    where {{ this_window('partners.year', upgrading_years_back()) }}
),

sold as (
    select
        *,
        cast(report_kusd as double)
        / nullif(cast(sum(report_kusd) over (partition by source, last_year, chain_id, year) as double), 0) as share
    from yearly
),

shares as (
    select
        source, last_year, chain_id, iso3,
        {{ window_mean('share', 'year', 'last_year', false, when_absent=0) }} as first_share,
        {{ window_mean('share', 'year', 'last_year', true, when_absent=0) }} as last_share,
        cast(coalesce(sum(report_kusd) filter (where not is_last), 0) as double) as first_kusd,
        least(
            {%- for end in ['not is_last', 'is_last'] %}
            cast(coalesce(sum(panel_kusd) filter (where {{ end }}), 0) as double) / nullif(cast(sum(all_kusd) filter (where {{ end }}) as double), 0)
            {{- ',' if not loop.last }}
            {%- endfor %}
        ) as panel_share
    from sold
    group by all
    -- buyers of the panel alone make a share
    having count(report_kusd) > 0
),

-- Constant market shares, cell by cell: what the exporter would sell if it grew as the other suppliers of the same buyer and stage
cells as (
    select
        exporter_no, importer_no, step_no,
        coalesce(sum(report_kusd) filter (where not is_last), 0) as first_kusd,
        coalesce(sum(report_kusd) filter (where is_last), 0) as last_kusd
    from flows
    group by all
),

markets as (
    select importer_no, step_no, sum(first_kusd) as first_kusd, sum(last_kusd) as last_kusd
    from cells
    group by all
),

judged as (
    select
        cells.exporter_no, cells.step_no, cells.first_kusd, cells.last_kusd,
        -- who holds most of a market is compared with nobody: left out, as in relative unit values
        cells.first_kusd <= {{ var('unit_value_max_own_share') }} * markets.first_kusd as has_reference,
        cast(cells.last_kusd as double)
        - cast(cells.first_kusd as double) * coalesce(
            cast(markets.last_kusd - cells.last_kusd as double) / nullif(cast(markets.first_kusd - cells.first_kusd as double), 0), 0
        ) as residual_kusd
    from cells
    inner join markets using (importer_no, step_no)
),

stages as (
    select
        exporter_no, step_no,
        sum(cast(residual_kusd as decimal(28, 6))) filter (where has_reference) as residual_kusd,
        sum(first_kusd) filter (where has_reference) as base_kusd,
        count(*) filter (where first_kusd > 0 or last_kusd > 0) as n_markets
    from judged
    group by all
),

totals as (
    select
        steps.source, steps.last_year, steps.chain_id, countries.iso3,
        coalesce(cast(sum(stages.residual_kusd) as double), 0) as residual_kusd,
        cast(coalesce(sum(stages.base_kusd), 0) as double) as base_kusd,
        cast(sum(stages.n_markets) as integer) as n_markets
    from stages
    inner join steps using (step_no)
    inner join countries on stages.exporter_no = countries.country_no
    group by all
)

select
    totals.source,
    cast(totals.last_year as smallint) as year,
    totals.iso3,
    totals.chain_id,
    shares.first_share,
    shares.last_share,
    shares.panel_share,
    shares.first_kusd,
    totals.base_kusd,
    totals.residual_kusd,
    totals.n_markets
from totals
inner join shares using (source, last_year, chain_id, iso3)
