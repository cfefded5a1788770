"""Tables of the input-output tests: the published leather example by value, others and all oracles from ../shared when it is there."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from indicators.icio.system import System, solve
from indicators.icio.table import Array, IcioTable

HERE = Path(__file__).parent

# Argentina, Turkey, Germany x agriculture, textile and leather, transport equipment: the teaching table of the R package decompr
# (Quast and Kummritz 2015, CTEI working paper 2015-01), invented numbers.
LEATHER_Z = """16.1 5.1 1.8 3.2 4.3 0.4 3.1 2.8 4.9
2.4 8 3.2 0.1 3.2 1.6 1.2 3.9 11.5
0.9 0.5 4 0 0.1 0.3 0 0.4 0.5
1.1 1.9 0.2 18 13.2 6.1 9 3.1 8.9
0.3 2.8 0.1 6.1 28.1 6.3 2.1 2.5 25.6
0 0.1 0.3 4.1 3.2 8.9 0.2 0 1.8
1.2 4.2 0.3 4.1 1.2 0.6 29 19.5 17.9
1.3 1.1 0 3.2 4.8 2.6 5.1 29.1 24.1
2.1 1.4 3 4.1 3.1 3.9 11.3 8.1 51.3"""
LEATHER_Y = "21.5 6.1 8.4|16.2 1.9 5.1|11 0.5 0.8|7.5 29.5 14.2|8.9 24.9 16.9|1.2 18.5 4.9|9.2 17.9 51.2|7.9 10.1 38.5|25.1 35.2 68.4"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The other years of the real tables are for `pytest -m proof`; without an expression they are left out."""
    if config.option.markexpr:
        return
    long = [item for item in items if "proof" in item.keywords and item.path.is_relative_to(HERE)]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


def _numbers(text: str, rows: str) -> Array:
    return np.array([[float(x) for x in line.split()] for line in text.split(rows)])


@pytest.fixture(scope="session")
def leather() -> IcioTable:
    return IcioTable(
        countries=("ARG",) * 3 + ("TUR",) * 3 + ("DEU",) * 3,
        sectors=("agriculture", "leather", "transport") * 3,
        z=_numbers(LEATHER_Z, "\n"),
        y=_numbers(LEATHER_Y, "|"),
    )


@pytest.fixture(scope="session")
def leather_system(leather: IcioTable) -> System:
    return solve(leather)


class Vectors:
    """Reading and comparing the test vectors of ../shared/reference/icio_test_vectors."""

    def __init__(self, shared: Path) -> None:
        self.shared = shared
        self.folder = shared / "reference/icio_test_vectors"
        self.system = cache(lambda name: solve(self.table(name)))

    def rows(self, name: str) -> list[dict[str, str]]:
        path = self.folder / name
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        return list(csv.DictReader(data.decode("utf-8").splitlines()))

    def matrix(self, name: str) -> Array:
        """The numbers of a CSV whose first column is a label."""
        return np.array([[float(x) for x in list(row.values())[1:]] for row in self.rows(name)])

    def table(self, name: str) -> IcioTable:
        """A small table by folder, or `wiod_YYYY` from the real WIOD 2013 release (inventories are final use c42)."""
        if name.startswith("wiod_"):
            return self._wiod(int(name.removeprefix("wiod_")))
        labels = self.rows(f"{name}/labels.csv")
        countries, sectors = tuple(r["country"] for r in labels), tuple(r["sector"] for r in labels)
        return IcioTable(countries, sectors, self.matrix(f"{name}/Z.csv"), self.matrix(f"{name}/Y.csv"))

    def _wiod(self, year: int) -> IcioTable:
        import polars as pl

        frame = pl.read_parquet(self.shared / f"data/value_added/wiod_2013_release/wiot_{year}.parquet")
        labels = [row.split(".") for row in frame["row"]]
        n = len(labels)
        values = frame.drop("row").to_numpy().astype(np.float64)
        stock = [i for i, name in enumerate(frame.columns[1:]) if i >= n and name.endswith(".c42")]
        countries = tuple(c for c, _ in labels)
        economies = len(dict.fromkeys(countries))
        final = values[:, n:-1].reshape(n, economies, -1).sum(axis=2)
        return IcioTable(
            countries,
            tuple(s for _, s in labels),
            values[:, :n],
            final,
            inventories=values[:, stock].sum(axis=1),
            published_output=values[:, -1],
        )

    @staticmethod
    def mirrored(values: Array) -> Array:
        """(GN, G) of tables with as many industries everywhere: the cell of (s,i), r becomes that of (r,i), s.

        Imports from exports, and exvatools' forward content: it is listed by the partner's industry that exports the content on.
        """
        g = values.shape[1]
        return values.reshape(g, -1, g).transpose(2, 1, 0).reshape(-1, g)

    def compare(self, system: System, file: str, found: Mapping[str, Array], relative: float = 1e-9) -> None:
        """Every row of an oracle against arrays (GN, G), (GN,), (G, G) or (G,); tolerances of SOURCE.md.

        found: column of the file to array. The keys of the file (exporter or country, sector, importer) choose the cell. Prints the
        largest gap, which `pytest -s` shows.
        """
        table = system.table
        economy = {c: i for i, c in enumerate(table.economies)}
        row_of = {key: i for i, key in enumerate(zip(table.countries, table.sectors, strict=True))}
        rows = self.rows(file)
        assert rows
        assert set(found) == set(rows[0]) - {"exporter", "country", "sector", "importer"}, f"{file}: every column is compared"
        exporters = [r.get("exporter") or r["country"] for r in rows]
        at = [np.array([row_of[c, r["sector"]] if r.get("sector") else economy[c] for c, r in zip(exporters, rows, strict=True)])]
        if rows[0].get("importer") not in (None, "WLD"):
            at.append(np.array([economy[r["importer"]] for r in rows]))
        exports = system.exporter_totals()[[economy[c] for c in exporters]]
        largest = 0.0
        for column, values in found.items():
            expected = np.array([float(r[column]) for r in rows])
            gap = np.abs(values[tuple(at)] - expected)
            worst = int(np.argmax(gap - relative * np.abs(expected) - 1e-12 * exports))
            within = gap[worst] <= relative * abs(expected[worst]) + 1e-12 * exports[worst]
            assert within, f"{file} {column}, row {worst + 1}: {values[tuple(at)][worst]} for {expected[worst]}"
            largest = max(largest, float((gap / exports).max()))
        print(f"{file}: {len(found)} x {len(rows)} numbers, largest gap {largest:.1e} of the exporter's exports")


@pytest.fixture(scope="session")
def vectors(shared: Path) -> Vectors:
    return Vectors(shared)
