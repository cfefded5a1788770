"""How much of every live indicator has a value, and which indicators may have none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ALLOWED_EMPTY = Path(__file__).with_name("allowed_empty.yml")


@dataclass(frozen=True)
class Coverage:
    """Rows of one live indicator; `share` of them has a value (0 when there are no rows).

    `n_without_source` rows say that a source of it is not loaded, or that a damaged file keeps it out: then having no value is explained.
    """

    indicator_id: str
    n_rows: int
    n_values: int
    n_without_source: int

    @property
    def share(self) -> float:
        return self.n_values / self.n_rows if self.n_rows else 0.0


def indicator_coverage(folder: Path) -> list[Coverage]:
    """One line per row of dim_indicator, indicators without rows included, by name."""
    import duckdb

    sql = f"""
        select i.indicator_id, count(f.indicator_id), count(f.value),
            count(*) filter (where f.null_reason in ('source_unavailable', 'quarantined'))
        from read_parquet('{folder}/dim_indicator.parquet') i
        left join read_parquet('{folder}/fct_indicator.parquet') f using (indicator_id)
        where i.table_name = 'fct_indicator'
        group by all order by all"""
    with duckdb.connect() as con:
        return [Coverage(*row) for row in con.execute(sql).fetchall()]


def allowed_empty(profile: str, file: Path = ALLOWED_EMPTY) -> dict[str, str]:
    """Indicator -> reason why it may be without any value in this profile.

    Raises:
        ValueError: an entry without a reason.
    """
    import yaml

    listed: dict[str, str] = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get(profile) or {}
    bare = [k for k, v in listed.items() if not str(v or "").strip()]
    if bare:
        raise ValueError(f"{file.name}: expected a reason for every indicator of {profile}, found none for {', '.join(bare)}")
    return listed
