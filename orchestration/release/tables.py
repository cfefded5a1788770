"""What of the warehouse is published, and what its columns mean."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

TABLE_PREFIXES = ("dim_", "map_", "fct_", "mart_")
VIEW_PREFIX = "v_"


@dataclass(frozen=True)
class Column:
    name: str
    type: str  # DuckDB's name
    nullable: bool
    description: str


@dataclass(frozen=True)
class Table:
    """One published relation. `key` is its declared primary key, () when none is declared."""

    schema: str
    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    view_sql: str | None = None  # set for small views that stay views (`v_acp_current`)

    @property
    def qualified(self) -> str:
        return f'"{self.schema}"."{self.name}"'

    @property
    def total_order(self) -> str:
        """Key first, then every other column: one order whatever the threads did, so the same rows give the same bytes."""
        rest = [c.name for c in self.columns if c.name not in self.key]
        return ", ".join(f'"{c}" NULLS FIRST' for c in (*self.key, *rest))


def load_manifest(path: Path | None) -> dict[str, dict[str, Any]]:
    """dbt's manifest as model or seed name -> node; {} when there is no manifest."""
    if path is None or not path.is_file():
        return {}
    nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"].values()
    return {n["name"]: n for n in nodes if n["resource_type"] in ("model", "seed")}


def published_tables(con: duckdb.DuckDBPyConnection, nodes: dict[str, dict[str, Any]]) -> list[Table]:
    """The published relations of the warehouse that `con` is connected to, sorted by name.

    Growing models are views over one Parquet file per year in the warehouse and become tables here; only `v_*` stay views.
    Descriptions come from the contract in `nodes` (dbt manifest), else from the comment in the database.
    """
    relations = con.execute(
        """
        SELECT schema_name, table_name, comment, NULL FROM duckdb_tables() WHERE NOT internal AND database_name = current_database()
        UNION ALL
        SELECT schema_name, view_name, comment, sql FROM duckdb_views() WHERE NOT internal AND database_name = current_database()
        ORDER BY 2
        """
    ).fetchall()
    keys = _declared_keys(con)
    out: list[Table] = []
    for schema, name, comment, sql in relations:
        if not name.startswith((*TABLE_PREFIXES, VIEW_PREFIX)):
            continue
        node = nodes.get(name, {})
        out.append(
            Table(
                schema=schema,
                name=name,
                description=_one_line(node.get("description") or comment),
                columns=_columns(con, schema, name, node),
                key=keys.get(name) or _contract_key(node),
                view_sql=sql if name.startswith(VIEW_PREFIX) else None,
            )
        )
    return out


def _columns(con: duckdb.DuckDBPyConnection, schema: str, table: str, node: dict[str, Any]) -> tuple[Column, ...]:
    described = {n: c.get("description") for n, c in node.get("columns", {}).items()}
    # of a view the contract says it, and a test of the model holds it: the database keeps no constraint of a view
    required = {n for n, c in node.get("columns", {}).items() if any(r.get("type") == "not_null" for r in c.get("constraints", ()))}
    rows = con.execute(
        """
        SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = ? AND table_name = ? ORDER BY column_index
        """,
        [schema, table],
    ).fetchall()
    return tuple(
        Column(n, t, bool(nullable) and n not in required, _one_line(described.get(n) or comment)) for n, t, nullable, comment in rows
    )


def _declared_keys(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    rows = con.execute(
        """
        SELECT table_name, constraint_column_names FROM duckdb_constraints()
        WHERE database_name = current_database() AND constraint_type = 'PRIMARY KEY'
        """
    ).fetchall()
    return {t: tuple(c) for t, c in rows}


def _contract_key(node: dict[str, Any]) -> tuple[str, ...]:
    """Primary key of a contract that the database cannot hold (a view): a constraint of the model or its `meta.key`."""
    for constraint in node.get("constraints", ()):
        if constraint.get("type") == "primary_key":
            return tuple(constraint.get("columns", ()))
    meta = node.get("config", {}).get("meta") or node.get("meta") or {}
    return tuple(meta.get("key") or ())


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
