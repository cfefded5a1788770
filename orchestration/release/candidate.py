"""Write a release aside, from the warehouse that dbt built. Nothing here computes a number: it copies, orders and describes."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.settings import REPO_ROOT, Home
from orchestration.disk import folder_bytes, require_free
from orchestration.identity import Identity
from orchestration.release import CANDIDATE_PREFIX, DUCKDB_FILE, RELEASE_JSON, ReleaseError, candidate_folder
from orchestration.release.datapackage import write_datapackage
from orchestration.release.dictionary import write_dictionary
from orchestration.release.facts import coverage, input_files, input_sources, problems
from orchestration.release.tables import Table, load_manifest, published_tables

if TYPE_CHECKING:
    import duckdb

ROW_GROUP = 122_880


def write_candidate(home: Home, identity: Identity, warehouse_file: Path, manifest: Path | None = None) -> Path:
    """Write `<release>/.candidate-<release_id>/` from the warehouse and return the folder.

    `manifest` is dbt's manifest.json, for descriptions and keys. Left-overs of killed runs are removed first. Same warehouse
    rows give the same Parquet bytes (total order, one DuckDB version); the DuckDB file and the JSON files differ by clock.

    Raises:
        ReleaseError: no published tables in the warehouse, or `dim_release` names another release than `identity`.
        NoRoom: the disk cannot hold a copy of the warehouse.
    """
    import duckdb

    remove_leftovers(home)
    require_free(home.release, 2 * folder_bytes(warehouse_file.parent) + 100_000_000, "write the release")
    folder = candidate_folder(home, identity.release_id)
    folder.mkdir(parents=True)
    con = duckdb.connect(str(warehouse_file), read_only=True)
    try:
        con.execute("SET memory_limit = '1GB'; SET preserve_insertion_order = false")
        con.execute(f"SET temp_directory = {_quoted(folder.parent / '.tmp')}")
        nodes = load_manifest(manifest)
        tables = published_tables(con, nodes)
        _check_complete(tables, nodes)
        _check_identity(con, tables, identity)
        rows = {t.name: _write_parquet(con, t, folder) for t in tables if t.view_sql is None}
        catalogue = con.execute("SELECT current_database()").fetchall()[0][0]
    finally:
        con.close()
    _write_duckdb(folder, tables, catalogue)
    write_dictionary(
        folder, tables, f"release {identity.release_id}" + (" (SYNTHETIC sample data)" if identity.profile == "sample" else "")
    )
    sources, files = input_sources(home), input_files(home)
    release = _release_json(home, identity, folder, rows)
    (folder / RELEASE_JSON).write_text(json.dumps(release, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    write_datapackage(folder, identity, tables, rows, sources, files)
    for path in folder.iterdir():
        path.chmod(0o444)
    return folder


def remove_leftovers(home: Home) -> list[Path]:
    """Delete what killed runs left: every candidate folder. No reader ever saw them."""
    found = sorted(home.release.glob(f"{CANDIDATE_PREFIX}*"))
    for folder in found:
        shutil.rmtree(folder)
    return found


def _check_complete(tables: Sequence[Table], nodes: dict[str, dict[str, Any]]) -> None:
    """A release holds every model under `marts`: a table that was not built must not go missing in silence."""
    missing = sorted({n for n, node in nodes.items() if "marts" in node["fqn"]} - {t.name for t in tables})
    if missing:
        raise ReleaseError(f"the warehouse lacks tables of the release: {', '.join(missing)}. Remedy: run `acpgvc run` again")


def _check_identity(con: duckdb.DuckDBPyConnection, tables: Sequence[Table], identity: Identity) -> None:
    release = next((t for t in tables if t.name == "dim_release"), None)
    if release is None:
        raise ReleaseError("the warehouse holds no dim_release, so it was not built to the end. Remedy: run `acpgvc run` again")
    found = con.execute(f"SELECT release_id FROM {release.qualified}").fetchall()
    if found != [(identity.release_id,)]:
        raise ReleaseError(
            f"the warehouse was built for another release: expected {identity.release_id}, found {[r[0] for r in found]}. "
            "Code or inputs changed during the run. Remedy: run `acpgvc run` again"
        )


def _write_parquet(con: duckdb.DuckDBPyConnection, table: Table, folder: Path) -> int:
    con.execute(
        f"COPY (SELECT * FROM {table.qualified} ORDER BY {table.total_order}) TO {_quoted(folder / (table.name + '.parquet'))} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
    )
    return int(con.execute(f"SELECT count(*) FROM {table.qualified}").fetchall()[0][0])


def _write_duckdb(folder: Path, tables: Sequence[Table], catalogue: str) -> None:
    """One file to attach anywhere: the tables as they stand in Parquet, their comments, and the small views."""
    import duckdb

    con = duckdb.connect(str(folder / DUCKDB_FILE), config={"memory_limit": "1GB"})
    try:
        con.execute("BEGIN")
        for t in sorted(tables, key=lambda t: t.view_sql is not None):  # views read tables: they come last
            if t.view_sql is None:
                columns = ", ".join(f'"{c.name}" {c.type}{"" if c.nullable else " NOT NULL"}' for c in t.columns)
                con.execute(f'CREATE TABLE "{t.name}" ({columns})')
                con.execute(f'INSERT INTO "{t.name}" FROM read_parquet({_quoted(folder / (t.name + ".parquet"))})')
            else:
                con.execute(_without_qualifier(t.view_sql, catalogue, t.schema))
            kind = "TABLE" if t.view_sql is None else "VIEW"
            if t.description:
                con.execute(f'COMMENT ON {kind} "{t.name}" IS {_quoted(t.description)}')
            for c in t.columns:
                if c.description:
                    con.execute(f'COMMENT ON COLUMN "{t.name}"."{c.name}" IS {_quoted(c.description)}')
        con.execute("COMMIT")
    finally:
        con.close()


def _without_qualifier(sql: str, catalogue: str, schema: str) -> str:
    """The view's own SQL without the name of the file it was written in."""
    name = r'"?{}"?\.'.format
    return re.sub(f'(?<![\\w."])(?:{name(re.escape(catalogue))})?{name(re.escape(schema))}', "", sql)


def _release_json(home: Home, identity: Identity, folder: Path, rows: dict[str, int]) -> dict[str, Any]:
    """What happened and when: the only place of a release with clock times and the code revision."""
    import duckdb

    return {
        **identity.as_dict(),
        "profile": home.profile,
        "data_origin": home.data_origin,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "code_revision": code_revision(),
        "versions": {"python": platform.python_version(), "duckdb": duckdb.__version__},
        "tables": [{"name": n, "rows": k, "sha256": sha256_of(folder / f"{n}.parquet")} for n, k in sorted(rows.items())],
        "problems": problems(home),
        "coverage": coverage(folder),
    }


def code_revision(root: Path = REPO_ROOT) -> str | None:
    """Git revision of the code, with `+changes` when files differ from it; None outside a git clone."""
    try:
        head = subprocess.run(["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=10, check=True)
        dirty = subprocess.run(["git", "-C", str(root), "status", "--porcelain"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return head.stdout.strip() + ("+changes" if dirty.stdout.strip() else "")


def sha256_of(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
