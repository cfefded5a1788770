"""`datapackage.json`: what is in a release, in the Frictionless Data Package standard plus a few fields of our own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestration.identity import Identity
from orchestration.release import DATAPACKAGE, DUCKDB_FILE
from orchestration.release.tables import Table

# Tables that repeat a publisher's rows one to one (reconciled, relabelled), so that the publisher's terms bind them.
# Value: the table whose `source` column names the publishers. Everything else is derived and ours to publish.
ROW_LEVEL = {
    "fct_trade": "fct_trade",
    "mart_product": "mart_product",
    "fct_export_hs4": "fct_export_hs4",
    "fct_rejection": "fct_rejection",
    "fct_rejection_origin": "fct_rejection",
    "fct_rejection_hazard": "fct_rejection",
}
PUBLISHER_OF = {"atlas": "hs4_exports", "ots": "hs4_exports"}  # `source` of fct_export_hs4 names publishers that one source brings
OWN_LICENCE = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}
MEDIA_TYPES = {".parquet": "application/vnd.apache.parquet", ".csv": "text/csv", ".md": "text/markdown", ".json": "application/json"}
FIELD_TYPES = {"VARCHAR": "string", "BOOLEAN": "boolean", "DATE": "date", "DOUBLE": "number", "FLOAT": "number"}


def write_datapackage(
    folder: Path,
    identity: Identity,
    tables: Sequence[Table],
    rows: Mapping[str, int],
    sources: Sequence[Mapping[str, Any]],
    files: Sequence[Mapping[str, Any]],
) -> Path:
    """Describe every file that lies in `folder` now. `sources` and `files` are rows of `raw_landing__sources` and `..._files`."""
    is_sample = identity.profile == "sample"
    by_name = {f"{t.name}.parquet": t for t in tables if t.view_sql is None}
    by_source = {str(s["source"]): s for s in sources}
    resources = [_resource(p, by_name.get(p.name), rows, folder, by_source) for p in sorted(folder.iterdir()) if p.name != DATAPACKAGE]
    for r in resources:
        if r["path"] == DUCKDB_FILE:  # holds all tables: as free as the least free of them
            r["may_redistribute"] = all(x["may_redistribute"] for x in resources if x["path"] in by_name)
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"acpgvc-{identity.release_id}",
        "id": identity.release_id,
        "title": "Value chain participation and upgrading" + (": SYNTHETIC sample data, not for use" if is_sample else ""),
        "version": identity.schema_version,
        "schema_version": identity.schema_version,
        "data_origin": "sample" if is_sample else "official",
        "licenses": [OWN_LICENCE],
        "sources": [_source(s, files) for s in sources if s["is_loaded"]],
        "resources": resources,
    }
    path = folder / DATAPACKAGE
    path.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _source(source: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    vintages = sorted({str(f["vintage"]) for f in files if f["source"] == source["source"] and f["status"] == "accepted" and f["vintage"]})
    keys = ("title", "publisher", "citation", "licence", "may_redistribute")
    return {"name": source["source"], **{k: source[k] for k in keys}, "vintages": vintages}


def _resource(
    path: Path, table: Table | None, rows: Mapping[str, int], folder: Path, by_source: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    with path.open("rb") as f:
        digest = hashlib.file_digest(f, "sha256").hexdigest()
    out: dict[str, Any] = {
        "name": path.name.lower() if table is None else table.name,
        "path": path.name,
        "format": path.suffix.lstrip("."),
        "mediatype": MEDIA_TYPES.get(path.suffix, "application/octet-stream"),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "may_redistribute": True,
    }
    if table is None:
        return out
    terms = _terms(table.name, folder, by_source)
    fields = [_field(c.name, c.type, c.description, c.nullable) for c in table.columns]
    schema: dict[str, Any] = {"fields": fields}
    if table.key:
        schema["primaryKey"] = list(table.key)
    return out | {"description": table.description, "rows": rows[table.name], **terms, "schema": schema}


def _terms(table: str, folder: Path, by_source: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Licences and the right to pass on: of the publishers for row-level tables, ours for derived ones."""
    if table not in ROW_LEVEL:
        return {"may_redistribute": True, "licenses": [OWN_LICENCE]}
    import duckdb

    parquet = str(folder / f"{ROW_LEVEL[table]}.parquet").replace("'", "''")
    with duckdb.connect() as con:
        names = [r[0] for r in con.execute(f"SELECT DISTINCT source FROM read_parquet('{parquet}') ORDER BY 1").fetchall()]
    # 'wits_gvc:eora' is a witness of source wits_gvc
    known = [by_source.get(PUBLISHER_OF.get(str(n), str(n).split(":")[0])) for n in names]
    licences = sorted({str(s["licence"]) for s in known if s})
    free = all(s is not None and s["may_redistribute"] for s in known)  # a source that is not registered is not free
    return {"may_redistribute": free, "licenses": [{"title": t} for t in licences]}


def _field(name: str, duckdb_type: str, description: str, nullable: bool) -> dict[str, Any]:
    if duckdb_type.endswith("]"):
        kind = "array"
    elif duckdb_type.startswith("DECIMAL"):
        kind = "number"
    elif duckdb_type.startswith("TIMESTAMP"):
        kind = "datetime"
    else:
        kind = FIELD_TYPES.get(duckdb_type, "integer" if "INT" in duckdb_type else "any")
    field: dict[str, Any] = {"name": name, "type": kind, "duckdb_type": duckdb_type, "description": description}
    return field if nullable else field | {"constraints": {"required": True}}
