"""Names and codes the sample uses: real codes, carried in small files of this package (nothing is read from elsewhere).

`countries.csv`: UN Comtrade reporter and partner lists (code, name), ISO 3166 (alpha codes), CEPII BACI country file (code),
  list of OACPS members, Eora26 country labels (own code of Sudan), OECD ICIO 2025 economies, World Bank country names.
`hs6.txt`: the 5,113 subheadings of the Harmonized System 1996, UN Statistics Division.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from ingestion.sample.wire import words

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Country:
    """Codes of one country. `iso2` of Namibia is the text 'NA'; empty `eora_code` or `wdi_name`: not in that source."""

    iso3: str
    iso2: str
    comtrade_code: str
    baci_code: str
    name: str
    is_acp: bool
    eora_code: str
    in_icio: bool
    wdi_name: str


def _read() -> dict[str, Country]:
    with (HERE / "countries.csv").open(encoding="utf-8", newline="") as f:
        return {
            r["iso3"]: Country(
                r["iso3"],
                r["iso2"],
                r["comtrade_code"],
                r["baci_code"],
                r["name"],
                r["is_acp"] == "1",
                r["eora_code"],
                r["in_icio"] == "1",
                r["wdi_name"],
            )
            for r in csv.DictReader(f)
        }


COUNTRIES: dict[str, Country] = _read()
ACP: tuple[str, ...] = tuple(c for c, x in COUNTRIES.items() if x.is_acp)
HS6: tuple[str, ...] = tuple((HERE / "hs6.txt").read_text(encoding="ascii").split())
LARGE = words(
    "USA CHN DEU JPN FRA GBR ITA NLD BEL ESP CAN KOR MEX IND BRA RUS TUR POL CHE SWE AUT AUS THA VNM MYS IDN SGP PHL SAU ARE "
    "ZAF EGY MAR TUN ARG CHL COL PER ECU NZL NOR DNK FIN PRT GRC CZE HUN ROU UKR PAK BGD LKA"
)  # economies that trade in everything in the sample
EORA_OTHERS = words("USA CHN DEU JPN FRA GBR ITA NLD ESP IND BRA THA VNM MYS IDN TUR")
