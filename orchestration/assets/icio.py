"""Measures of inter-country input-output tables: computed once for each table and year, again when its cells or the engine change."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import dagster as dg

from ingestion import icio_lake
from ingestion.icio_lake import TableInUse
from ingestion.lake import SCHEMA_FILE, write_parquet
from ingestion.landing_tables import FILES
from ingestion.settings import REPO_ROOT, Home
from orchestration.assets.raw import column_schema
from orchestration.dbt_translator import OWNER
from orchestration.partitions import YEARS, note_years, years_asked
from orchestration.resources import Platform

if TYPE_CHECKING:
    import polars as pl

ENGINE = REPO_ROOT / "indicators" / "icio"
LARGEST_VIOLATION = 1e-10  # of an accounting identity, relative to exports: rounding of doubles stays far below
ABOUT = {
    "num_icio__tables": "One row per input-output table: size, imbalance, oddities, and why it could not be used.",
    "num_icio__identities": "One row per table and accounting identity: its largest relative violation.",
    "num_icio__partners": "One row per table, country and partner: decompositions of bilateral exports.",
    "num_icio__measures": "One row per table, country and industry ('ALL': the country): every measure of the engine.",
}
IDENTITIES_HOLD = dg.AssetCheckSpec(
    "identities_hold",
    asset="num_icio__identities",
    blocking=True,
    description=f"No accounting identity is off by more than {LARGEST_VIOLATION}.",
)


@dg.multi_asset(
    name="num_icio",
    specs=[
        dg.AssetSpec(
            name,
            group_name="num_icio",
            description=text,
            owners=[OWNER],
            kinds={"python", "numpy", "parquet"},
            # written when every source has taken in its files. A run over all years names none, and Dagster lets no partitioned
            # asset read another one in such a run
            deps=[FILES],
        )
        for name, text in ABOUT.items()
    ],
    check_specs=[IDENTITIES_HOLD],
    partitions_def=YEARS,
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def num_icio(context: dg.AssetExecutionContext, platform: Platform) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    home = platform.home
    years = {int(year) for year in years_asked(context) or YEARS.get_partition_keys()}
    tables = [t for t in icio_lake.tables_in_use(home) if t.year in years]
    computed = measure_tables(home, tables, years, context.log.info)
    for name, frame in empty_tables().items():
        write_parquet(frame, home.lake / name / SCHEMA_FILE)
        metadata = {"tables": len(tables), "computed_now": len(computed), "dagster/column_schema": column_schema(dict(frame.schema))}
        note_years(context, name, rows_by_year(home, name, {t.year for t in computed}))
        yield dg.MaterializeResult(asset_key=name, metadata=metadata)
    broken = violated(home)
    yield dg.AssetCheckResult(
        check_name=IDENTITIES_HOLD.name,
        asset_key=IDENTITIES_HOLD.asset_key,
        passed=not broken,
        description="; ".join(broken[:5]) or None,
        metadata={"violated": len(broken)},
    )


def measure_tables(home: Home, tables: Sequence[TableInUse], years: Collection[int], say: Callable[[str], None]) -> list[TableInUse]:
    """Write the records of every table that has none from the same cells and engine; of these years drop those of other tables.

    `num_icio__measures` is written last: where it is, the other three are. Returns the tables that were computed.
    """
    wanted = {f"{t.spec.name}-{t.year}-{_fingerprint(t)}.parquet": t for t in tables}
    todo = [file for file in wanted if not (home.lake / "num_icio__measures" / file).is_file()]
    for number, file in enumerate(todo, 1):
        say(f"input-output table {number}/{len(todo)}: {wanted[file].edition} {wanted[file].year}")
        for name, frame in records(home, wanted[file]).items():
            write_parquet(frame, home.lake / name / file)
    for path in [p for name in ABOUT for p in (home.lake / name).glob("*-*.parquet")]:
        if int(path.stem.split("-")[1]) in years and path.name not in wanted:
            path.unlink()
    return [wanted[file] for file in todo]


def rows_by_year(home: Home, name: str, years: Collection[int]) -> dict[str, int]:
    """Year -> rows of one of the four tables."""
    import polars as pl

    files = {year: sorted((home.lake / name).glob(f"*-{year}-*.parquet")) for year in sorted(years)}
    return {str(year): sum(pl.scan_parquet(p).select(pl.len()).collect().item() for p in paths) for year, paths in files.items()}


def records(home: Home, table: TableInUse) -> dict[str, "pl.DataFrame"]:
    """Table name -> rows of one input-output table. One that cannot be solved leaves one row, in `num_icio__tables`, with the reason."""
    import polars as pl

    from indicators.icio.assemble import table_of
    from indicators.icio.records import all_records
    from indicators.icio.table import BadTable

    cells = icio_lake.read_table(home, table)
    try:
        found = all_records(table_of(cells.countries, cells.sectors, cells.intermediate, cells.final, cells.final_columns, cells.output))
    except BadTable as e:
        found = {"tables": {"problem": [str(e)]}}
    about = {
        "source": table.spec.name,
        "edition": table.edition,
        "year": table.year,
        "_sha256": cells.sha256,
        "data_origin": cells.data_origin,
    }
    frames = {}
    for name, empty in empty_tables().items():
        columns = found.get(name.removeprefix("num_icio__"))
        if columns:
            given = pl.DataFrame(columns).with_columns(pl.lit(value).alias(key) for key, value in about.items())
            empty = pl.concat([empty, given.select(pl.col(c).cast(empty.schema[c]) for c in given.columns)], how="diagonal").fill_nan(None)
        frames[name] = empty
    return frames


@cache
def empty_tables() -> dict[str, "pl.DataFrame"]:
    """The four tables without rows. Their columns are those of a toy of two economies."""
    import numpy as np
    import polars as pl

    from indicators.icio.records import all_records
    from indicators.icio.table import IcioTable

    toy = IcioTable(("A", "B"), ("s", "s"), np.full((2, 2), 1.0), np.full((2, 2), 2.0), np.zeros(2), np.full(2, 6.0))
    where = {"source": pl.String(), "edition": pl.String(), "year": pl.Int16(), "_sha256": pl.String(), "data_origin": pl.String()}
    found = {f"num_icio__{name}": pl.DataFrame(columns).schema for name, columns in all_records(toy).items()}
    text = {"problem": pl.String(), "worst_imbalance": pl.List(pl.String())}
    return {name: pl.DataFrame(schema=where | {c: text.get(c, t) for c, t in found[name].items()}) for name in ABOUT}


def violated(home: Home) -> list[str]:
    """'edition year identity: violation' of every identity that does not hold, over all tables."""
    import polars as pl

    rows = pl.read_parquet(home.lake / "num_icio__identities" / "*.parquet").filter(~(pl.col("largest_violation") <= LARGEST_VIOLATION))
    return [f"{r['edition']} {r['year']} {r['identity']}: {r['largest_violation']:.1e}" for r in rows.iter_rows(named=True)]


def _fingerprint(table: TableInUse) -> str:
    return hashlib.sha256(f"{table.edition} {table.content_sha256} {table.receipt.sha256} {_engine()}".encode()).hexdigest()[:12]


@cache
def _engine() -> str:
    """Of the code that computes."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(ENGINE.glob("*.py")))).hexdigest()
