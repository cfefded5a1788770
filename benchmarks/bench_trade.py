"""Trade indicators at the size of BACI: complexity on 230 countries x 5,000 codes, against ecomplexity in the same run.

    python benchmarks/bench_trade.py [--year-file FILE] [--folder DIR]

Both sides get the same long rows (country, code, value) of one invented year (baci_shaped.py) and give RCA, ECI, PCI, density,
outlook and gain; reading the file and imports are left out on both sides, as is the peer's check of log-supermodularity, which
this project does not make. Prints `name value target pass|short`; targets are this project's own aims. Each side runs in a
process of its own, so that peaks of memory are its own, and with one BLAS thread: threads that wait for each other on a busy
machine would measure the neighbours.
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

from baci_shaped import N_CODES, N_COUNTRIES, write_year
from bench_ingest import apart, show

YEAR = 2020
REPEATS = 5
TARGET_TIMES_FASTER = 100.0
TARGET_GENERATOR_SECONDS = 60.0
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


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--year-file", type=Path, help="a year that baci_shaped.py wrote before; default: write one")
    arguments.add_argument("--folder", type=Path, help="where to work; default: the system's temporary folder")
    given = arguments.parse_args()
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # read by the new processes
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        file = given.year_file
        if file is None:
            file, seconds, _ = apart(write_year, Path(name), YEAR)
            show("trade_year_written_seconds", seconds, "s", TARGET_GENERATOR_SECONDS)
        complexity(file)


if __name__ == "__main__":
    main()
