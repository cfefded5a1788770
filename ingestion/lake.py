"""The lake: parsed rows as Parquet, one folder per raw table. Everything in it can be rebuilt from the landing zone.

    lake/<table>/year=<Y>/<first 12 of sha256>.parquet    tables that the publisher ships by year
    lake/<table>/<first 12 of sha256>.parquet             other tables
    lake/<table>/zz_schema.parquet                        no rows, so that readers never meet an empty folder
    lake/_quarantine/<table>/<first 12 of sha256>.parquet rows left out, with reasons

Same rows -> same bytes: parts are sorted by partition, key and `_row`, and written by one writer with fixed settings.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingestion import atomic
from ingestion.receipt import Part, Receipt
from ingestion.settings import Home
from ingestion.spec import SourceSpec

if TYPE_CHECKING:
    import polars as pl

ROW_GROUP_ROWS = 122_880  # DuckDB's own size: its readers skip whole groups
SCHEMA_FILE = "zz_schema.parquet"  # comes last: DuckDB guesses the rows of a folder from its first file, and plans joins by that
TRACE = ("data_origin", "_sha256", "_row")  # on every lake row, no part of its content


class YearPart(NamedTuple):
    """What decides which rows of a year win, and what they are: the material of the yearly fingerprint."""

    file: str
    layout_rank: int
    vintage: str
    batch: str
    content_sha256: str


def part_path(home: Home, table: str, year: int | None, sha256: str) -> Path:
    """Path of one lake part."""
    folder = home.lake / table
    return (folder if year is None else folder / f"year={year}") / f"{sha256[:12]}.parquet"


def staged_path(home: Home, table: str, year: int | None, sha256: str) -> Path:
    """Where a part waits until the whole file is judged: on the lake's own file system, out of readers' sight."""
    return home.lake / "_staging" / table / part_path(home, table, year, sha256).relative_to(home.lake / table)


def quarantine_path(home: Home, table: str, sha256: str) -> Path:
    return home.lake / "_quarantine" / table / f"{sha256[:12]}.parquet"


def lake_schema(spec: SourceSpec) -> dict[str, pl.DataType]:
    """Column -> polars type of the table's lake files: the source's columns, then the trace."""
    import polars as pl

    columns = {name: column.dtype.type for name, column in spec.schema().columns.items() if name not in TRACE}
    return columns | {"data_origin": pl.String(), "_sha256": pl.String(), "_row": pl.Int64()}


def write_parquet(frame: pl.DataFrame | pl.LazyFrame, target: Path) -> None:
    """Write one Parquet file as a whole. The caller has sorted the rows. Enumerations are written as the text that they stand for."""
    import polars as pl

    rows = frame.lazy()
    declared = {name: pl.String() if dtype == pl.Enum else dtype for name, dtype in rows.collect_schema().items()}
    with atomic.replacing(target) as temp:
        rows.sink_parquet(temp, compression="zstd", compression_level=2, row_group_size=ROW_GROUP_ROWS, metadata=_polars_types(declared))


def _polars_types(schema: Mapping[str, pl.DataType]) -> dict[str, str]:
    """What polars notes in a file about the types of its columns: without it a reader would be told of enumerations."""
    import polars as pl

    pl.DataFrame(schema=schema).write_parquet(empty := io.BytesIO())
    return pl.read_parquet_metadata(empty.getvalue())


def write_schema_part(home: Home, spec: SourceSpec) -> Path:
    """Make sure that the table's folder holds a file with the right columns and no rows."""
    import polars as pl

    empty = pl.DataFrame(schema=lake_schema(spec))
    path = home.lake / spec.table / SCHEMA_FILE
    if not path.is_file() or pl.read_parquet_schema(path) != dict(empty.schema):
        write_parquet(empty, path)
    return path


def by_year(frame: pl.DataFrame, spec: SourceSpec) -> Iterator[tuple[int | None, pl.DataFrame]]:
    """The rows of each lake part, years ascending."""
    import polars as pl

    if not spec.yearly:
        yield None, frame
        return
    years = sorted(frame["year"].unique().to_list())
    for year in years:
        yield int(year), frame.filter(pl.col("year") == year) if len(years) > 1 else frame


def combined_sha256(parts: list[Part]) -> str:
    """Content hash of a file from the content hashes of its parts."""
    lines = sorted(f"{p['year']} {p['content_sha256']}\n" for p in parts)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def stage_parts(
    home: Home, spec: SourceSpec, sha256: str, origin: str, frame: pl.DataFrame, known_places: pl.Series | None = None
) -> list[Part]:
    """Write the lake parts of one file, or of some of its years, where no reader sees them yet; describe them.

    `frame` has the source's columns and `_row`; a `data_origin` that the parser gave ('official' or 'modelled') stays
    unless the profile is the sample. `known_places`: see `Validated`. The content hash is taken while the part is written.
    """
    from concurrent.futures import ThreadPoolExecutor

    import polars as pl

    from ingestion.content_hash import flattened, hash_columns, places_in_order
    from ingestion.order import as_enum

    parts: list[Part] = []
    for year, part in by_year(frame, spec):
        rows = part.with_columns(as_enum(part[c]) for c, dtype in part.schema.items() if dtype == pl.Enum)  # same rows, same dictionary
        flat = flattened(rows)
        is_whole = known_places is not None and rows.height == frame.height
        places = known_places if is_whole else places_in_order(flat, [*spec.partition, *spec.key])
        with ThreadPoolExecutor(1) as pool:
            content = pool.submit(hash_columns, flat, places)
            write_parquet(_traced(spec, sha256, origin, rows, places), staged_path(home, spec.table, year, sha256))
        parts.append({"year": year, "rows": rows.height, "content_sha256": content.result()})
    return parts


def _traced(spec: SourceSpec, sha256: str, origin: str, rows: pl.DataFrame, places: pl.Series) -> pl.LazyFrame:
    """The rows in the order of `places` with the lake's columns and types, gathered a row group at a time."""
    import polars as pl
    from polars.io.plugins import register_io_source

    keeps_own = "data_origin" in rows.columns and origin != "sample"
    trace = {"_sha256": sha256} | ({} if keeps_own else {"data_origin": origin})

    def groups(*_: object) -> Iterator[pl.DataFrame]:
        for start in range(0, rows.height, ROW_GROUP_ROWS):
            yield rows[places[start : start + ROW_GROUP_ROWS]]

    is_text = {name for name, dtype in rows.schema.items() if dtype == pl.Enum} | {*trace}
    columns = [pl.col(name) if name in is_text else pl.col(name).cast(dtype) for name, dtype in lake_schema(spec).items()]
    constants = [pl.lit(text, dtype=pl.Enum([text])).alias(name) for name, text in trace.items()]
    return register_io_source(groups, schema=rows.schema).with_columns(constants).select(columns)


def show_parts(home: Home, table: str, sha256: str, parts: Sequence[Part]) -> None:
    """Move the staged parts of an accepted file to where readers look."""
    for part in parts:
        target = part_path(home, table, part["year"], sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(staged_path(home, table, part["year"], sha256), target)
        atomic.sync_folder(target.parent)


def drop_staged(home: Home, table: str) -> None:
    """Forget staged parts of files that were not accepted, or that a killed run left."""
    shutil.rmtree(home.lake / "_staging" / table, ignore_errors=True)


def write_quarantine(home: Home, table: str, sha256: str, bad: pl.DataFrame) -> None:
    """Keep the rows that were left out of one file, with reasons; no file when there are none."""
    import polars as pl

    path = quarantine_path(home, table, sha256)
    if bad.is_empty():
        path.unlink(missing_ok=True)
        return
    write_parquet(bad.with_columns(pl.lit(sha256).alias("_sha256")).sort("_row", "column", "expected", "found"), path)


def read_parts(home: Home, spec: SourceSpec, sha256: str, parts: Sequence[Part], year: int | None = None) -> pl.DataFrame:
    """Lake rows of one file, of all its years or of one; no rows when it has none of that year.

    Raises:
        FileNotFoundError: a part is missing.
    """
    return scan_parts(home, spec, sha256, parts, year).collect()


def scan_parts(
    home: Home, spec: SourceSpec, sha256: str, parts: Sequence[Part], year: int | None = None, *, staged: bool = False
) -> pl.LazyFrame:
    """As `read_parts`, of which nothing is read yet."""
    import polars as pl

    where = staged_path if staged else part_path
    paths = [where(home, spec.table, p["year"], p.get("duplicate_of", sha256)) for p in parts if year in (None, p["year"])]
    return pl.concat([pl.LazyFrame(schema=lake_schema(spec)), *map(pl.scan_parquet, paths)])


def missing_parts(home: Home, receipts: list[Receipt]) -> list[Receipt]:
    """Receipts whose lake parts are not all there (a lake that was deleted, a run that was killed)."""
    return [r for r in receipts if not all(part_path(home, r.table, p["year"], r.sha256).is_file() for p in r.own_parts)]


def sweep(home: Home, table: str, receipts: list[Receipt]) -> list[Path]:
    """Remove parts of the table that no receipt names: a killed run may have left them. Return what was removed."""
    named = {part_path(home, table, p["year"], r.sha256) for r in receipts for p in r.own_parts}
    removed = [p for p in sorted((home.lake / table).rglob("*.parquet")) if p.name != SCHEMA_FILE and p not in named]
    kept = {quarantine_path(home, table, r.sha256) for r in receipts if r.rows_quarantined}
    removed += [p for p in sorted((home.lake / "_quarantine" / table).glob("*.parquet")) if p not in kept]
    for path in removed:
        path.unlink(missing_ok=True)
    return removed + atomic.remove_orphans(home.lake / table)


def year_parts(home: Home, table: str) -> dict[int, list[YearPart]]:
    """Year -> parts that hold rows of it, in a fixed order; year 0 for a table that is not kept by year."""
    from ingestion.landing import receipts

    found: dict[int, list[YearPart]] = {}
    for r in receipts(home, table=table):
        for p in r.own_parts:
            part = YearPart(part_path(home, table, None, r.sha256).name, r.layout_rank, r.vintage, r.batch, p["content_sha256"])
            found.setdefault(p["year"] or 0, []).append(part)
    return {year: sorted(found[year]) for year in sorted(found)}
