"""fct_rejection: notices counted once, dated when there were notices, hazards that weigh 1 a notice, origins that are countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

FRAMES = {
    "all_rows": """
        select
            count(*) - count(distinct rejection_id) as n_repeated,
            count(*) filter (where notified_on < date '1979-01-01' or notified_on > r.data_date) as n_outside_time,
            count(*) filter (where is_border_rejection and classification not ilike '%rejection%') as n_border_without_class,
            count(*) filter (where (data_origin = 'sample') <> r.is_sample) as n_of_other_origin
        from fct_rejection cross join dim_release as r""",
    "hazards": """
        select count(*) filter (where abs(total - 1) > 1e-9) as n_weights_not_one
        from (select sum(weight) as total from fct_rejection_hazard group by rejection_id)""",
    "origins": """
        select
            count(*) filter (where c.iso3 is null) as n_unknown_country,
            count(*) filter (where j.rejection_id is null) as n_without_notice
        from fct_rejection_origin as o
        left join dim_country as c using (iso3)
        left join fct_rejection as j using (rejection_id)""",
    "with_origin": """
        select count(distinct o.rejection_id) / nullif(count(distinct j.rejection_id), 0) as share_with_origin
        from fct_rejection as j left join fct_rejection_origin as o using (rejection_id)""",
}


def expectations() -> dict[str, list[Expectation]]:
    """Expectations on each frame; `notes` says what a failure means."""
    import great_expectations.expectations as gxe

    none_of = {
        "n_repeated": "a notice counts once, however many files have it",
        "n_outside_time": "notices date from 1979 (when RASFF began) to the latest retrieval",
        "n_border_without_class": "a border rejection is classified as one; the layout without classification gives none",
        "n_of_other_origin": "sample and real data do not mix",
    }
    return {
        "all_rows": [gxe.ExpectColumnValuesToBeBetween(column=c, max_value=0, notes=text) for c, text in none_of.items()],
        "hazards": [
            gxe.ExpectColumnValuesToBeBetween(column="n_weights_not_one", max_value=0, notes="hazards of a notice weigh 1 together")
        ],
        "origins": [
            gxe.ExpectColumnValuesToBeBetween(column="n_unknown_country", max_value=0, notes="every origin is in dim_country"),
            gxe.ExpectColumnValuesToBeBetween(column="n_without_notice", max_value=0, notes="every origin belongs to a notice"),
        ],
        "with_origin": [
            gxe.ExpectColumnValuesToBeBetween(
                column="share_with_origin", min_value=0.9, notes="nine notices in ten name an origin that is known"
            )
        ],
    }
