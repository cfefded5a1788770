"""The planted truths can be recovered from the written files by plain arithmetic, without any code of the platform."""

from __future__ import annotations

import csv
import gzip
import io
import json
import statistics
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests import planted_truths as truth

STAGE = {
    "180100": 0, "180310": 1, "180400": 1, "180500": 1, "180620": 2, "180632": 3, "180690": 3,
    "090111": 0, "090112": 1, "090121": 2, "210111": 3, "080131": 0, "080132": 1,
    "030232": 0, "030341": 0, "030342": 0, "030343": 0, "030349": 0, "160414": 3,
    "440349": 0, "440710": 1, "440729": 1, "440839": 2, "441213": 2, "940340": 3, "940360": 3,
    "520100": 0, "520512": 1, "520812": 2, "520942": 2, "600230": 2, "610910": 3, "611020": 3, "620342": 3, "620520": 3,
}  # fmt: skip
RAW_EQUIVALENT = {"180100": 1.0, "180310": 1.25, "180400": 1.33, "180500": 1.18}
CHAPTERS = {
    "cocoa": ("18",),
    "coffee": ("09", "21"),
    "tuna": ("03", "16"),
    "cashew": ("08",),
    "wood_furniture": ("44", "94"),
    "apparel": ("52", "60", "61", "62"),
}
Key = tuple[int, str, str, str]  # year, exporter, importer, HS1996


class World:
    """Reconciled flows: the importer's report less 6 %, else the exporter's; kg, and whether the weight was observed."""

    def __init__(self, folder: Path) -> None:
        rows = []
        for path in sorted(folder.glob("comtrade_C_A_*.csv.gz")):
            rows += list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())))
        for path in sorted(folder.glob("data_v1_get_*.json")):
            rows += [{k: str(v) if v is not None else "" for k, v in r.items()} for r in json.loads(path.read_bytes())["data"]]
        self.sides: dict[Key, dict[str, tuple[float, float, bool]]] = defaultdict(dict)
        for r in rows:
            if r["flowCode"] in "MX" and r["partnerISO"] not in ("W00", "_X ") and r["aggrLevel"] == "6":
                pair = (r["partnerISO"], r["reporterISO"]) if r["flowCode"] == "M" else (r["reporterISO"], r["partnerISO"])
                usd = float(r["primaryValue"]) / (1.06 if r["flowCode"] == "M" else 1)
                observed = float(r["netWgt"] or 0) > 0 and r["isNetWgtEstimated"].lower() == "false"
                key = (int(r["refYear"]), *pair, truth.RENAMED_CODES.get(r["cmdCode"], r["cmdCode"]))
                self.sides[key][r["flowCode"]] = (usd, float(r["netWgt"] or 0), observed)
        self.flow = {k: s.get("M") or s["X"] for k, s in self.sides.items()}
        values = defaultdict(list)
        for (year, _, _, hs6), (usd, kg, _) in self.flow.items():
            if kg:
                values[year, hs6].append(usd / kg)
        self.median = {k: statistics.median(v) for k, v in values.items()}
        spent: dict[str, float] = defaultdict(float)
        weighed: dict[str, float] = defaultdict(float)
        for k, (usd, _, _) in self.flow.items():
            if 2010 <= k[0] <= 2019 and self.kg(k):
                spent[k[3]] += usd
                weighed[k[3]] += self.kg(k)
        self.price = {c: spent[c] / weighed[c] for c in spent}
        importing = defaultdict(set)
        for (year, _, importer, _), s in self.sides.items():
            if "M" in s:
                importing[importer].add(year)
        self.panel = {i for i, years in importing.items() if years >= set(range(2007, 2020))}

    def kg(self, k: Key, keep_outliers: bool = False) -> float:
        usd, kg, _ = self.flow[k]
        plausible = kg > 0 and 0.2 <= usd / kg / self.median[k[0], k[3]] <= 5
        return kg if plausible or keep_outliers else 0.0

    def of(self, chain: str, year: int, exporter: str | None = None, importer: str | None = None) -> list[Key]:
        return [
            k
            for k in self.flow
            if k[0] == year and k[3][:2] in CHAPTERS[chain] and k[1] == (exporter or k[1]) and k[2] == (importer or k[2])
        ]

    def position(
        self, country: str, chain: str, year: int, basis: str, importers: Iterable[str] | None, keep_outliers: bool = False
    ) -> float:
        up = total = 0.0
        for k in self.of(chain, year, country):
            if importers is None or k[2] in importers:
                kg = self.kg(k, keep_outliers)
                x = {"value": self.flow[k][0], "price": kg * self.price[k[3]], "raw": kg * RAW_EQUIVALENT.get(k[3], 0)}[basis]
                up, total = up + x * STAGE[k[3]], total + x
        return up / total / 3

    def climb(self, country: str, chain: str, basis: str, *, panel: bool = True, keep_outliers: bool = False) -> float:
        who = self.panel if panel else None
        first, last = (
            [self.position(country, chain, y, basis, who, keep_outliers) for y in w] for w in ((2007, 2008, 2009), (2017, 2018, 2019))
        )
        return sum(last) / 3 - sum(first) / 3

    def usd(self, keys: Iterable[Key]) -> float:
        return sum(self.flow[k][0] for k in keys)


@pytest.fixture(scope="module")
def world(sample_folder: Path) -> World:
    return World(sample_folder)


CLIMBS = (truth.CLIMBER, truth.ONLY_MORE_RAW, truth.PRICE_SPIKE, truth.KIRIBATI, *truth.OTHER_CLIMBERS)


@pytest.mark.parametrize("case", CLIMBS, ids=lambda c: f"{c.country}-{c.chain}")
def test_climbs(world: World, case: truth.Climb) -> None:
    for basis, bounds in (("value", case.value), ("price", case.constant_price), ("raw", case.raw_equivalent)):
        if bounds:
            assert bounds[0] <= world.climb(case.country, case.chain, basis) <= bounds[1], basis


def test_only_more_raw_sells_more(world: World) -> None:
    first, last = (world.usd(world.of("cocoa", y, "CMR")) for y in (2007, 2017))
    assert last / first >= truth.ONLY_MORE_RAW_EXPORT_GROWTH


def test_the_spike_moves_value_and_not_volume(world: World) -> None:
    before, after, low, high = truth.PRICE_SPIKE_VALUE_DROP
    drop = {b: world.position("CIV", "cocoa", after, b, None) - world.position("CIV", "cocoa", before, b, None) for b in ("value", "price")}
    assert low <= drop["value"] <= high and abs(drop["price"]) < 0.003


def test_stays_raw(world: World) -> None:
    for country, chain in truth.STAYS_RAW:
        assert all(world.position(country, chain, y, "value", None) < 0.01 for y in (2008, 2018))


def test_without_the_panel_kiribati_climbs(world: World) -> None:
    assert truth.STOPPED_IMPORTER[0] not in world.panel and len(world.panel) >= 20
    assert world.climb("KIR", "tuna", "value", panel=False) > truth.KIRIBATI_WITHOUT_PANEL


def test_the_outlier_would_change_a_sign(world: World) -> None:
    exporter, importer, hs6, year, _ = truth.TONNE_OUTLIER
    assert world.kg((year, exporter, importer, hs6)) == 0 and world.flow[year, exporter, importer, hs6][1] > 2e9
    assert world.climb("CMR", "cocoa", "price", keep_outliers=True) > 0.05


def test_quantities_missing_or_estimated(world: World) -> None:
    for country, chain in (truth.MISSING_QUANTITY, truth.ESTIMATED_QUANTITY):
        for year in range(2007, 2020):
            keys = world.of(chain, year, country)
            assert world.usd(k for k in keys if not world.flow[k][2]) / world.usd(keys) > 0.3
    others = [k for k in world.of("cocoa", 2015, "GHA") + world.of("tuna", 2015, "NAM") if not world.flow[k][2]]
    assert not others


def reexport_ratio(world: World, country: str, chain: str, year: int) -> float:
    out: dict[str, float] = defaultdict(float)
    into: dict[str, float] = defaultdict(float)
    for k in world.of(chain, year, exporter=country):
        out[k[3]] += world.flow[k][1]
    for k in world.of(chain, year, importer=country):
        into[k[3]] += world.flow[k][1]
    return sum(min(x, into[c]) for c, x in out.items()) / sum(out.values())


def test_hub_and_assembler(world: World) -> None:
    for year in range(2007, 2020):
        assert reexport_ratio(world, *truth.HUB[:2], year) > truth.HUB[2]
        assert all(reexport_ratio(world, *x, year) < 0.2 for x in truth.NOT_A_HUB)
        cover = {}
        for country, chain in (truth.ASSEMBLER, truth.NOT_AN_ASSEMBLER):
            inputs = world.usd(k for k in world.of(chain, year, importer=country) if STAGE[k[3]] < 3)
            cover[country] = inputs / world.usd(k for k in world.of(chain, year, exporter=country) if STAGE[k[3]] == 3)
        assert 0.55 < cover["LSO"] < 0.95 and cover["KEN"] < 0.35, (year, cover)


def grade(world: World, country: str, chain: str, year: int) -> str:
    """The part of the grade that reports decide (no quantities, nothing carried)."""
    keys = world.of(chain, year, country)
    both = [world.sides[k] for k in keys if len(world.sides[k]) == 2]
    if len({k[2] for k in keys}) < 3:
        return "D"
    if not both:
        return "C"
    mirror, own = (sum(s[side][0] for s in both) for side in "MX")
    return next(g for g, limit in (("A", 0.10), ("B", 0.30), ("C", 1.0), ("D", 99.0)) if abs(mirror - own) / own <= limit)


def test_grades_occur(world: World) -> None:
    by_report = {k: g for k, g in truth.GRADES.items() if k[2] < 2020}
    assert {k: grade(world, *k) for k in by_report} == by_report
    assert set(truth.GRADES.values()) == set("ABCD")


def test_missing_quantities_go_on_in_baci(sample_folder: Path) -> None:
    with zipfile.ZipFile(sample_folder / "BACI_HS96_V202501.zip") as z:
        rows = list(csv.DictReader(io.StringIO(z.read("BACI_HS96_Y2021_V202501.csv").decode())))
    coffee = [r for r in rows if r["i"] == "800" and r["k"] == "090111"]
    missing = sum(float(r["v"]) for r in coffee if r["q"].strip() == "NA") / sum(float(r["v"]) for r in coffee)
    assert 0.3 < missing < 0.5


def test_wood_by_volume(sample_folder: Path) -> None:
    """Factors of the indicator rules, section 5; the totals of the archive, its parts left alone."""
    factor = {"1865": (0, 1.0), "1872": (1, 1.8), "1634": (2, 1.9), "1640": (2, 2.2)}
    code = {"GAB": "74", "SLB": "25", "GHA": "81"}
    with zipfile.ZipFile(sample_folder / "Forestry_E_All_Data_(Normalized).zip") as z:
        text = z.read("Forestry_E_All_Data_(Normalized).csv").decode("cp1252")
    assert "Côte d'Ivoire" in text and '"\'384"' in text
    rows = [r for r in csv.DictReader(io.StringIO(text, newline="")) if r["Element"] == "Export quantity" and r["Item Code"] in factor]
    for country, bounds in truth.WOOD_VOLUMES.items():
        for first, (low, high) in zip((2007, 2017), bounds, strict=True):
            amount = [0.0, 0.0, 0.0]
            for r in rows:
                if r["Area Code"] == code[country] and first <= int(r["Year"]) <= first + 2:
                    stage, per_m3 = factor[r["Item Code"]]
                    amount[stage] += float(r["Value"]) * per_m3
            assert low <= (amount[1] + 2 * amount[2]) / (3 * sum(amount)) <= high, (country, first)


def test_yields_of_the_crops(sample_folder: Path) -> None:
    with zipfile.ZipFile(sample_folder / "Production_Crops_Livestock_E_All_Data_(Normalized).zip") as z:
        text = z.read("Production_Crops_Livestock_E_All_Data_(Normalized).csv").decode("cp1252")
    rows = [r for r in csv.DictReader(io.StringIO(text, newline="")) if r["Item"] == "Cocoa beans"]
    value = {(r["Area"], r["Element"], int(r["Year"])): float(r["Value"]) for r in rows if r["Value"]}
    area_of = {"GHA": "Ghana", "CMR": "Cameroon"}

    def tonnes_a_hectare(area: str, year: int) -> float:
        return value[area, "Production", year] / value[area, "Area harvested", year]

    for (iso3, _, year), (low, high), _ in truth.YIELDS:
        assert low < tonnes_a_hectare(area_of[iso3], year) / tonnes_a_hectare("World", year) < high
    iso3, _, year = truth.YIELD_WITHOUT_AREA
    assert (area_of[iso3], "Production", year) in value and (area_of[iso3], "Area harvested", year) not in value
