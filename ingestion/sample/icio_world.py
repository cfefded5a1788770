"""A world of twelve economies and fifty industries whose Leontief inverse can be written down: the invented ICIO tables.

An industry j of economy r buys a[s][r] * p[i] * k[j] of industry i of economy s per unit of output. With kappa = sum of p * k,
  B = I + M (x) (p k'),  M = a (I - kappa a)^-1
so foreign content and forward participation of exports are exact after one inverse of 12 by 12. The reader of the tables does not
know this: it inverts 600 by 600. Import shares are set so that foreign content is that of the invented TiVA answer, to the last digit.

Money is counted in whole US dollars: a in 10^-4, p in 10^-2, k in 10^-1, output in tens of millions or coarser.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ingestion.sample.wire import around, noise, words

Matrix = list[list[float]]
YEARS = (2015, 2019, 2021)
UNITS = 10**6  # of money in a million
ECONOMIES = words("AGO CHN CIV CMR COD DEU NGA SEN STP USA ZAF ROW")
SIZE = dict(zip(ECONOMIES, (60e3, 3e6, 50e3, 40e3, 45e3, 7e5, 3e5, 25e3, 1e3, 3.5e6, 4e5, 6e6), strict=True))  # final demand at home
# code, p in hundredths, k in tenths, weight in final demand
INDUSTRIES = tuple(
    (code, int(p), int(k), int(weight))
    for code, p, k, weight in (
        line.split(":")
        for line in words(
            "A01:5:8:4 A02:1:6:1 A03:0:8:1 B05:1:7:0 B06:5:5:1 B07:3:7:0 B08:1:7:0 B09:1:8:0 C10T12:4:13:9 C13T15:2:12:4 C16:1:12:1 "
            "C17_18:2:12:1 C19:4:14:3 C20:4:13:2 C21:1:10:2 C22:3:13:1 C23:2:12:0 C24A:3:13:0 C24B:2:13:0 C25:3:12:1 C26:4:13:3 "
            "C27:2:12:2 C28:2:12:3 C29:3:14:4 C301:0:13:1 C302T309:0:13:1 C31T33:1:11:2 D:4:11:2 E:1:9:1 F:1:11:9 G:4:7:9 H49:4:10:2 "
            "H50:1:11:1 H51:1:12:1 H52:2:10:1 H53:1:8:0 I:1:10:4 J58T60:1:9:1 J61:2:9:2 J62_63:2:7:2 K:5:7:4 L:3:4:8 M:3:7:2 N:3:7:1 "
            "O:0:6:8 P:0:4:5 Q:0:6:7 R:1:8:2 S:0:7:2 T:0:1:1"
        )
    )
)
CODES = tuple(code for code, *_ in INDUSTRIES)
P, K = (tuple(row[column] for row in INDUSTRIES) for column in (1, 2))
KAPPA = sum(p * k for p, k in zip(P, K, strict=True)) / 1000
INPUTS = 5_500  # purchases per unit of output at k = 1, in 10^-4

# Final goods sold abroad in percent of final demand at home, and what they are in percent.
# PLANTED: Ivory Coast comes to process what it sold raw, Cameroon does not.
DEFAULT_EXPORTS = (12, {"C10T12": 15, "C13T15": 15, "C26": 30, "C28": 15, "C29": 20, "M": 5})
FINAL_EXPORTS = {
    ("CIV", 2015): (7, {"A01": 60, "C10T12": 25, "C13T15": 15}),
    ("CIV", 2019): (16, {"A01": 30, "C10T12": 55, "C13T15": 15}),
    ("CIV", 2021): (24, {"A01": 20, "C10T12": 70, "C13T15": 10}),
    **{("CMR", year): (6, {"A01": 60, "C10T12": 20, "C16": 20}) for year in YEARS},
    **{("AGO", year): (5, {"B06": 90, "A03": 10}) for year in YEARS},
    **{("NGA", year): (5, {"B06": 90, "A01": 10}) for year in YEARS},
    **{("COD", year): (4, {"B07": 90, "A01": 10}) for year in YEARS},
}
RAW_SALES = {("CIV", 2019): 0.7, ("CIV", 2021): 0.45}  # intermediate goods sold abroad, 1 in other years

# Foreign value added in percent of gross exports, 2010 and 2022.
FVA_PATHS = {("SEN", "_T"): (18.0, 26.0), ("AGO", "_T"): (6.0, 5.0), ("CIV", "C10T12"): (12.0, 21.0), ("VNM", "_T"): (40.0, 50.0)}


def fva_percent(area: str, activity: str, year: int) -> float:
    """Foreign value added in percent of gross exports of the TiVA answer, before rounding."""
    low = 5 + 30 * noise("fva", area, activity)
    first, last = FVA_PATHS.get((area, activity), (low, low * around(0.2, "fva drift", area, activity)))
    return (first + (last - first) * (year - 2010) / 12) * around(0.01, "fva", area, activity, year)


@dataclass(frozen=True)
class World:
    """One year. `a` in 10^-4 by seller and buyer, `output` in million, `abroad` (final goods sold to all others) in US dollars."""

    a: list[list[int]]
    output: list[list[int]]
    abroad: list[list[int]]

    def weighted(self, r: int) -> int:
        """Output of an economy weighted by k, in 10^-1 million."""
        return sum(x * k for x, k in zip(self.output[r], K, strict=True))

    def exports(self, s: int) -> list[int]:
        """Gross exports by industry, in US dollars."""
        sold = sum(self.a[s][r] * self.weighted(r) for r in range(len(ECONOMIES)) if r != s)
        return [p * sold // 10 + q for p, q in zip(P, self.abroad[s], strict=True)]

    def foreign_percent(self) -> list[float]:
        """Foreign value added in percent of gross exports, by economy. Exact."""
        return [100 * share for share in foreign_shares(_floats(self.a), [self.exports(s) for s in range(len(ECONOMIES))])]


def step(economy: str) -> int:
    """Output is rounded to this many million."""
    return 10 if SIZE[economy] < 1e5 else 100 if SIZE[economy] < 1e6 else 1000


def _floats(a: list[list[int]]) -> Matrix:
    return [[x / 10**4 for x in row] for row in a]


def inverse(matrix: Matrix) -> Matrix:
    """By Gauss and Jordan, without pivoting: the matrices here are diagonally dominant."""
    n = len(matrix)
    rows = [[*row, *(1.0 if i == j else 0.0 for j in range(n))] for i, row in enumerate(matrix)]
    for i in range(n):
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for j in range(n):
            if j != i and (factor := rows[j][i]):
                rows[j] = [x - factor * y for x, y in zip(rows[j], rows[i], strict=True)]
    return [row[n:] for row in rows]


def solved(a: Matrix) -> Matrix:
    """(I - kappa a)^-1."""
    return inverse([[(1.0 if i == j else 0.0) - KAPPA * x for j, x in enumerate(row)] for i, row in enumerate(a)])


def foreign_shares(a: Matrix, exports: list[list[int]] | Matrix) -> list[float]:
    """Foreign content of a unit of exports of s: its mean k times the sum over t of M[t][s] v[t], t not s, v = 1 - kappa * INPUTS."""
    left, g = solved(a), range(len(a))
    v = 1 - KAPPA * INPUTS / 10**4
    m = [[sum(a[s][t] * left[t][r] for t in g) for r in g] for s in g]
    mean_k = [sum(e * k for e, k in zip(exports[s], K, strict=True)) / 10 / sum(exports[s]) for s in g]
    return [mean_k[s] * v * sum(m[t][s] for t in g if t != s) for s in g]


def _coefficients(imports: list[float], year: int) -> list[list[int]]:
    """a in 10^-4: `imports` of a buyer split by the size of the sellers, the rest bought at home."""
    a = [[0] * len(ECONOMIES) for _ in ECONOMIES]
    for r, buyer in enumerate(ECONOMIES):
        weights = [0.0 if s == buyer else SIZE[s] * RAW_SALES.get((s, year), 1.0) for s in ECONOMIES]
        for s, weight in enumerate(weights):
            a[s][r] = round(INPUTS * imports[r] * weight / sum(weights))
        a[r][r] = INPUTS - sum(a[s][r] for s in range(len(ECONOMIES)) if s != r)
    return a


def _final(year: int) -> tuple[Matrix, Matrix]:
    """(final demand at home, final goods sold abroad) by economy and industry, in million, as intended."""
    home, abroad = [], []
    total = sum(weight for *_, weight in INDUSTRIES)
    for economy in ECONOMIES:
        size = SIZE[economy] * (1 + 0.03 * (year - YEARS[0]))
        home.append([2 * step(economy) + size * weight / total * around(0.2, "home", economy, code) for code, _, _, weight in INDUSTRIES])
        percent, goods = FINAL_EXPORTS.get((economy, year), DEFAULT_EXPORTS)
        abroad.append([size * percent / 100 * goods.get(code, 0) / 100 for code in CODES])
    return home, abroad


@cache
def world(year: int) -> World:
    """The economies of one year, with the import shares at which foreign content is that of the TiVA answer."""
    g = range(len(ECONOMIES))
    home, abroad = _final(year)
    targets = [fva_percent("WXD" if e == "ROW" else e, "_T", year) / 100 for e in ECONOMIES]
    imports = [0.2] * len(ECONOMIES)
    for _ in range(15):  # each step brings every share nearer; the last digit is settled by rounding the coefficients
        a = _floats(_coefficients(imports, year))
        bought = _bought(a, home, abroad)
        exports = [[p / 100 * sum(bought[s][r] for r in g if r != s) + q for p, q in zip(P, abroad[s], strict=True)] for s in g]
        found = foreign_shares(a, exports)
        imports = [min(0.95, m * t / f) for m, t, f in zip(imports, targets, found, strict=True)]
    coefficients = _coefficients(imports, year)
    bought = _bought(_floats(coefficients), home, abroad)
    output = []
    for s, economy in enumerate(ECONOMIES):
        made = [p / 100 * sum(bought[s]) + h + q for p, h, q in zip(P, home[s], abroad[s], strict=True)]
        output.append([step(economy) * round(x / step(economy)) for x in made])
    return World(coefficients, output, [[int(q * 10) * (UNITS // 10) for q in row] for row in abroad])


def _bought(a: Matrix, home: Matrix, abroad: Matrix) -> Matrix:
    """Intermediate goods by seller and buyer, in million, that final demand needs: output weighted by k is (I - kappa a)^-1 (k f)."""
    g = range(len(a))
    final = [sum(k / 10 * (h + q) for k, h, q in zip(K, home[s], abroad[s], strict=True)) for s in g]
    left = solved(a)
    weighted = [sum(left[s][r] * final[r] for r in g) for s in g]
    return [[a[s][r] * weighted[r] for r in g] for s in g]
