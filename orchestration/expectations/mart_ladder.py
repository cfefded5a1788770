"""mart_ladder: positions from 0 (raw) to 1 (last rung), inside their bases, stages that add up to the trade they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

FRAMES = {
    "by_chain": """
        select
            l.chain_id,
            min(l.position) as lowest_position,
            max(l.position) as highest_position,
            count(*) filter (where l.position < l.low - 1e-9 or l.position > l.high + 1e-9) as n_outside_its_bases,
            count(*) filter (where (l.position is null) = (l.null_reason is null)) as n_both_or_neither,
            count(*) filter (where l.n_bases < 2 and l.position is not null) as n_from_one_basis,
            count(*) filter (where least(l.x0_kusd, l.x1_kusd, l.x2_kusd, l.x3_kusd) < 0) as n_negative,
            count(*) filter (where c.chain_id is null) as n_unknown_chain
        from mart_ladder as l left join dim_chain as c using (chain_id)
        group by all order by all""",
    "conservation": """
        with ladder as (
            select
                source, year, chain_id,
                sum(coalesce(x0_kusd, 0) + coalesce(x1_kusd, 0) + coalesce(x2_kusd, 0) + coalesce(x3_kusd, 0)) as kusd
            from mart_ladder group by all
        ),
        trade as (
            select t.source, t.year, m.chain_id, sum(t.value_kusd)::double as kusd
            from fct_trade as t join map_chain_product as m using (hs_revision, hs6) where not m.shared_code group by all
        )
        select chain_id, year, source, l.kusd / nullif(t.kusd, 0) as ladder_over_trade
        from ladder as l join trade as t using (source, year, chain_id) where l.kusd > 0 order by all""",
    "world": """
        select year, avg(position) as mean_position, count(distinct chain_id) as n_chains, count(distinct iso3) as n_countries
        from mart_ladder where position is not null group by all order by all""",
}


def expectations() -> dict[str, list[Expectation]]:
    """Expectations on each frame; `notes` says what a failure means."""
    import great_expectations.expectations as gxe

    none_of = {
        "n_outside_its_bases": "a position lies between the smallest and the largest of its bases",
        "n_both_or_neither": "every row has a position or a reason, never both or neither",
        "n_from_one_basis": "a position needs two bases",
        "n_negative": "no stage exports less than nothing",
        "n_unknown_chain": "every chain is in dim_chain",
    }
    return {
        "by_chain": [
            *(gxe.ExpectColumnValuesToBeBetween(column=c, max_value=0, notes=text) for c, text in none_of.items()),
            gxe.ExpectColumnValuesToBeBetween(column="lowest_position", min_value=0, notes="the lowest position is 0"),
            gxe.ExpectColumnValuesToBeBetween(column="highest_position", max_value=1, notes="the highest position is 1"),
        ],
        "conservation": [
            gxe.ExpectColumnValuesToBeBetween(
                column="ladder_over_trade", max_value=1 + 1e-6, notes="the stages of a chain hold no more than the trade in its products"
            )
        ],
        "world": [
            gxe.ExpectColumnValuesToBeBetween(
                column="mean_position", min_value=0.02, max_value=0.98, notes="no year has everybody at one end of the ladder"
            ),
            gxe.ExpectColumnValuesToBeBetween(column="n_countries", min_value=2, notes="positions are of more than one country"),
        ],
    }
