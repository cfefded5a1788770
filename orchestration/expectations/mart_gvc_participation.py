"""mart_gvc_participation: witnesses side by side, shares inside 0 to 1, parts that add up, a reason wherever there is no value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

WITNESSES = {
    "participation_trade_proxy": "trade_proxy_null_reason",
    "participation_bm": "bm_null_reason",
    "backward_content_oecd": "oecd_null_reason",
    "participation_unctad": "unctad_null_reason",
    "gvc_output_share": "gvc_output_null_reason",
}
_COUNTS = ",\n".join(f"count(*) filter (where ({v} is null) = ({r} is null)) as n_{v}_both_or_neither" for v, r in WITNESSES.items())
# Output shares are the publisher's own: inventories make a few negative, and they are not clipped. UNCTAD's sum of two sides may exceed 1.
_OUTSIDE = " or ".join(f"{v} not between -1e-9 and 1 + 1e-9" for v in WITNESSES if v not in ("gvc_output_share", "participation_unctad"))

FRAMES = {
    "all_rows": f"""
        select
            {_COUNTS},
            count(*) filter (where {_OUTSIDE}) as n_outside_0_to_1,
            count(*) filter (where gvc_output_share not between -1e-9 and 1 + 1e-9) / nullif(count(gvc_output_share), 0)
                as share_of_output_shares_outside,
            count(*) filter (
                where abs(gvc_output_share - gvc_output_backward - gvc_output_forward - gvc_output_two_sided) > 1e-5
            ) as n_output_parts_not_adding_up,
            count(*) filter (where abs(participation_bm - backward_bm - forward_bm) > 1e-9) as n_bm_parts_not_adding_up
        from mart_gvc_participation""",
    "members": """
        select year, count(distinct iso3) as n_members from mart_gvc_participation
        where iso3 in (select iso3 from dim_country_group_membership where group_id = 'OACPS') group by all order by all""",
    "output_sources": """
        select count(distinct gvc_output_source) as n_sources from mart_gvc_participation where gvc_output_share is not null""",
    "output_level": """
        select year, median(gvc_output_share) as median_share from mart_gvc_participation
        where gvc_output_share is not null group by all order by all""",
}


def expectations() -> dict[str, list[Expectation]]:
    """Expectations on each frame; `notes` says what a failure means."""
    import great_expectations.expectations as gxe

    none_of = {f"n_{v}_both_or_neither": f"{v} has a value or a reason, never both or neither" for v in WITNESSES}
    none_of |= {
        "n_outside_0_to_1": "shares lie between 0 and 1",
        "n_output_parts_not_adding_up": "backward, forward and two-sided add up to the output share",
        "n_bm_parts_not_adding_up": "backward and forward add up to participation",
    }
    return {
        "all_rows": [
            *(gxe.ExpectColumnValuesToBeBetween(column=c, max_value=0, notes=text) for c, text in none_of.items()),
            gxe.ExpectColumnValuesToBeBetween(
                column="share_of_output_shares_outside", max_value=0.05, notes="at most 5 % of the published output shares leave 0 to 1"
            ),
        ],
        "members": [
            gxe.ExpectColumnValuesToBeBetween(column="n_members", max_value=80, notes="no more members than the OACPS ever had (80)")
        ],
        "output_sources": [
            gxe.ExpectColumnValuesToBeBetween(column="n_sources", max_value=1, notes="output shares of all rows come from one database")
        ],
        "output_level": [
            gxe.ExpectColumnValuesToBeBetween(
                column="median_share",
                min_value=0.02,
                max_value=0.7,
                notes="the median output share stays where the World Bank's data has it",
            )
        ],
    }
