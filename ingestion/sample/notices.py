"""The invented RASFF notices of 2020 to 2024, before they are written in three layouts."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace

from ingestion.sample.wire import noise, pick

YEARS = range(2020, 2025)
BACKGROUND_A_MONTH = 10
BORDER = "border rejection notification"
CLASSES = (BORDER, "alert notification", "information notification for attention", "information notification for follow-up")
RISKS = ("serious", "serious", "potentially serious", "potential risk", "not serious")
EU_NOTIFIERS = ("Netherlands", "Germany", "Italy", "France", "Spain", "Belgium", "Greece", "Poland", "Bulgaria")
NOTIFIERS = (*EU_NOTIFIERS, "Switzerland")  # PLANTED: Switzerland notifies and is no member of the EU
ORIGINS = (
    "Türkiye",
    "India",
    "China",
    "Egypt",
    "Brazil",
    "United States",
    "Spain",
    "Kenya",
    "Uganda",
    "Senegal",
    "Madagascar",
    "Côte d'Ivoire",
    "Sudan",
    "Namibia",
)
# product, category of the search page, category of the 8-column layout, hazards as (name, category). Double blanks are in the real files.
GOODS = (
    ("dried figs", "fruits and vegetables", "Fruits and vegetables", (("Aflatoxin B1", "mycotoxins"), ("aflatoxin total", "mycotoxins"))),
    ("sweet peppers", "fruits and vegetables", "Fruits and vegetables", (("chlorpyrifos  unauthorised substance", "pesticide residues"),)),
    ("dried oregano", "herbs and spices", "Herbs and spices", (("pyrrolizidine alkaloids", "natural toxins (other)"),)),
    ("frozen swordfish", "fish and fish products", "Fish and products thereof", (("mercury", "heavy metals"),)),
    (
        "chicken fillet",
        "poultry meat and poultry meat products",
        "Poultry meat and poultry meat products",
        (("Salmonella  Enteritidis", "pathogenic micro-organisms"),),
    ),
    (
        "cocoa powder",
        "cocoa and cocoa preparations, coffee and tea",
        "Cocoa and cocoa preparations, coffee and tea",
        (("cadmium", "heavy metals"),),
    ),
    (
        "gelling agent",
        "other food product / mixed",
        "Other food product / mixed",
        (("E 422 - glycerol unauthorised", "food additives and flavourings"),),
    ),
)
SESAME = (
    "sesame seeds", "nuts, nut products and seeds", "Nuts, nut products and seeds",
    (("Salmonella  spp.", "pathogenic micro-organisms"),),
)  # fmt: skip
PALM_OIL = ("palm oil", "fats and oils", "Fats and oils", (("Sudan 4 - unauthorised colour", "composition"),))
# PLANTED rejection clusters: border rejections a year, all by members of the EU. Neither origin occurs anywhere else in the notices.
CLUSTERS = (("Nigeria", SESAME, {2022: 8, 2023: 14, 2024: 20}), ("Ghana", PALM_OIL, {2022: 5, 2023: 7, 2024: 8}))


@dataclass(frozen=True)
class Notice:
    """One notice. `month`, `day` and `clock` ('HH:MM:SS') say when it was validated; `origins` may be empty."""

    year: int
    number: int
    month: int
    day: int
    clock: str
    product: str
    category: str
    category_8: str
    hazards: tuple[tuple[str, str], ...]
    subject: str
    notifier: str
    classification: str
    risk: str
    distribution: tuple[str, ...]
    origins: tuple[str, ...]

    @property
    def reference(self) -> str:
        """Year, point, four-digit number: '2024.0980'."""
        return f"{self.year}.{self.number:04d}"


def _notice(year: int, month: int, goods: tuple, origins: tuple[str, ...], classification: str, *key: object) -> Notice:
    product, category, category_8, hazards = goods
    day = 1 + int(noise("day", *key) * calendar.monthrange(year, month)[1])
    seconds = int(noise("clock", *key) * 36_000) + 28_800
    notifier = pick(NOTIFIERS if key[0] == "background" else EU_NOTIFIERS, "notifier", *key)
    subject = f"{hazards[0][0]} in {product} from {' and '.join(origins) or 'an unknown country'}" + (
        "  " if noise("blank", *key) < 0.2 else ""
    )
    return Notice(
        year, 0, month, day, f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}", product, category, category_8,
        () if noise("no hazard", *key) < 0.2 else hazards, subject, notifier, classification, pick(RISKS, "risk", *key),
        tuple(sorted({notifier, pick(NOTIFIERS, "to", *key)})) if classification != BORDER else (), origins,
    )  # fmt: skip


def _background(year: int, month: int, n: int) -> Notice:
    """PLANTED among the rest: several origins, 'unknown origin', no origin at all."""
    key = ("background", year, month, n)
    u = noise("origins", *key)
    first = pick(ORIGINS, "origin", *key)
    second = next(o for o in (pick(ORIGINS, "origin 2", *key, k) for k in range(50)) if o != first)
    origins = ("unknown origin",) if u < 0.04 else () if u < 0.08 else (first, second) if u < 0.18 else (first,)
    return _notice(year, month, pick(GOODS, "goods", *key), origins, pick(CLASSES, "class", *key), *key)


def notices() -> list[Notice]:
    """All notices, oldest first, numbered within their year in steps that leave gaps (as the real ones have)."""
    found = [_background(y, m, n) for y in YEARS for m in range(1, 13) for n in range(BACKGROUND_A_MONTH)]
    for origin, goods, by_year in CLUSTERS:
        for year, count in by_year.items():
            for n in range(count):
                origins = (
                    (origin, "Benin") if (origin, year, n) == ("Nigeria", 2024, 0) else (origin,)
                )  # PLANTED: one rejection, two origins
                found.append(_notice(year, 1 + n % 12, goods, origins, BORDER, origin, year, n))
    found.sort(key=lambda x: (x.year, x.month, x.day, x.clock, x.subject))
    number = dict.fromkeys(YEARS, 0)
    for i, x in enumerate(found):
        number[x.year] += 1 + int(noise("gap", i) * 60)
        found[i] = replace(x, number=number[x.year])
    return found
