"""Facts about inputs and results that a release tells beside its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingestion.settings import Home
from orchestration.explain import request_text


def _rows(sql: str) -> list[dict[str, Any]]:
    import duckdb

    with duckdb.connect() as con:
        cur = con.execute(sql)
        names = [d[0] for d in cur.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cur.fetchall()]


def _lake(home: Home, table: str, columns: str) -> list[dict[str, Any]]:
    folder = home.lake / table
    if not any(folder.rglob("*.parquet")):
        return []
    pattern = str(folder / "**" / "*.parquet").replace("'", "''")
    return _rows(f"SELECT {columns} FROM read_parquet('{pattern}', hive_partitioning = false)")


def input_files(home: Home) -> list[dict[str, Any]]:
    """Files behind a release (accepted and rejected), as `raw_landing__files` has them."""
    files = _lake(home, "raw_landing__files", "* REPLACE (retrieved_at::VARCHAR AS retrieved_at)")
    return sorted(files, key=lambda r: (r["source"], r["sha256"]))


def input_sources(home: Home) -> list[dict[str, Any]]:
    """All registered sources with licence and state, as `raw_landing__sources` has them."""
    return sorted(_lake(home, "raw_landing__sources", "*"), key=lambda r: r["source"])


def problems(home: Home) -> dict[str, list[dict[str, Any]]]:
    """What was not used, and why: rejected files and the sources that they block."""
    rejected = [f for f in input_files(home) if f["status"] == "rejected"]
    return {
        "rejected_files": [
            {"file": request_text(f["request"]), "source": f["source"], "sha256": f["sha256"], "problem": f["problem"]} for f in rejected
        ],
        "blocked_sources": [{"source": s["source"], "because": s["blocked_because"]} for s in input_sources(home) if s["is_blocked"]],
    }


def coverage(folder: Path) -> list[dict[str, Any]]:
    """Rows and share of non-null values of every live indicator in the release at `folder`; [] without the tables."""
    fact, dim = folder / "fct_indicator.parquet", folder / "dim_indicator.parquet"
    if not (fact.is_file() and dim.is_file()):
        return []
    quoted = [str(p).replace("'", "''") for p in (dim, fact)]
    return _rows(
        f"""
        SELECT indicator_id, any_value(i.pillar) AS pillar, count(f.year) AS n_rows, count(f.value) AS n_values,
               round(count(f.value) / nullif(count(f.year), 0), 4) AS share_non_null, mode(f.null_reason) AS main_null_reason
        FROM read_parquet('{quoted[0]}') AS i LEFT JOIN read_parquet('{quoted[1]}') AS f USING (indicator_id)
        WHERE i.table_name = 'fct_indicator'
        GROUP BY indicator_id ORDER BY pillar, indicator_id
        """
    )
