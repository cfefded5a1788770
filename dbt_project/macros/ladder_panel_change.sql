{# Ladder positions at both ends of a span, over a fixed panel of importers.

   A buyer that stops reporting takes its raw purchases out of the mirror, and what is left stands higher on the ladder although nothing changed.
   So both ends read the same importers: those that report in EVERY year from the first year of the first window to the last of the last one,
   and only flows that they report themselves. Flows of a window are pooled over its years before the position is taken (not a mean of yearly
   positions: a year with one container would weigh as much as a year with a fleet).

   Arguments are years, or SQL expressions in `year`, the last year with trade that a span belongs to:
     ladder_panel_change(2011, 2013, 2020, 2022)                    one span
     ladder_panel_change('year - 12', 'year - 10', 'year - 2', 'year')   one span for every year
   Columns: source, chain_id, iso3, first_from .. last_to, n_panel, and per end (first, last) pos_value, pos_constprice, pos_rawequiv;
   null_reason is null when both ends have a position by value. A volume basis counts only when it exists at both ends. #}
{% macro ladder_panel_change(first_from, first_to, last_from, last_to) %}
with years as (
    select distinct source, year from {{ ref('int_ladder__coverage') }} where is_covered and {{ this_year('year') }}
),

spans as (
    select distinct
        source,
        {{ first_from }} as first_from,
        {{ first_to }} as first_to,
        {{ last_from }} as last_from,
        {{ last_to }} as last_to
    from years
),

-- chains whose codes the source holds in every year of both windows: a chain that is loaded later would look like a climb from nothing
chain_spans as (
    select spans.*, coverage.chain_id
    from spans
    inner join {{ ref('int_ladder__coverage') }} as coverage
        on coverage.source = spans.source
        and coverage.is_covered
        and (coverage.year between spans.first_from and spans.first_to or coverage.year between spans.last_from and spans.last_to)
    group by all
    having count(distinct coverage.year) = (any_value(first_to) - any_value(first_from) + 1) + (any_value(last_to) - any_value(last_from) + 1)
),

panel as (
    {{ ladder_panel('spans') }}
),

panel_sizes as (
    select source, first_from, last_to, count(*) as n_panel from panel group by all
),

flows as (
    select
        chain_spans.source, chain_spans.chain_id, flows.exporter as iso3,
        chain_spans.first_from, chain_spans.first_to, chain_spans.last_from, chain_spans.last_to,
        flows.year >= chain_spans.last_from as is_last,
        flows.stage,
        flows.panel_value_kusd,
        flows.value_kusd,
        flows.constprice_kusd,
        flows.raw_equivalent_t,
        flows.value_without_quantity_kusd,
        flows.value_without_price_kusd,
        flows.value_with_factor_kusd
    from chain_spans
    inner join {{ ref('int_ladder__measures') }} as flows
        on flows.source = chain_spans.source
        and flows.chain_id = chain_spans.chain_id
        and flows.is_importer_report
        and flows.source <> 'baci' -- names no reporters and has no panel: said here, it keeps its files unread
        and {{ this_window('flows.year', ladder_years_back()) }}
        and (flows.year between chain_spans.first_from and chain_spans.first_to or flows.year between chain_spans.last_from and chain_spans.last_to)
    inner join panel
        on panel.source = chain_spans.source
        and panel.first_from = chain_spans.first_from
        and panel.last_to = chain_spans.last_to
        and panel.importer = flows.importer
),

stages as (
    select
        source, chain_id, iso3, first_from, first_to, last_from, last_to, is_last,
        {{ ladder_stage_sums(value='panel_value_kusd') }}
    from flows
    group by all
),

positions as (
    select
        stages.source, stages.chain_id, stages.iso3, first_from, first_to, last_from, last_to, is_last,
        {{ ladder_position('x') }} as pos_value,
        case when {{ constprice_null_reason() }} is null then {{ ladder_position('p') }} end as pos_constprice,
        case when {{ rawequiv_null_reason() }} is null then {{ ladder_position('r') }} end as pos_rawequiv
    from stages
    inner join {{ ref('int_ladder__chain_stages') }} as chain on chain.chain_id = stages.chain_id and chain.n_stages >= 2
),

both_ends as (
    select
        source, chain_id, iso3, first_from, first_to, last_from, last_to,
        {%- for basis in ['pos_value', 'pos_constprice', 'pos_rawequiv'] %}
        max({{ basis }}) filter (where not is_last) as first_{{ basis }},
        max({{ basis }}) filter (where is_last) as last_{{ basis }}{{ ',' if not loop.last }}
        {%- endfor %}
    from positions
    group by all
)

select
    both_ends.*,
    coalesce(panel_sizes.n_panel, 0) as n_panel,
    -- an exporter whose panel buyers bought nothing at one end has no change; it is not a fall from or to nothing
    case when first_pos_value is null or last_pos_value is null then 'insufficient_history' end as null_reason
from both_ends
left join panel_sizes on panel_sizes.source = both_ends.source and panel_sizes.first_from = both_ends.first_from and panel_sizes.last_to = both_ends.last_to
{% endmacro %}

{# How many years before its own a ten-year change reads: the first year of its first window. #}
{% macro ladder_years_back() -%}
    {{ return((var('ladder_change_years') | int) + (var('ladder_window_years') | int) - 1) }}
{%- endmacro %}

{# Importers that report in every year of a span. `spans` is the name of a CTE or relation with source, first_from, last_to. A reporter-year counts
   when the country sent any import row: a small importer may buy in a few months only, and the file cannot tell that from missing months. #}
{% macro ladder_panel(spans) %}
    select spans.source, spans.first_from, spans.last_to, reporting.reporter as importer
    from {{ spans }} as spans
    inner join {{ ref('int_trade__reporting') }} as reporting
        on reporting.source = spans.source
        and reporting.flow = 'M'
        and reporting.year between spans.first_from and spans.last_to
    group by all
    having count(distinct reporting.year) = any_value(spans.last_to) - any_value(spans.first_from) + 1
{% endmacro %}
