"""Trade indicators at the size of BACI: complexity against ecomplexity, and all trade models of dbt on years of ten million flows.

    python benchmarks/bench_trade.py [--year-file FILE] [--folder DIR] [--only complexity|suite|check] [--years 3]

**Suite**: every model that depends on BACI, from the lake to the marts, for one year, for `--years` of them, and for one more beside
those built; against DuckDB's bare `group by exporter, hs6` over the same Parquet. A straightforward pandas version (trade_pandas) stands
against the models of the same tables, from the lake to files of the same columns and rows. **Check**: the two, table by table, on eight
small years; not among what runs by default. **Complexity**: 230 countries x 5,000 codes; both sides
get the same long rows (country, code, value) of one invented year (baci_shaped.py) and give RCA, ECI, PCI, density, outlook and gain;
reading the file and imports are left out on both sides, as is the peer's check of log-supermodularity, which this project does not make.

Prints `name value target pass|short`; targets are this project's own aims. Each side runs in a process of its own, so that peaks of
memory are its own, and with one BLAS thread: threads that wait for each other on a busy machine would measure the neighbours.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

import trade_suite
from baci_shaped import N_CODES, N_COUNTRIES, write_year
from bench_ingest import apart, show

YEAR = 2020
REPEATS = 5
CHECK_YEARS, CHECK_ROWS = range(2014, 2022), 200_000  # base years of prices among them, so that constant prices are there
TARGET_TIMES_FASTER = 100.0
TARGET_GENERATOR_SECONDS = 60.0
TARGET_SUITE_SECONDS = 60.0
TARGET_SUITE_PEAK_GIB = 4.0
TARGET_TO_GROUP_BY = 120.0
TARGET_TO_PANDAS = 10.0
TARGET_LINEAR = 1.1  # seconds a year of several years, to those of one
TARGET_ONE_MORE_YEAR = 1.5
TARGET_DIFFERENCE = 1e-8


def exports_of(file: Path) -> dict[str, np.ndarray]:
    """Exports of a year by country and code: arrays i, k (from 0) and v in thousand USD."""
    import duckdb

    with duckdb.connect() as con:
        sql = f"select (i - 1)::integer as i, k::integer - 1 as k, sum(v) as v from '{file}' group by all order by all"
        return con.sql(sql).fetchnumpy()


def ours(file: Path) -> tuple[float, dict[str, Any]]:
    """(median seconds of REPEATS calls, results) of this project's functions: a call is too short for one reading of the clock."""
    import scipy.linalg
    import scipy.sparse.csgraph  # noqa: F401

    rows = exports_of(file)
    seconds, results = [], {}
    for _ in range(REPEATS):
        began = time.perf_counter()
        results = _ours(rows)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), results


def _ours(rows: dict[str, np.ndarray]) -> dict[str, Any]:
    from indicators import complexity as index
    from indicators import complexity_space as space

    x = np.zeros((N_COUNTRIES, N_CODES))
    x[rows["i"], rows["k"]] = rows["v"]
    ratio = index.rca(x)
    m = index.advantage(ratio)
    eci, pci = index.eci_pci(m)
    d = space.density(m, m)
    space.coi(m, d, pci)
    space.cog(m, m, d, pci)
    return {"rca": ratio, "eci": eci, "pci": pci, "density": d}


def peer(file: Path) -> tuple[float, dict[str, Any]]:
    """(seconds, results) of py-ecomplexity."""
    import pandas as pd
    from ecomplexity import ecomplexity

    frame = pd.DataFrame({**exports_of(file), "t": YEAR})
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        columns = {"time": "t", "loc": "i", "prod": "k", "val": "v"}
        found = ecomplexity(frame, columns, check_logsupermodularity=False, verbose=False)
    seconds = time.perf_counter() - began
    found = found.sort_values(["i", "k"])
    shape = (N_COUNTRIES, N_CODES)
    wide = {name: found[name].to_numpy().reshape(shape) for name in ("rca", "eci", "pci", "density")}
    return seconds, {**wide, "eci": wide["eci"][:, 0], "pci": wide["pci"][0]}


def complexity(file: Path) -> None:
    """Seconds, peak memory and largest difference of both sides."""
    (seconds, found), _, gib = apart(ours, file)
    (peer_seconds, expected), _, peer_gib = apart(peer, file)
    show("complexity_seconds", seconds, "s")
    show("complexity_ecomplexity_seconds", peer_seconds, "s")
    show("complexity_times_faster", peer_seconds / seconds, "x", at_least=TARGET_TIMES_FASTER)
    show("complexity_peak", gib, "GiB")
    show("complexity_ecomplexity_peak", peer_gib, "GiB")
    show("complexity_peak_to_ecomplexity", gib / peer_gib, "x", 1.0)
    for name, values in found.items():
        difference = float(np.abs(values - expected[name]).max())
        show(f"complexity_{name}_difference", difference / TARGET_DIFFERENCE, "x 1e-8", 1.0)


def suite(folder: Path, n_years: int) -> None:
    """One year, `n_years` years, one more; the floor and pandas on the first year."""
    root = folder / "home"
    first, years = YEAR - n_years, range(YEAR - n_years, YEAR)
    apart(trade_suite.prepare, root)
    rows = [apart(trade_suite.put_year, root, year)[0] for year in (*years, YEAR)]
    show("suite_rows_of_first_year", rows[0] / 1e6, "million")
    apart(trade_suite.build, root, [], [first], [first])  # seeds and dimensions; the first build pays for what later ones find warm
    (one, models), _, gib = apart(trade_suite.suite, root, [first], [first])
    show("suite_one_year", one, "s", TARGET_SUITE_SECONDS)
    show("suite_one_year_peak", gib, "GiB", TARGET_SUITE_PEAK_GIB)
    for name in sorted(models, key=lambda m: -models[m])[:5]:
        show(f"suite_{name}", models[name], "s")
    floor, _, _ = apart(trade_suite.bare_group_by, root, first)
    show("suite_to_bare_group_by", one / floor, "x", TARGET_TO_GROUP_BY)
    (same, _), _, _ = apart(trade_suite.same_as_pandas, root, first)
    (pandas, _), _, pandas_gib = apart(in_pandas, root, first)
    show("suite_models_of_the_indices_in_pandas", same, "s")
    show("suite_pandas", pandas, "s")
    show("suite_pandas_peak", pandas_gib, "GiB")
    show("suite_times_faster_than_pandas", pandas / same, "x", at_least=TARGET_TO_PANDAS)
    (several, _), _, gib = apart(trade_suite.suite, root, list(years), list(years))
    show(f"suite_{n_years}_years", several, "s")
    show(f"suite_{n_years}_years_peak", gib, "GiB", TARGET_SUITE_PEAK_GIB)
    show("suite_a_year_of_several_to_one", several / n_years / one, "x", TARGET_LINEAR)
    (more, _), _, _ = apart(trade_suite.suite, root, [YEAR], [*years, YEAR])
    show(f"suite_one_year_more_than_{n_years}", more, "s")
    show("suite_one_more_to_one_alone", more / one, "x", TARGET_ONE_MORE_YEAR)


def in_pandas(root: Path, year: int) -> tuple[float, dict[str, float]]:
    """trade_pandas, imported where it is measured: pandas would add to the peaks of the models."""
    import trade_pandas

    return trade_pandas.in_pandas(root, year)


def check(folder: Path) -> None:
    """Every table of eight small years, what the longest windows need, in pandas against the model's.

    Raises:
        SystemExit: tables differ; what differs is printed below each.
    """
    import trade_pandas
    from trade_pandas.check import compared

    root, years = folder / "home", list(CHECK_YEARS)
    trade_suite.prepare(root)
    for year in years:
        trade_suite.put_year(root, year, CHECK_ROWS)
    trade_suite.build(root, [], years, years)
    trade_pandas.of_years(root, years, root / "pandas")
    found = []
    for name, rows, largest, problems in compared(root, years, root / "pandas"):
        print(f"{name} {rows} rows, largest difference {largest:.1e}", *problems, sep="\n    ")
        found += problems
    if found:
        raise SystemExit(f"{len(found)} columns differ")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--year-file", type=Path, help="a year that baci_shaped.py wrote before; default: write one")
    arguments.add_argument("--folder", type=Path, help="where to work; default: the system's temporary folder")
    arguments.add_argument("--only", choices=("complexity", "suite", "check"), help="default: complexity, then suite")
    arguments.add_argument("--years", type=int, default=3, help="years that are built before one more is added; default 3")
    given = arguments.parse_args()
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # read by the new processes
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        if given.only == "check":
            return check(Path(name))
        if given.only != "suite":
            file = given.year_file
            if file is None:
                file, seconds, _ = apart(write_year, Path(name), YEAR)
                show("trade_year_written_seconds", seconds, "s", TARGET_GENERATOR_SECONDS)
            complexity(file)
        if given.only != "complexity":
            suite(Path(name), given.years)


if __name__ == "__main__":
    main()
