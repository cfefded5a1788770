"""Value-added files: the World Bank's GVC output table (six witnesses in one CSV) and an OECD TiVA answer in SDMX-CSV.

Each witness keeps its own country codes and sector numbers: sector 10 is transport equipment in Eora and rubber in ADB.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingestion.sample import icio_world
from ingestion.sample.names import COUNTRIES, EORA_OTHERS
from ingestion.sample.wire import around, noise, save, words

WITS_HEADER = "country,sect,t,source,outp,outpd,outptt,gvco,gvcobp,gvcofp,gvcomix\n"
SECTORS = (1, 2, 6, 10)
EORA_ACP = tuple(c.eora_code for c in COUNTRIES.values() if c.is_acp and c.eora_code)  # 60 codes; PLANTED: SUD is Sudan
WITNESSES: dict[str, tuple[tuple[str, ...], range]] = {
    "eora": (EORA_ACP + tuple(EORA_OTHERS), range(2005, 2016)),
    "tiva": (("CIV", "CMR", "NGA", "SEN", "DEU", "USA", "CHN", "JPN", "THA", "VNM", "ZAF", "ROW"), range(2010, 2021)),
    "adb": (("FIJ", "MLD", "GER", "PRC", "UKG", "SPA", "NET", "MAL", "CAM", "SRI", "RoW"), range(2010, 2022)),  # PLANTED: ADB's own codes
    "wiodo": (("DEU", "USA", "CHN", "JPN", "FRA", "ROM", "RoW"), range(2005, 2012)),
    "wiodn": (("DEU", "USA", "CHN", "JPN", "FRA", "ROU", "ROW"), range(2005, 2015)),
    "wiodlr": (("DEU", "USA", "JPN", "FRA", "ROW"), range(1995, 2001)),
}
# Share of GVC output in gross output, first year and last year of the witness; others drift a little around 0.10 to 0.35.
GVC_PATHS = {
    ("eora", "CIV", 1): (0.22, 0.31),
    ("tiva", "CIV", 1): (0.19, 0.10),
    ("eora", "LSO", 6): (0.15, 0.40),
}  # PLANTED: witnesses disagree
NEGATIVE = ("wiodo", "FRA", 2)  # PLANTED: a small negative pure backward part (inventories), which must not be clipped


def text(ten_thousandths: int) -> str:
    """USD million with four decimals, from a whole number of ten-thousandths: sums in the file are exact."""
    sign = "-" if ten_thousandths < 0 else ""
    return f"{sign}{abs(ten_thousandths) // 10_000}.{abs(ten_thousandths) % 10_000:04d}"


def wits_rows() -> Iterator[str]:
    for source, (countries, years) in WITNESSES.items():
        for country in countries:
            for sector in SECTORS:
                low = 0.10 + 0.25 * noise("gvc", source, country, sector)
                first, last = GVC_PATHS.get((source, country, sector), (low, low * around(0.15, "drift", source, country, sector)))
                size = 200 + 60_000 * noise("size", country, sector) * noise("size 2", country)
                for n, year in enumerate(years):
                    key = (source, country, sector, year)
                    share = first + (last - first) * n / (len(years) - 1)
                    output = round(size * (1 + 0.03 * n) * around(0.02, "out", *key) * 10_000)
                    gvc = round(output * share)
                    traditional = round(output * 0.15 * around(0.3, "tt", *key))
                    backward = round(gvc * (0.05 + 0.25 * noise("b", source, country, sector)))
                    forward = round(gvc * (0.10 + 0.30 * noise("f", source, country, sector)))
                    if (source, country, sector) == NEGATIVE and year % 2:
                        backward = -backward // 50
                    parts = (output, output - traditional - gvc, traditional, gvc, backward, forward, gvc - backward - forward)
                    yield f"{country},{sector},{year},{source}," + ",".join(map(text, parts)) + "\n"


TIVA_AREAS = words(
    "AGO CIV CMR COD NGA SEN STP ZAF DEU USA CHN JPN FRA THA VNM IND GBR NLD WXD OECD"
)  # WXD rest of the world, OECD a group
ACTIVITIES = ("_T", "A", "C10T12", "C13T15")
TIVA_YEARS = range(2010, 2023)


def tiva_rows() -> Iterator[str]:
    """EXGR_DVA and EXGR_FVA of every area, activity and year; the pair sums to 100 exactly, three decimals at most.

    Where the sample has an inter-country table, the total is that of the table.
    """
    flow = "OECD.STI.PIE:DSD_TIVA_MAINSH@DF_MAINSH(1.1)"
    of_tables = {y: dict(zip(icio_world.ECONOMIES, icio_world.world(y).foreign_percent(), strict=True)) for y in icio_world.YEARS}
    for area in TIVA_AREAS:
        economy = "ROW" if area == "WXD" else area
        for activity in ACTIVITIES:
            for year in TIVA_YEARS:
                percent = of_tables.get(year, {}).get(economy) if activity == "_T" else None
                fva = round((icio_world.fva_percent(area, activity, year) if percent is None else percent) * 1000)
                for measure, value in (("EXGR_DVA", 100_000 - fva), ("EXGR_FVA", fva)):
                    number = f"{value / 1000:.3f}".rstrip("0").rstrip(".")
                    yield f"{flow},{measure},{area},{activity},W,PT_EXGR,A,{year},{number},0\r\n"


def write(folder: Path) -> list[Path]:
    """`gvc_output_WITS.csv` and one TiVA answer (rows in no order, as the OECD sends them)."""
    tiva = sorted(tiva_rows(), key=lambda line: noise("order", line))
    head = "DATAFLOW,MEASURE,REF_AREA,ACTIVITY,COUNTERPART_AREA,UNIT_MEASURE,FREQ,TIME_PERIOD,OBS_VALUE,UNIT_MULT\r\n"
    return [
        save(folder, "gvc_output_WITS.csv", "".join([WITS_HEADER, *wits_rows()]).encode()),
        save(folder, "OECD.STI.PIE,DSD_TIVA_MAINSH@DF_MAINSH,1.1.csv", "".join([head, *tiva]).encode()),
    ]
