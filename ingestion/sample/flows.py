"""The invented world behind the trade files: who sold how much of what to whom, before anybody reports it.

`flows.csv` is the script of this world: tonnes of an exporter in one HS1996 code in 2007 and in 2019 (a straight line between,
one percent growth a year after) and the shares of its buyers. Prices are of a plausible size; everything here is made up.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.sample.names import HERE
from ingestion.sample.wire import around, noise, words

FIRST, LAST = 2007, 2019
# USD per kg, free on board, before noise of 4 % a flow.
PRICE = {
    "180100": 2.5, "180310": 3.6, "180400": 5.0, "180500": 3.0, "180620": 4.0, "180632": 5.0, "180690": 5.5,
    "090111": 2.8, "090112": 3.3, "090121": 7.0, "210111": 10.0,
    "030232": 7.0, "030341": 2.5, "030342": 2.1, "030343": 1.3, "030349": 3.5, "160414": 4.2,
    "080131": 1.1, "080132": 7.0,
    "520100": 1.7, "520512": 3.2, "520812": 6.0, "520942": 6.0, "600230": 5.5,
    "610910": 10.0, "611020": 11.0, "620342": 10.0, "620520": 12.0,
    "440349": 0.35, "440710": 0.40, "440729": 0.75, "440839": 1.5, "441213": 0.9, "940340": 2.5, "940360": 2.6,
}  # fmt: skip
# PLANTED: small buyers of Ethiopian green coffee come and go: seven years in ten each, 20,000 US dollars a year.
SMALL_BUYERS = ("ETH", "090111", words("FRA NLD GBR ESP ZAF IND CHN VNM SEN KEN GHA NAM MUS"))
BEAN_SPIKE = {2018: 5.0, 2019: 5.0}  # 180100 doubles in these two years, butter and paste do not move


@dataclass(frozen=True)
class Flow:
    """One true bilateral flow of a year. `fob_usd` in US dollars, `tonnes` in metric tons, both > 0."""

    chain: str
    year: int
    exporter: str
    importer: str
    hs6: str
    fob_usd: int
    tonnes: float


@dataclass(frozen=True)
class Line:
    chain: str
    exporter: str
    hs6: str
    tonnes_first: float
    tonnes_last: float
    buyers: tuple[tuple[str, float], ...]


def _read() -> tuple[Line, ...]:
    with (HERE / "flows.csv").open(encoding="ascii", newline="") as f:
        return tuple(
            Line(
                r["chain"], r["exporter"], r["hs6"], float(r["tonnes_2007"]), float(r["tonnes_2019"]),
                tuple((b[:3], int(b[4:]) / 100) for b in r["buyers"].split()),
            )
            for r in csv.DictReader(f)
        )  # fmt: skip


LINES = _read()
CHAINS = tuple(dict.fromkeys(x.chain for x in LINES))
CODES = tuple(sorted({x.hs6 for x in LINES}))


def tonnes_of(line: Line, year: int) -> float:
    """Tonnes the exporter sells in the year, before noise."""
    if year <= LAST:
        return line.tonnes_first + (line.tonnes_last - line.tonnes_first) * (year - FIRST) / (LAST - FIRST)
    return line.tonnes_last * (1 + (year - LAST) / 100)


def price_of(hs6: str, year: int) -> float:
    """USD per kg of the code in the year, before noise."""
    return BEAN_SPIKE.get(year, PRICE[hs6]) if hs6 == "180100" else PRICE[hs6]


def flows(year: int, chain: str | None = None) -> Iterator[Flow]:
    """All true flows of a year (of one chain)."""
    for line in LINES:
        if chain not in (None, line.chain):
            continue
        for importer, share in line.buyers:
            key = (line.exporter, importer, line.hs6, year)
            tonnes = round(tonnes_of(line, year) * share * around(0.03, "tonnes", *key), 3)
            usd = round(tonnes * 1000 * price_of(line.hs6, year) * around(0.04, "price", *key))
            yield Flow(line.chain, year, line.exporter, importer, line.hs6, usd, tonnes)
        if (line.exporter, line.hs6) == SMALL_BUYERS[:2]:
            for importer in SMALL_BUYERS[2]:
                if noise("small buyer", importer, year) < 0.7:
                    usd = round(20_000 * around(0.5, "small buyer", importer, year))
                    yield Flow(line.chain, year, line.exporter, importer, line.hs6, usd, round(usd / 1000 / PRICE[line.hs6], 3))
