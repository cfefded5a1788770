"""What the built-in sample hides, for tests only: no code of the platform may import this file.

Each constant states what a right pipeline must find, in the units of the published tables. The numbers were worked out from
the written files with the naive reader of `tests/unit/ingestion/test_sample_truths.py`, with room for the choices a model may make.
Ladder positions are on 0 to 1 (mean stage over 3). Climbs compare the means of 2007-09 and 2017-19 (`year` 2019).

What is true of the files need not be published: the ladders of `PART_LISTS_TOO_THIN` (so GAB and SLB in wood, LSO and KEN in apparel)
are null, `partial_coverage`, in all years but those with a whole product list, because their files hold less than half of the codes
of the chain (docs/decisions/0005). Their numbers here hold for the files; flags are published all the same.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Climb:
    """Ten-year change of a ladder position over importers that report in every year; bounds are inclusive."""

    country: str
    chain: str
    value: tuple[float, float]
    constant_price: tuple[float, float] | None
    raw_equivalent: tuple[float, float] | None = None
    year: int = 2019


PART_LISTS_TOO_THIN = ("wood_furniture", "apparel")
"""Chains of which the Comtrade files hold less than half of the codes: no position and no change is published from them."""

CLIMBER = Climb("GHA", "cocoa", value=(0.08, 0.16), constant_price=(0.12, 0.18), raw_equivalent=(0.12, 0.18))
"""Climbs: beans fall from 400 to 180 thousand tonnes, paste, butter and powder grow from 24 to 230; all three bases agree."""

ONLY_MORE_RAW = Climb("CMR", "cocoa", value=(-0.06, -0.02), constant_price=(-0.05, -0.01), raw_equivalent=(-0.05, -0.01))
"""Sells three times as many beans and no more butter or paste: exports grow, the position falls."""

ONLY_MORE_RAW_EXPORT_GROWTH = 2.0
"""Cocoa exports of CMR in 2017 are at least this many times those of 2007 (368 and 884 million USD)."""

PRICE_SPIKE = Climb("CIV", "cocoa", value=(-0.05, -0.01), constant_price=(0.0, 0.01), raw_equivalent=(0.0, 0.01))
"""The bean price doubles in 2018 and 2019. By value CIV seems to fall; both volume bases rise a little: no fall may be claimed."""

PRICE_SPIKE_VALUE_DROP = (2017, 2018, -0.06, -0.03)
"""Position by current value of CIV in cocoa drops by this much from 2017 to 2018; by constant price it moves less than 0.003."""

OTHER_CLIMBERS = (
    Climb("FJI", "tuna", value=(0.35, 0.50), constant_price=(0.35, 0.50)),
    Climb("SEN", "tuna", value=(0.55, 0.70), constant_price=(0.55, 0.70)),
    Climb("GAB", "wood_furniture", value=(0.25, 0.35), constant_price=(0.25, 0.35)),
)
"""From raw fish to cans; from logs to sawnwood and veneer (codes 440727 and 440729 of different HS editions are one).
The wood is so in the files and is not published."""

STAYS_RAW = (("FSM", "tuna"), ("NAM", "tuna"), ("SLB", "wood_furniture"), ("TGO", "cashew"))
"""Position 0 at both ends (SLB below 0.01; in the files, not published)."""

STOPPED_IMPORTER = ("THA", 2015)
"""Thailand reports until 2015 and never again in Comtrade (it does appear in BACI 2020-2022)."""

KIRIBATI = Climb("KIR", "tuna", value=(-0.06, 0.06), constant_price=(-0.06, 0.06))
"""With the same reporters at both ends nothing happens."""

KIRIBATI_WITHOUT_PANEL = 0.30
"""Over whoever reports in the year, Kiribati would climb by more than this (0.05 to 0.42), because Thailand is gone."""

TONNE_OUTLIER = ("CMR", "ESP", "180310", 2018, 1000)
"""Exporter, importer, HS6, year, factor: Spain declares 2.4 million tonnes of paste. Counted, CMR would climb by more than 0.05."""

MISSING_QUANTITY = ("UGA", "coffee")
"""40 % of the value has no weight in every year (0 or blank in Comtrade, NA in BACI): volume bases null, `no_quantity`."""

ESTIMATED_QUANTITY = ("RWA", "coffee")
"""60 % of the value has an estimated weight in Comtrade (`isNetWgtEstimated`): volume bases null, `no_quantity`."""

HUB = ("TGO", "cashew", 0.9)
"""Re-export hub: imports as many raw nuts as it exports, `reexport_flag_ratio` above this in every year; flag 'transit'."""

NOT_A_HUB = (("BEN", "cashew"), ("CIV", "cashew"), ("GHA", "cocoa"))
"""Ratio below 0.2."""

ASSEMBLER = ("LSO", "apparel")
"""Imports of cloth are 0.6 to 0.9 of exports of garments in every year: flag 'assembly', no climb claimed."""

NOT_AN_ASSEMBLER = ("KEN", "apparel")
"""Imports of cloth are about 0.25 of exports of garments."""

REJECTIONS = {
    ("NGA", "nuts, nut products and seeds"): {2022: 8, 2023: 14, 2024: 20},
    ("GHA", "fats and oils"): {2022: 5, 2023: 7, 2024: 8},
}
"""Border rejections by members of the EU, by origin, RASFF category and year; distinct references over all layouts.
Neither origin has a notice before 2022. The subjects name sesame seeds and palm oil."""

REJECTION_SUMS_2024 = {"NGA": 42, "GHA": 20}
"""Three-year counts 2022-2024 (36 months covered). One Nigerian notice names Benin too and counts once for each."""

CLASSIFIED_MONTHS = ((2021, 1), (2024, 12))
"""First and last month with a classification. In 2020 only the 8-column layout exists: windows ending 2022 hold 24 months."""

NOTICES = {"all layouts": 649, "with classification": 542}
"""Distinct references over the three RASFF files; 13 notices of 2020 stand in none of them."""

NAMIBIA = ("NAM", "NA", "516")
"""ISO3, ISO2, Comtrade code. Present in Comtrade (own reports of tuna), BACI (iso2 'NA'), WITS, WDI bulk, WDI API (country id 'NA')."""

LEADING_ZEROS = ("080131", "080132", "030341", "030343", "090111")
"""HS6 codes that must keep their first zero."""

RENAMED_CODES = {"030344": "030349", "600410": "600230", "440727": "440729", "441231": "441213", "440711": "440710"}
"""Code as reported (HS 2007 and later; 440727 in HS 2007 and 2012 only) and its HS1996 code."""

PARTIAL_YEARS = {("FJI", 2023): 9}
"""Reporter-years of monthly data with fewer than 12 months, besides 2024 (8 months for everybody)."""

COUNTED_ONCE_ANNUAL_AND_MONTHLY = ("JPN", "tuna", 2018, 716_901_917.46)
"""Imports as reported (CIF, USD) arrive as annual rows and again by month."""

COUNTED_ONCE_JSON_AND_CSV = ("GHA", "cocoa", 2018, 1_799_309_583.36)
"""Exports as reported (FOB, USD) arrive in an API answer and again in the CSV."""

GRADES = {
    ("GHA", "cocoa", 2015): "A",  # own report and mirror within 1 %, all weights, seven partners
    ("CIV", "cocoa", 2015): "B",  # own report 18 % below the mirror
    ("UGA", "coffee", 2015): "C",  # mirror only
    ("NGA", "cocoa", 2015): "C",  # own report 40 % below the mirror
    ("FSM", "tuna", 2015): "D",  # two partners
    ("GHA", "cocoa", 2021): "B",  # BACI shows no mirror gap
}
"""Data-quality grade by exporter, chain and year, for indicators that do not use quantities."""

BACI_SILENT_MEMBER = "NIU"
"""The one of 79 members without any export in 2020-2022: `no_trade`, not zero and not missing."""

WHOLE_LIST_YEARS = (2020, 2021, 2022)
"""Years with one source for the whole product list; in all others totals are null, `partial_coverage`."""

EXPORT_HHI_2022 = {"BWA": (0.94, 0.97), "AGO": (0.75, 0.80), "GHA": (0.32, 0.36)}
"""Herfindahl over HS6 in 2022."""

POINT_RESOURCES_2022 = {"BWA": (0.96, 0.99), "AGO": (0.97, 1.0), "GHA": (0.79, 0.84), "MUS": (0.0, 0.0)}
"""Share of oil, gas, gold and diamonds in exports in 2022."""

WITNESSES_DISAGREE = ("CIV", "1", (0.30, 0.32), (0.09, 0.11))
"""GVC share of output of sector 1: in Eora in 2015, in TiVA in 2020. They stand side by side, never merged."""

EORA_MEMBERS = 60
"""Members with GVC output through Eora (Sudan under `SUD`); the last year is 2015."""

TIVA_MEMBERS = ("AGO", "CIV", "CMR", "COD", "NGA", "SEN", "STP")
"""Members in the OECD answer; the foreign share of Senegal's exports rises from 18 to 26 % (2010 to 2022, within 1 %)."""

WDI_MEMBERS = 77
"""Members in the World Bank files (no COK, no NIU)."""

ICIO_FORWARD = {"CIV": {2015: 0.346, 2019: 0.263, 2021: 0.187}, "CMR": {2015: 0.375, 2019: 0.363, 2021: 0.358}}
"""Domestic value added in other economies' exports over own exports, from the inter-country tables (within 0.001).
Ivory Coast comes to process what it sold raw, Cameroon does not."""

ICIO_FOOD_SHARE = {"CIV": {2015: 0.064, 2019: 0.194, 2021: 0.371}, "CMR": {2015: 0.055, 2019: 0.056, 2021: 0.056}}
"""Food manufacturing (C10T12) in gross exports, from the same tables (within 0.001)."""

ICIO_FOREIGN_CONTENT_IS_THAT_OF_TIVA = ("AGO", "CHN", "CIV", "CMR", "COD", "DEU", "NGA", "SEN", "STP", "USA", "ZAF", "ROW")
"""In 2015, 2019 and 2021 the foreign share of an economy's exports (value added and taxes over output, all industries) is EXGR_FVA of the
OECD answer to its last decimal (0.001 percent); `ROW` stands there as `WXD`."""

WOOD_VOLUMES = {"GAB": ((0.11, 0.13), (0.42, 0.46)), "SLB": ((0.005, 0.015), (0.0, 0.006)), "GHA": ((0.42, 0.46), (0.25, 0.29))}
"""Wood by volume (FAOSTAT), three years pooled, 2007-09 and 2017-19: Gabon climbs after its ban on logs, Solomon Islands stays raw,
Ghana slides. One basis: no position over several and no climb is claimed. Totals stand beside their parts and are not added."""

WOOD_TRANSIT, WOOD_NO_TRADE = "TGO", "NAM"
"""Exports more wood than is felled (flag 'transit', grade C); reports zeros (`no_trade`)."""

FOUR_DIGITS = ("GHA", 2014, (0.14, 0.16), 1.2)
"""Cocoa in four digits: position by value is the same with both publishers, Open Trade Statistics' levels are so many times the Atlas's."""

YIELDS = (
    (("GHA", "cocoa", 2010), (0.85, 0.93), "A"),
    (("GHA", "cocoa", 2022), (1.12, 1.24), "A"),
    (("GHA", "cocoa", 2023), (1.14, 1.26), "C"),
    (("CMR", "cocoa", 2023), (0.66, 0.74), "A"),
)
"""Yield over the world's, with its grade: Ghana climbs from 0.40 to 0.60 t a hectare, the world from 0.45 to 0.50; 2023 of Ghana is FAO's
estimate."""

YIELD_WITHOUT_AREA = ("CMR", "cocoa", 2015)
"""Production stands in the file, the area is an empty cell."""
