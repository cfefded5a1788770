"""How much the whole set of input-output measures costs, against one bare inversion of the same size in the same run.

    python benchmarks/bench_icio.py [--economies 81] [--industries 50]

The large table is generated: as many economies and industries as the largest OECD edition, mostly domestic inputs, with inventories, so
that the correction for them is part of the set. The small one is WIOD 2011 where the folder ../shared stands beside the repository,
else generated; on it the set is also set against pymrio's own accounts (`calc_all`, one extension), which are a smaller set.
Threads of the BLAS are those of the environment, the same for floor and engine. Prints `name value target pass|short`; targets are this
project's own aims. Each table runs in a process of its own, so that peaks of memory are its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench_ingest import GIB_IN_KIB, show

from indicators.icio.identities import violations
from indicators.icio.measures import measure
from indicators.icio.system import solve
from indicators.icio.table import IcioTable

TARGET_RATIO = 4.0
TARGET_PEAK_GIB = 6.0
TARGET_WIOD_S = 3.0
WIOD = Path(__file__).resolve().parents[2] / "shared/data/value_added/wiod_2013_release/wiot_2011.parquet"


def generate(economies: int, industries: int, seed: int = 1) -> IcioTable:
    """A table whose domestic blocks hold most inputs: value added about half of output, a sixth of inputs imported."""
    random = np.random.default_rng(seed)
    n = economies * industries
    size = np.repeat(random.lognormal(0.0, 1.5, economies), industries) * random.lognormal(0.0, 1.0, n)
    owner = np.repeat(np.arange(economies), industries)
    z = random.lognormal(0.0, 1.5, (n, n)) * size[:, None] / size.sum()
    for s in range(economies):
        k = slice(s * industries, (s + 1) * industries)
        z[k, k] *= 5.0 * z[:, k].sum(axis=0) / z[k, k].sum(axis=0)
    z *= (0.5 * size / z.sum(axis=0))[None, :]
    left = np.maximum(size - z.sum(axis=1), 0.1 * size)
    y = random.lognormal(0.0, 1.0, (n, economies))
    y[np.arange(n), owner] *= 10.0 * economies
    y *= (left / y.sum(axis=1))[:, None]
    countries = tuple(f"C{s:02d}" for s in owner)
    sectors = tuple(f"S{i:02d}" for i in range(industries)) * economies
    return IcioTable(countries, sectors, 1e4 * z, 1e4 * y, inventories=random.normal(0.0, 0.01, n) * 1e4 * left)


def wiod_or_generated() -> tuple[str, IcioTable]:
    """WIOD 2011 where it is at hand, else a generated table of its size."""
    if not WIOD.is_file():
        return "generated", generate(41, 35)
    import polars as pl

    frame = pl.read_parquet(WIOD)
    labels = [row.split(".") for row in frame["row"]]
    values = frame.drop("row").to_numpy().astype(np.float64)
    n = len(labels)
    stocks = [i for i, name in enumerate(frame.columns[1:]) if i >= n and name.endswith(".c42")]
    final = values[:, n:-1].reshape(n, 41, -1).sum(axis=2)
    table = IcioTable(tuple(c for c, _ in labels), tuple(s for _, s in labels), values[:, :n], final, values[:, stocks].sum(axis=1))
    return "real", table


def seconds(work: Callable[[], Any]) -> tuple[Any, float]:
    """(result, seconds) of one call."""
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def large(economies: int, industries: int) -> dict[str, float]:
    """One inversion before and one after the whole set; their mean is the floor."""
    table = generate(economies, industries)
    coefficients = np.eye(len(table.countries)) - table.z / table.row_sums
    _, before = seconds(lambda: np.linalg.inv(coefficients))
    system, solving = seconds(lambda: solve(table))
    measures, measuring = seconds(lambda: measure(system))
    _, after = seconds(lambda: np.linalg.inv(coefficients))
    found, checking = seconds(lambda: violations(system, measures))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB_IN_KIB
    floor = (before + after) / 2
    figures = {"floor": floor, "solve": solving, "measure": measuring, "identities": checking, "peak": peak}
    return figures | {"ratio": (solving + measuring) / floor, "worst": max(found.values()), "arrays": float(len(measures.by_partner))}


def small() -> dict[str, Any]:
    """The whole set and pymrio's accounts on one table of 41 x 35, the better of three each."""
    import pandas as pd
    import pymrio

    kind, table = wiod_or_generated()
    cpu = time.process_time()
    ours = min(seconds(lambda: measure(solve(table)))[1] for _ in range(3))
    cpu = (time.process_time() - cpu) / 3
    index = pd.MultiIndex.from_arrays([table.countries, table.sectors], names=["region", "sector"])
    z = pd.DataFrame(table.z, index=index, columns=index)
    y = pd.DataFrame(table.y, index=index, columns=pd.MultiIndex.from_product([table.economies, ["final"]], names=["region", "category"]))
    value_added = pd.DataFrame((table.row_sums - table.z.sum(axis=0))[None, :], index=pd.Index(["va"], name="stressor"), columns=index)

    def accounts() -> Any:
        return pymrio.IOSystem(Z=z.copy(), Y=y.copy(), va={"name": "va", "F": value_added.copy()}).calc_all()

    peer = min(seconds(accounts)[1] for _ in range(3))
    return {"kind": kind, "ours": ours, "cpu": cpu, "pymrio": peer}


def apart(work: Callable[..., Any], *args: Any) -> Any:
    """`work` in a new process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *args).result()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--economies", type=int, default=81)
    arguments.add_argument("--industries", type=int, default=50)
    given = arguments.parse_args()
    big = apart(large, given.economies, given.industries)
    show("icio_industries", given.economies * given.industries, "rows")
    show("icio_arrays_by_partner", big["arrays"], "arrays")
    show("icio_one_inversion", big["floor"], "s")
    show("icio_solve", big["solve"], "s")
    show("icio_measures", big["measure"], "s")
    show("icio_set_to_inversion", big["ratio"], "x", TARGET_RATIO)
    show("icio_peak", big["peak"], "GiB", TARGET_PEAK_GIB)
    show("icio_identities", big["identities"], "s")
    show("icio_worst_identity_e-15", big["worst"] / 1e-15, "")
    little = apart(small)
    show(f"icio_wiod_set_{little['kind']}", little["ours"], "s", TARGET_WIOD_S)
    show("icio_wiod_set_cpu", little["cpu"], "cpu s")
    show("icio_wiod_pymrio_calc_all", little["pymrio"], "s")
    show("icio_wiod_set_to_pymrio", little["ours"] / little["pymrio"], "x")


if __name__ == "__main__":
    main()
