"""Years in the shape of CEPII BACI, as Parquet: 230 x 230 countries x 5,000 codes, about 10 million flows a year, invented.

    python benchmarks/baci_shaped.py FOLDER [--years 2019 2020] [--rows 10000000]

Columns t, i, j, k, v, q as in BACI (year, exporter, importer, code, thousand USD, tonnes or null). Countries are numbered 1 to 230,
codes 000001 to 005000. A flow is there with a probability that rises with the exporter's ability and falls with the code's
difficulty, so that diversified countries make what few others make, as in real trade. The same year and size give the same rows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np

N_COUNTRIES, N_CODES, ROWS = 230, 5000, 10_000_000
STEEPNESS = 10.0  # how sharply a code that is too difficult for a country drops out of its basket


def probabilities(n_rows: int, n_countries: int = N_COUNTRIES, n_codes: int = N_CODES) -> np.ndarray:
    """Chance that an exporter sells a code to one given importer, exporters x codes, summing up to n_rows flows.

    Raises:
        ValueError: more rows than there are pairs of countries times codes.
    """
    ability = np.linspace(0.0, 1.0, n_countries)[:, None]
    difficulty = np.linspace(0.05, 0.95, n_codes)[None, :]
    shape = 1.0 / (1.0 + np.exp(-STEEPNESS * (ability - difficulty)))
    chance = shape * (n_rows / (shape.sum() * (n_countries - 1)))
    if chance.max() > 1.0:
        raise ValueError(f"rows: expected at most {int(n_rows / chance.max())}, found {n_rows}")
    return chance


def write_year(folder: Path, year: int, n_rows: int = ROWS) -> Path:
    """One year as `folder/year=<year>.parquet`, sorted by exporter, importer and code; gives its path."""
    import duckdb

    chance = probabilities(n_rows)
    exporters, codes = (a.ravel() + 1 for a in np.indices(chance.shape))
    cells = {"i": exporters.astype(np.int16), "code": codes.astype(np.int16), "chance": chance.ravel()}
    file = folder / f"year={year}.parquet"
    with duckdb.connect() as con:
        con.register("cells", cells)
        con.execute(f"""
            copy (
                with drawn as (
                    select i, j::smallint as j, code, hash(i, j, code, {year}) as h
                    from cells, range(1, {N_COUNTRIES + 1}) as importers(j)
                    where i <> j and hash(i, j, code, {year}) < chance * 18446744073709551615.0
                ),
                sized as (select *, hash(h) / 18446744073709551616.0 as u, hash(h, 'q') / 18446744073709551616.0 as w from drawn)
                select {year}::smallint as t, i, j, lpad(code::varchar, 6, '0') as k,
                       round(0.001 + 50000 * u * u * u * u * i / {N_COUNTRIES}, 3) as v,
                       if(w < 0.08, null, round(0.001 + 20000 * w * w * w, 3)) as q
                from sized
                order by i, j, code
            ) to '{file}' (format parquet, compression zstd)
        """)
    return file


def write_years(folder: Path, years: Iterable[int], n_rows: int = ROWS) -> list[Path]:
    """`write_year` for each of `years`."""
    folder.mkdir(parents=True, exist_ok=True)
    return [write_year(folder, year, n_rows) for year in years]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--years", type=int, nargs="+", default=[2020])
    arguments.add_argument("--rows", type=int, default=ROWS, help="flows a year")
    given = arguments.parse_args()
    for file in write_years(given.folder, given.years, given.rows):
        print(file)


if __name__ == "__main__":
    main()
