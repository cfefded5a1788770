"""The landing zone as two lake tables: where every row's file comes from, and which sources are there at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion import drop, lake, landing
from ingestion.receipt import Receipt, Rejection
from ingestion.registry import all_sources
from ingestion.settings import Home
from ingestion.spec import SourceSpec

if TYPE_CHECKING:
    import polars as pl

FILES, SOURCES = "raw_landing__files", "raw_landing__sources"


def files_schema() -> dict[str, pl.DataType]:
    """Columns of `raw_landing__files`, one row per receipt and per rejection."""
    import polars as pl

    text, integer = pl.String(), pl.Int64()
    return {
        "sha256": text,
        "table_name": text,
        "source": text,
        "status": text,  # 'accepted' or 'rejected'
        "layout": text,
        "layout_rank": pl.Int8(),
        "batch": text,
        "vintage": text,
        "retrieved_at": pl.Datetime("us"),  # UTC
        "request": text,  # JSON
        "licence": text,
        "may_redistribute": pl.Boolean(),
        "data_origin": text,
        "size_bytes": integer,
        "content_sha256": text,
        "duplicate_of": text,
        "rows_read": integer,
        "rows_quarantined": integer,
        "rows_repeated": integer,  # rows of years that an earlier file already holds
        "years_repeated": text,  # those years and files, JSON {year: sha256}
        "first_year": pl.Int16(),
        "last_year": pl.Int16(),
        "problem": text,
    }


def sources_schema() -> dict[str, pl.DataType]:
    """Columns of `raw_landing__sources`, one row per registered source."""
    import polars as pl

    text, flag = pl.String(), pl.Boolean()
    columns = ("source", "table_name", "title", "publisher", "citation", "licence")
    rights = {"may_redistribute": flag, "kind": text}
    return dict.fromkeys(columns, text) | rights | {"is_loaded": flag, "is_blocked": flag, "blocked_because": text}


def _file_row(record: Receipt | Rejection) -> dict[str, Any]:
    import json
    from datetime import datetime

    row = {name: getattr(record, name, None) for name in files_schema()}
    row |= {
        "table_name": record.table,
        "status": "accepted" if isinstance(record, Receipt) else "rejected",
        "retrieved_at": datetime.fromisoformat(record.retrieved_at).replace(tzinfo=None),
        "request": json.dumps(dict(record.request), ensure_ascii=False, sort_keys=True),
    }
    if isinstance(record, Rejection):
        row |= {"rows_quarantined": record.rows_bad, "vintage": ""}
    elif not record.duplicate_of:
        repeated = [p for p in record.parts if "duplicate_of" in p]
        years = {str(p["year"]): p["duplicate_of"] for p in repeated}
        row |= {"rows_repeated": sum(p["rows"] for p in repeated), "years_repeated": json.dumps(years) if years else None}
    return row


def write_landing_tables(home: Home, specs: Mapping[str, SourceSpec] | None = None) -> tuple[Path, Path]:
    """Write both tables from the receipts, the rejections and the declarations; return their paths.

    A source is loaded when it has a receipt, and blocked while a file of it was rejected in its last input.
    """
    import polars as pl

    specs = specs or all_sources()
    receipts = landing.receipts(home)
    landing.check_origin(home, receipts)
    files = pl.DataFrame([_file_row(r) for r in [*receipts, *landing.rejections(home)]], schema=files_schema())
    rows = []
    for name in sorted(specs):
        spec = specs[name]
        blocked = drop.InputRecord.read(home, spec.table).rejected()
        rows.append(
            {c: getattr(spec, c, None) for c in sources_schema()}
            | {
                "source": name,
                "table_name": spec.table,
                "is_loaded": any(r.source == name for r in receipts),
                "is_blocked": bool(blocked),
                "blocked_because": "; ".join(blocked.values()) or None,
            }
        )
    written = []
    for table, frame in ((FILES, files.sort("table_name", "sha256", "status")), (SOURCES, pl.DataFrame(rows, schema=sources_schema()))):
        path = home.lake / table / f"{table}.parquet"
        lake.write_parquet(frame, path)
        written.append(path)
    return written[0], written[1]
