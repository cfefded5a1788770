"""fct_trade: one source a cell, nobody trades with itself, exporters' rows add up to the products' totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

FRAMES = {  # aggregates: the table itself can have a hundred million rows
    "by_year": """
        with cells as (
            select year, hs6, count(distinct source) as n_sources from fct_trade group by all
        ),
        sources as (select year, max(n_sources) as most_sources_of_a_cell from cells group by all)
        select
            t.year,
            any_value(s.most_sources_of_a_cell) as most_sources_of_a_cell,
            count(*) filter (where t.exporter = t.importer) as n_own_trade,
            count(*) filter (where t.value_kusd < 0) as n_negative,
            count(*) filter (where t.quantity_t <= 0) as n_quantity_not_positive,
            count(*) filter (
                where t.source <> 'baci' and t.value_exporter_kusd is null and t.value_importer_kusd is null
            ) as n_without_report,
            count(*) filter (where (t.data_origin = 'sample') <> r.is_sample) as n_of_other_origin
        from fct_trade as t join sources as s using (year) cross join dim_release as r
        group by all order by all""",
    "product_totals": """
        with trade as (
            select source, exporter as iso3, hs_revision, hs6, year, sum(value_kusd)::double as kusd from fct_trade group by all
        )
        select
            coalesce(t.year, p.year) as year,
            sum(abs(coalesce(t.kusd, 0) - coalesce(p.export_kusd, 0))) / nullif(sum(coalesce(t.kusd, 0)), 0) as share_not_in_product_totals
        from trade as t full join (from mart_product where export_kusd > 0) as p using (source, iso3, hs_revision, hs6, year)
        group by all order by all""",
    "mirror_ratio": """
        select year, sum(value_importer_kusd)::double / nullif(sum(value_exporter_kusd)::double, 0) as importers_over_exporters
        from fct_trade where reported_by = 'both' group by all order by all""",
}


def expectations() -> dict[str, list[Expectation]]:
    """Expectations on each frame; `notes` says what a failure means."""
    import great_expectations.expectations as gxe

    none_of = {
        "n_own_trade": "no country trades with itself",
        "n_negative": "no value is negative",
        "n_quantity_not_positive": "a quantity is positive or missing",
        "n_without_report": "every row has the report of at least one side; BACI publishes the reconciled value only",
        "n_of_other_origin": "sample and real data do not mix",
    }
    return {
        "by_year": [
            *(gxe.ExpectColumnValuesToBeBetween(column=c, max_value=0, notes=text) for c, text in none_of.items()),
            gxe.ExpectColumnValuesToBeBetween(
                column="most_sources_of_a_cell", max_value=1, notes="every year and product comes from one source"
            ),
        ],
        "product_totals": [
            gxe.ExpectColumnValuesToBeBetween(
                column="share_not_in_product_totals", max_value=1e-6, notes="exporters' rows add up to the products' totals"
            )
        ],
        "mirror_ratio": [
            gxe.ExpectColumnValuesToBeBetween(
                column="importers_over_exporters",
                min_value=0.5,
                max_value=2,
                notes="both sides report about the same trade (ratio 0.5 to 2)",
            )
        ],
    }
