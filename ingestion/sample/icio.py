"""OECD ICIO 2025, standard tables: the bulk archives `2011-2015_SML.zip` and `2016-2022_SML.zip` with some of their years.

Every cell is exact in decimal, so rows and columns add up to the last digit.
"""

from __future__ import annotations

from pathlib import Path

from ingestion.sample.icio_world import CODES, ECONOMIES, INPUTS, SIZE, UNITS, YEARS, K, P, World, world
from ingestion.sample.wire import save, words, zip_bytes

FINAL = words("HFCE NPISH GGFC GFCF INVNT DPABR")
HOME_PERCENT = {"NPISH": 2, "GGFC": 18, "GFCF": 17, "INVNT": 1, "DPABR": 1}  # the rest is HFCE
ABROAD_PERCENT = {"HFCE": 70, "GFCF": 30}
TAX_PERCENT = 2  # of output; goods only
GOODS = CODES.index("C31T33")
STEP = UNITS // 10  # final demand is given to 0.1 million
ARCHIVES = {"2011-2015_SML.zip": (2015,), "2016-2022_SML.zip": (2019, 2021)}


def number(units: int) -> str:
    """Million US dollars, without zeros at the end."""
    whole, part = divmod(abs(units), UNITS)
    text = f"{whole}.{part:06d}".rstrip("0").rstrip(".") if part else str(whole)
    return f"-{text}" if units < 0 else text


def final_cells(s: int, i: int, home: int, abroad: int) -> list[int]:
    """Deliveries of an industry to final demand, by economy and item; what rounding leaves goes to households."""
    cells = {(r, item): 0 for r in range(len(ECONOMIES)) for item in FINAL}
    for item, percent in HOME_PERCENT.items():
        part = home * percent // 100 // STEP * STEP
        cells[s, item] = -part if item == "INVNT" and i % 3 == 0 else part  # PLANTED: stocks fall in every third industry
    cells[s, "HFCE"] += home - sum(cells.values())
    others = {r: SIZE[e] for r, e in enumerate(ECONOMIES) if r != s}
    for r, weight in others.items():
        for item, percent in ABROAD_PERCENT.items():
            cells[r, item] += int(abroad * percent / 100 * weight / sum(others.values())) // STEP * STEP
    cells[max(others), "HFCE"] += home + abroad - sum(cells.values())
    return list(cells.values())


def table(w: World) -> bytes:
    """One year as CSV: industries, then TLS, VA and OUT.

    Raises:
        ValueError: an industry sells more than it makes.
    """
    g, n = range(len(ECONOMIES)), range(len(CODES))
    labels = [f"{e}_{code}" for e in ECONOMIES for code in CODES]
    items = [f"{e}_{item}" for e in ECONOMIES for item in FINAL]
    lines = [",".join(["V1", *labels, *items, "OUT"])]
    weighted = [w.weighted(r) for r in g]
    bought = [k * x // 10 for r in g for k, x in zip(K, w.output[r], strict=True)]  # in million, by buying industry: x is in tens
    for s in g:
        uses = {p: ",".join(number(w.a[s][j // len(CODES)] * p * b) for j, b in enumerate(bought)) for p in set(P)}
        sold = sum(w.a[s][r] * weighted[r] for r in g)
        for i in n:
            out = w.output[s][i] * UNITS
            home = out - P[i] * sold // 10 - w.abroad[s][i]
            if home < 0:
                raise ValueError(f"{ECONOMIES[s]} {CODES[i]}: final demand at home would be {number(home)}")
            cells = map(number, final_cells(s, i, home, w.abroad[s][i]))
            lines.append(",".join([labels[s * len(CODES) + i], uses[P[i]], *cells, number(out)]))
    outputs = [x * UNITS for row in w.output for x in row]
    taxes = [x * TAX_PERCENT // 100 if j % len(CODES) <= GOODS else 0 for j, x in enumerate(outputs)]
    inputs = [INPUTS * 100 * b for b in bought]
    rows = {"TLS": taxes, "VA": [x - i - t for x, i, t in zip(outputs, inputs, taxes, strict=True)], "OUT": outputs}
    lines += [",".join([name, *map(number, row), *["0"] * (len(items) + 1)]) for name, row in rows.items()]
    return ("\n".join(lines) + "\n").encode()


def write(folder: Path) -> list[Path]:
    """The two archives."""
    assert sorted(y for years in ARCHIVES.values() for y in years) == list(YEARS)
    return [save(folder, name, zip_bytes((f"{year}_SML.csv", table(world(year))) for year in years)) for name, years in ARCHIVES.items()]
