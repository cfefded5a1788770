"""FAOSTAT forestry as the bulk archive ships it: normalized, in cp1252, M49 codes with an apostrophe, totals beside their parts.

Trade of logs stands under three items that have no production, and production under two that have no trade; a total joins them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.sample.wire import around, save, zip_bytes

YEARS = range(2005, 2023)
HEAD = "Area Code,Area Code (M49),Area,Item Code,Item Code (CPC),Item,Element Code,Element,Year Code,Year,Unit,Value,Flag,Note\r\n"


@dataclass(frozen=True)
class Forest:
    """Thousand cubic metres exported in the first and the last year: logs, sawnwood, veneer, plywood; `felled` in both."""

    code: int
    m49: str
    name: str
    logs: tuple[float, float]
    sawn: tuple[float, float]
    veneer: tuple[float, float]
    plywood: tuple[float, float]
    felled: float
    ban: int = 0  # from this year on logs fall to a fiftieth


# Volumes go the way of the tonnes in flows.csv: Gabon climbs, Solomon Islands sells logs and more logs, Ghana slides, Cameroon slips.
FORESTS = (
    Forest(74, "266", "Gabon", (1900, 1600), (150, 800), (60, 260), (15, 60), 3200, ban=2010),  # PLANTED: climbs after a log export ban
    Forest(25, "090", "Solomon Islands", (1100, 2500), (20, 11), (0, 0), (0, 0), 2800),  # PLANTED: stays raw
    Forest(32, "120", "Cameroon", (300, 1100), (650, 600), (40, 35), (20, 12), 3000),
    Forest(81, "288", "Ghana", (5, 400), (210, 130), (80, 15), (90, 40), 1400),
    Forest(168, "598", "Papua New Guinea", (2400, 3400), (45, 60), (0, 0), (25, 20), 4000),
    Forest(46, "178", "Congo", (500, 800), (140, 170), (12, 20), (4, 3), 1500),
    Forest(107, "384", "Côte d'Ivoire", (60, 120), (300, 150), (120, 90), (60, 40), 1600),  # PLANTED: the ô of cp1252
    Forest(91, "328", "Guyana", (110, 90), (55, 40), (0, 0), (15, 5), 500),
    Forest(207, "740", "Suriname", (30, 600), (8, 14), (0, 0), (0, 0), 900),
    Forest(123, "430", "Liberia", (90, 300), (1, 3), (0, 0), (0, 0), 500),
    Forest(217, "768", "Togo", (90, 130), (5, 4), (0, 0), (0, 0), 70),  # PLANTED: exports more than is felled
    Forest(147, "516", "Namibia", (0, 0), (0, 0), (0, 0), (0, 0), 40),  # PLANTED: reports zeros, which are no trade
    Forest(41, "156", "China, mainland", (5, 8), (600, 250), (180, 300), (5600, 10000), 90000),
    Forest(351, "159", "China", (6, 9), (640, 270), (190, 310), (5700, 10100), 91000),  # PLANTED: a group that holds the one above
    Forest(5000, "001", "World", (90000, 130000), (120000, 150000), (3500, 5000), (24000, 30000), 1700000),
)
# item code: (CPC, name); parts: (share of the total)
LOGS_TRADE = {"1651": ("031", "Industrial roundwood, coniferous (export/import)", 0.0),
              "1657": ("031", "Industrial roundwood, non-coniferous tropical (export/import)", 0.9),
              "1670": ("031", "Industrial roundwood, non-coniferous non-tropical (export/import)", 0.1)}  # fmt: skip
LOGS_FELLED = {
    "1866": ("031", "Industrial roundwood, coniferous", 0.0),
    "1867": ("031", "Industrial roundwood, non-coniferous", 1.0),
}
SAWN = {"1632": ("311", "Sawnwood, coniferous", 0.0), "1633": ("311", "Sawnwood, non-coniferous all", 1.0)}
QUANTITY = {"Production": "5516", "Import quantity": "5616", "Export quantity": "5916"}
TONNES = {"Production": "5510", "Import quantity": "5610", "Export quantity": "5910"}
VALUE = {"Export value": "5922"}


def exported(forest: Forest, product: str, year: int) -> int:
    """Cubic metres: a straight line between the two years, noise of 5 %, and the ban."""
    first, last = getattr(forest, product)
    share = (year - YEARS[0]) / (len(YEARS) - 1)
    fall = 50 if product == "logs" and forest.ban and year >= forest.ban else 1
    return round((first + (last - first) * share) * 1000 * around(0.05, "wood", forest.code, product, year) / fall)


def line(forest: Forest, item: str, cpc: str, name: str, element: str, code: str, year: int, unit: str, value: int | None) -> str:
    """A row of the file; a figure that is not there has an empty cell and flag M."""
    flag = "M" if value is None else "E" if year == YEARS[-1] else "A"
    number = "" if value is None else f"{value}.000000"
    cells = (forest.code, f"'{forest.m49}", forest.name, item, f"'{cpc}", name, code, element, year, year, unit, number, flag, "")
    return ",".join(f'"{c}"' for c in cells) + "\r\n"


def rows() -> Iterator[str]:
    """Every area, item, element and year, in the order of the publisher."""
    for f in FORESTS:
        for year in YEARS:
            felled = round(f.felled * 1000 * around(0.03, "felled", f.code, year))
            logs, sawn = exported(f, "logs", year), exported(f, "sawn", year)
            total = ("1865", "031", "Industrial roundwood")
            yield line(f, *total, "Production", QUANTITY["Production"], year, "m3", felled)
            yield line(f, *total, "Export quantity", QUANTITY["Export quantity"], year, "m3", logs)
            yield line(f, *total, "Import quantity", QUANTITY["Import quantity"], year, "m3", None)
            yield line(f, *total, "Export value", VALUE["Export value"], year, "1000 USD", logs // 4)
            for item, (cpc, name, share) in LOGS_FELLED.items():
                yield line(f, item, cpc, name, "Production", QUANTITY["Production"], year, "m3", round(felled * share))
            for item, (cpc, name, share) in LOGS_TRADE.items():
                yield line(f, item, cpc, name, "Export quantity", QUANTITY["Export quantity"], year, "m3", round(logs * share))
            yield line(f, "1872", "311", "Sawnwood", "Export quantity", QUANTITY["Export quantity"], year, "m3", sawn)
            for item, (cpc, name, share) in SAWN.items():
                yield line(f, item, cpc, name, "Export quantity", QUANTITY["Export quantity"], year, "m3", round(sawn * share))
            for item, cpc, name, product in (("1634", "31411", "Veneer sheets", "veneer"), ("1640", "31421", "Plywood and LVL", "plywood")):
                yield line(f, item, cpc, name, "Export quantity", QUANTITY["Export quantity"], year, "m3", exported(f, product, year))
            yield line(f, "1864", "0313", "Wood fuel", "Production", QUANTITY["Production"], year, "m3", felled * 2)
            yield line(f, "1876", "321", "Paper and paperboard", "Export quantity", TONNES["Export quantity"], year, "t", sawn // 90)


def write(folder: Path) -> list[Path]:
    """The bulk archive."""
    data = "".join([HEAD, *rows()]).encode("cp1252")
    flags = "Flag,Description\r\nA,Official figure\r\nE,Estimated value\r\nM,Missing value\r\n".encode("cp1252")
    members = [("Forestry_E_All_Data_(Normalized).csv", data), ("Forestry_E_Flags.csv", flags)]
    return [save(folder, "Forestry_E_All_Data_(Normalized).zip", zip_bytes(members))]
