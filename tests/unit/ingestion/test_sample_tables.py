"""The invented inter-country tables: they add up, and a naive solver finds in them what the OECD answer says and what is planted."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest

from tests import planted_truths as truth

YEARS = (2015, 2019, 2021)


@dataclass(frozen=True)
class NaiveTable:
    """Arrays as they stand in the CSV."""

    labels: list[tuple[str, ...]]
    buyers: np.ndarray
    uses: np.ndarray
    final: np.ndarray
    rows: dict[str, np.ndarray]

    @property
    def sellers(self) -> np.ndarray:
        return np.array([country for country, _ in self.labels])

    def exports(self, country: str) -> np.ndarray:
        abroad = self.uses[:, self.sellers != country].sum(axis=1) + self.final[:, self.buyers != country].sum(axis=1)
        return np.where(self.sellers == country, abroad, 0)

    def embodied(self, exports: np.ndarray) -> np.ndarray:
        """Value added by industry of origin in a vector of exports."""
        return (self.rows["VA"] + self.rows["TLS"]) / self.rows["OUT"] * (self.inverse @ exports)

    @cached_property
    def inverse(self) -> np.ndarray:
        out = self.rows["OUT"]
        return np.linalg.inv(np.eye(len(out)) - self.uses / out)


@pytest.fixture(scope="module")
def tables(sample_folder: Path) -> dict[int, NaiveTable]:
    found = {}
    for archive in sorted(sample_folder.glob("*_SML.zip")):
        with zipfile.ZipFile(archive) as z:
            for member in z.namelist():
                header, *lines = csv.reader(io.StringIO(z.read(member).decode()))
                n = next(i for i, line in enumerate(lines) if line[0] == "TLS")
                values = np.array([line[1:] for line in lines], dtype=float)
                assert [line[0] for line in lines[:n]] == header[1 : n + 1] and [x[0] for x in lines[n:]] == ["TLS", "VA", "OUT"]
                found[int(member[:4])] = NaiveTable(
                    [tuple(line[0].split("_", 1)) for line in lines[:n]],
                    np.array([c.split("_")[0] for c in header[n + 1 : -1]]),
                    values[:n, :n],
                    values[:n, n:-1],
                    {"row output": values[:n, -1]} | {line[0]: values[n + i, :n] for i, line in enumerate(lines[n:])},
                )
    return found


def test_they_have_the_shape_of_the_publication(tables: dict[int, NaiveTable]) -> None:
    assert tuple(sorted(tables)) == YEARS
    for t in tables.values():
        economies = set(t.sellers)
        assert len(economies) == 12 and len(t.labels) == 12 * 50 and t.final.shape == (600, 12 * 6)
        assert {*truth.TIVA_MEMBERS, "ZAF", "ROW"} <= economies


def test_rows_and_columns_add_up(tables: dict[int, NaiveTable]) -> None:
    for t in tables.values():
        assert np.abs(t.uses.sum(axis=1) + t.final.sum(axis=1) - t.rows["row output"]).max() < 1e-6
        assert np.abs(t.uses.sum(axis=0) + t.rows["TLS"] + t.rows["VA"] - t.rows["OUT"]).max() < 1e-6
        assert np.array_equal(t.rows["OUT"], t.rows["row output"])
        assert t.uses.min() == 0 and t.rows["VA"].min() > 0 and (t.final < 0).any()  # stocks may fall, nothing else


def test_foreign_content_is_that_of_the_tiva_answer(tables: dict[int, NaiveTable], sample_folder: Path) -> None:
    (answer,) = sample_folder.glob("OECD.STI.PIE*MAINSH*.csv")
    with answer.open(newline="") as f:
        rows = [r for r in csv.DictReader(f) if (r["MEASURE"], r["ACTIVITY"]) == ("EXGR_FVA", "_T")]
    published = {(r["REF_AREA"], int(r["TIME_PERIOD"])): float(r["OBS_VALUE"]) for r in rows}
    for year, t in tables.items():
        for country in truth.ICIO_FOREIGN_CONTENT_IS_THAT_OF_TIVA:
            exports = t.exports(country)
            foreign = t.embodied(exports)[t.sellers != country].sum() / exports.sum()
            area = "WXD" if country == "ROW" else country
            assert 100 * foreign == pytest.approx(published[area, year], abs=0.00051), (country, year)


def test_one_member_climbs_and_one_does_not(tables: dict[int, NaiveTable]) -> None:
    for country, by_year in truth.ICIO_FORWARD.items():
        for year, expected in by_year.items():
            t = tables[year]
            own, others = t.exports(country), sum(t.exports(c) for c in set(t.sellers) - {country})
            assert t.embodied(np.asarray(others))[t.sellers == country].sum() / own.sum() == pytest.approx(expected, abs=1e-3)
            food = own[t.labels.index((country, "C10T12"))] / own.sum()
            assert food == pytest.approx(truth.ICIO_FOOD_SHARE[country][year], abs=1e-3)
