"""How much the door costs: one BACI year through the ingestion pipeline, against the least work that gives Parquet.

    python benchmarks/bench_ingest.py [--rows 10000000] [--folder DIR]

Floor, in the same run on the same file: unzip the member, then a bare DuckDB COPY from CSV to Parquet (zstd). The floor keeps no
bytes, checks no value and no key, hashes nothing and sorts nothing. Prints `name value target pass|short`; targets are this
project's own aims, not anybody's limit. Each part runs in a process of its own, so that peaks of memory are its own.
Last, the same year of the next version, every value revised, which is compared with the first.
Elapsed time counts; on a busy machine the processor time of both sides says more.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

TARGET_RATIO = 1.7
TARGET_PEAK_GIB = 1.5
YEAR = 2021
VERSION, NEXT_VERSION = "V202501", "V202601"
GIB_IN_KIB = 1024 * 1024


def member(version: str) -> str:
    """Name of the year's file in the archive."""
    return f"BACI_HS96_Y{YEAR}_{version}.csv"


def generate(folder: Path, n_rows: int, version: str) -> Path:
    """A zip in the official layout: one year of `n_rows` distinct flows in the publisher's order, values padded, some NA.

    Another version has the same flows with other values.

    Raises:
        ValueError: more rows than there are pairs of countries times codes.
    """
    import duckdb

    from ingestion.sample.names import COUNTRIES, HS6

    codes = sorted({int(c.baci_code) for c in COUNTRIES.values() if c.baci_code})
    cells = len(codes) * len(codes) * len(HS6)
    stride = cells // n_rows
    if stride < 2:
        raise ValueError(f"--rows: expected fewer than {cells // 2}, found {n_rows}")
    csv = folder / member(version)
    with duckdb.connect() as con:
        con.execute("create table country as select unnest(?) as code, generate_subscripts(?, 1) - 1 as n", [codes, codes])
        con.execute("create table product as select unnest(?) as code, generate_subscripts(?, 1) - 1 as n", [list(HS6), list(HS6)])
        con.execute(f"""
            copy (
                with cell as (
                    select n * {stride} + hash(n) % {stride} as cell, hash(n, '{version}') / 18446744073709551616.0 as u
                    from range({n_rows}) as r(n)
                )
                select {YEAR} as t, i.code as i, j.code as j, p.code as k, printf('%12.3f', 0.001 + 50000 * u * u * u * u) as v,
                       if(u < 0.08, '          NA', printf('%12.3f', 0.001 + 20000 * u * u * u)) as q
                from cell
                inner join country as i on i.n = cell // {len(codes) * len(HS6)}
                inner join country as j on j.n = cell // {len(HS6)} % {len(codes)}
                inner join product as p on p.n = cell % {len(HS6)}
                where i.code <> j.code
                order by cell
            ) to '{csv}' (header, quote '')
        """)
    archive = folder / f"BACI_HS96_{version}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
        z.write(csv, csv.name)
        countries = "".join(f"{c},Country {c},XX,XXX\n" for c in codes)
        z.writestr(f"country_codes_{version}.csv", f"country_code,country_name,country_iso2,country_iso3\n{countries}")
        z.writestr(f"product_codes_HS96_{version}.csv", "code,description\n" + "".join(f"{c},Product\n" for c in HS6))
    csv.unlink()
    return archive


def floor(archive: Path, folder: Path) -> int:
    """Unzip and COPY; gives the rows written."""
    import duckdb

    with zipfile.ZipFile(archive) as z:
        csv = Path(z.extract(member(VERSION), folder))
    columns = "{'t': 'SMALLINT', 'i': 'VARCHAR', 'j': 'VARCHAR', 'k': 'VARCHAR', 'v': 'DOUBLE', 'q': 'DOUBLE'}"
    with duckdb.connect() as con:
        read = f"read_csv('{csv}', header = true, nullstr = '          NA', columns = {columns})"
        con.execute(f"copy (from {read}) to '{folder / 'floor.parquet'}' (format parquet, compression zstd)")
        (rows,) = con.execute(f"select count(*) from '{folder / 'floor.parquet'}'").fetchall()[0]
    return rows


def pipeline(archive: Path, folder: Path) -> int:
    """The real door: recognise, land, parse, check, hash, sort, compare with the vintage before, write, receipt; gives the rows read.

    Raises:
        RuntimeError: the file was not accepted.
    """
    from ingestion.ingest import ingest_files
    from ingestion.settings import Home

    report = ingest_files(Home(folder / "home", "main"), [archive])
    (file,) = report.files
    if file.status != "accepted" or file.rows_quarantined:
        raise RuntimeError(f"{file.status}, {file.rows_quarantined} rows in quarantine: {file.problem}")
    return file.rows_read


def _warm() -> None:
    """Imports are paid once a process, not once a file: they are left out on both sides."""
    import duckdb  # noqa: F401

    from ingestion.registry import all_sources

    for spec in all_sources().values():
        spec.schema()


def _measured(work: Callable[..., Any], *args: Any) -> tuple[Any, float, float]:
    """(result, seconds, peak memory in GiB) of `work` in this process."""
    _warm()
    began = time.perf_counter()
    result = work(*args)
    seconds = time.perf_counter() - began
    return result, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB_IN_KIB


def timed(work: Callable[..., Any], *args: Any) -> tuple[Any, float]:
    """(result, processor seconds of all threads) of `work`."""
    began = time.process_time()
    return work(*args), time.process_time() - began


def apart(work: Callable[..., Any], *args: Any) -> tuple[Any, float, float]:
    """`_measured` in a new process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measured, work, *args).result()


def show(name: str, value: float, unit: str, target: float | None = None, *, at_least: float | None = None) -> None:
    """One figure a line: `name value target pass|short`; figures without a target are for reading the ratios."""
    verdict = "-" if target is None else f"<= {target:g}  {'pass' if value <= target else 'short'}"
    if at_least is not None:
        verdict = f">= {at_least:g}  {'pass' if value >= at_least else 'short'}"
    print(f"{name:<34} {value:10.2f} {unit:<9} {verdict}", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=10_000_000, help="rows of the generated year (a real one has about 10 million)")
    arguments.add_argument("--folder", type=Path, help="where to work; default: the system's temporary folder")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        archive, _, _ = apart(generate, folder, given.rows, VERSION)
        (floor_rows, floor_used_s), floor_s, floor_gib = apart(timed, floor, archive, folder)
        (rows, used_s), seconds, gib = apart(timed, pipeline, archive, folder)
        if rows != floor_rows:
            raise RuntimeError(f"the floor wrote {floor_rows} rows, the pipeline read {rows}")
        size = archive.stat().st_size
        revision, _, _ = apart(generate, folder, given.rows, NEXT_VERSION)
        _, revision_s, revision_gib = apart(pipeline, revision, folder)
    show("ingest_rows", rows / 1e6, "million")
    show("ingest_archive", size / 2**20, "MiB")
    show("ingest_floor_seconds", floor_s, "s")
    show("ingest_floor_processor", floor_used_s, "s")
    show("ingest_floor_peak", floor_gib, "GiB")
    show("ingest_pipeline_seconds", seconds, "s")
    show("ingest_pipeline_processor", used_s, "s")
    show("ingest_processor_to_floor", used_s / floor_used_s, "x")
    show("ingest_pipeline_to_floor", seconds / floor_s, "x", TARGET_RATIO)
    show("ingest_pipeline_peak", gib, "GiB", TARGET_PEAK_GIB)
    show("ingest_revision_seconds", revision_s, "s")
    show("ingest_revision_peak", revision_gib, "GiB", TARGET_PEAK_GIB)


if __name__ == "__main__":
    main()
