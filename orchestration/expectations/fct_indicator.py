"""fct_indicator: value or reason, values inside what the indicator can be, all live indicators, all 79 members."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

FRAMES = {
    "by_indicator": """
        select
            i.indicator_id,
            count(f.indicator_id) as n_rows,
            count(*) filter (where f.indicator_id is not null and (f.value is null) = (f.null_reason is null)) as n_both_or_neither,
            count(*) filter (where not coalesce(f.is_of_industry, false) and f.value not between i.lowest and i.highest)
                as n_outside_valid_range,
            count(*) filter (where f.is_of_industry and f.value not between i.lowest and i.highest) / nullif(count(f.value), 0)
                as share_outside_of_industries,
            count(*) filter (where f.low > f.high) as n_low_above_high,
            count(*) filter (where f.value is not null and f.year > year(r.data_date)) as n_in_the_future,
            count(*) filter (where (f.data_origin = 'sample') <> r.is_sample) as n_of_other_origin
        from (
            select
                *, coalesce(valid_min, '-inf'::double) - 1e-9 as lowest, coalesce(valid_max, 'inf'::double) + 1e-9 as highest
            from dim_indicator where table_name = 'fct_indicator'
        ) as i cross join dim_release as r left join (
            -- inventories put a few shares of industries below 0 or above 1, in published statistics and in tables; they are not clipped
            select *, scope_kind = 'sector' and scope_id <> 'ALL' as is_of_industry from fct_indicator
        ) as f using (indicator_id)
        group by all order by all""",
    "unlisted": """
        select count(*) as n_without_catalogue_row from fct_indicator as f
        where not exists (from dim_indicator as i where i.indicator_id = f.indicator_id)""",
    "members": """
        with current_members as (
            select m.iso3 from dim_country_group_membership as m cross join dim_release as r
            where m.group_id = 'OACPS' and coalesce(m.valid_from <= r.data_date, true) and coalesce(m.valid_to > r.data_date, true)
        )
        select
            (select count(*) from current_members) as n_current_members,
            (select count(*) from current_members where iso3 not in (select iso3 from fct_indicator)) as n_members_without_a_row""",
    "chain_shares": """
        select scope_id, year, sum(value) as world_share
        from fct_indicator where indicator_id = 'world_market_share' and scope_kind = 'chain' and value is not null
        group by all order by all""",
}


def expectations() -> dict[str, list[Expectation]]:
    """Expectations on each frame; `notes` says what a failure means."""
    import great_expectations.expectations as gxe

    none_of = {
        "n_both_or_neither": "every row has a value or a reason, never both or neither",
        "n_outside_valid_range": "no value is outside what its indicator can be",
        "n_low_above_high": "no interval is upside down",
        "n_in_the_future": "no value is of a year after the latest retrieval",
        "n_of_other_origin": "sample and real data do not mix",
    }
    return {
        "by_indicator": [
            *(gxe.ExpectColumnValuesToBeBetween(column=c, max_value=0, notes=text) for c, text in none_of.items()),
            gxe.ExpectColumnValuesToBeBetween(
                column="share_outside_of_industries", max_value=0.05, notes="at most 5 % of the shares of industries leave their range"
            ),
            gxe.ExpectColumnValuesToBeBetween(column="n_rows", min_value=1, notes="every live indicator has rows"),
        ],
        "unlisted": [
            gxe.ExpectColumnValuesToBeBetween(column="n_without_catalogue_row", max_value=0, notes="every indicator is in dim_indicator")
        ],
        "members": [
            gxe.ExpectColumnValuesToBeBetween(
                column="n_current_members", min_value=79, max_value=79, notes="the OACPS has 79 current members"
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="n_members_without_a_row", max_value=0, notes="every member has a row, if only with a reason"
            ),
        ],
        "chain_shares": [
            gxe.ExpectColumnValuesToBeBetween(
                column="world_share", min_value=0, max_value=1 + 1e-6, notes="shares of the world market of a chain add up to 1 at most"
            )
        ],
    }
