"""RASFF rows in their three shapes, and the texts in them: dates in four forms, lists of countries, lists of hazards."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Hazard = dict[str, str | None]

DAY_FIRST = re.compile(r"(\d{2})-(\d{2})-(\d{4}) (\d{2}):(\d{2}):(\d{2})")
MONTH_NAME = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4})")
MONTHS = dict(Jan=1, Feb=2, Mar=3, Apr=4, May=5, Jun=6, Jul=7, Aug=8, Sep=9, Oct=10, Nov=11, Dec=12)
# Values are joined by a bare comma; commas with a blank after them ('Bonaire, Sint Eustatius and Saba') or between digits
# ('1,2-propanediol') belong to a name.
BARE_COMMA = re.compile(r"(?<!\d),(?=\S)|(?<=\d),(?=[^\d\s])")
NOT_GIVEN = "n/a"


def moment(value: Any) -> datetime | None:
    """A date in any of the forms in use, or None."""
    if isinstance(value, datetime):
        return value
    text = str(value or "").strip()
    try:
        if m := DAY_FIRST.fullmatch(text):
            day, month, year, hour, minute, second = map(int, m.groups())
            return datetime(year, month, day, hour, minute, second)
        if m := MONTH_NAME.fullmatch(text):
            return datetime(int(m[3]), MONTHS[m[1]], int(m[2]))
        return datetime.fromisoformat(text).replace(tzinfo=None) if re.match(r"\d{4}-\d{2}-\d{2}", text) else None
    except (ValueError, KeyError):
        return None


def origins(text: str | None) -> list[str]:
    """'Austria,Bonaire, Sint Eustatius and Saba' -> two names."""
    return [name for part in BARE_COMMA.split(text or "") if (name := part.strip())]


def split_semicolon(text: str | None) -> list[str]:
    """'Italy; Spain' -> two names."""
    return [name for part in (text or "").split(";") if (name := part.strip())]


def plain_hazards(text: str | None) -> list[Hazard]:
    """Names without categories (the collector cut them off)."""
    return [{"name": _clean(name), "category": None} for part in BARE_COMMA.split(text or "") if (name := part.strip())]


def braced_hazards(text: str | None) -> list[Hazard]:
    """'a  b - {c},d - {e},f' -> names with categories; names may hold ' - ' themselves, only ' - {' parts them."""
    hazards: list[Hazard] = []
    for part in (text or "").split("},"):
        name, brace, category = part.rpartition(" - {")
        if brace:
            hazards.append({"name": _clean(name), "category": category.rstrip("} ")})
        else:
            hazards.extend(plain_hazards(category))
    return hazards


def aligned_hazards(substances: str | None, categories: str | None) -> list[Hazard]:
    """'a - c; b - d' beside 'C; D': the category column is the better witness, a category at the end of a name is dropped."""
    names, given = split_semicolon(substances), split_semicolon(categories)
    hazards: list[Hazard] = []
    for i, name in enumerate(names):
        category = given[i] if len(given) == len(names) else None
        if category and name.lower().endswith(f" - {category.lower()}"):
            name = name[: -len(category) - 3]
        category = None if category in (None, NOT_GIVEN) else category.lower()
        if name.lower() != NOT_GIVEN or category:
            hazards.append({"name": _clean(name), "category": category})
    return hazards


def _clean(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip()


def text_of(value: Any) -> str | None:
    """Stripped text, None when nothing is left."""
    return str(value).strip() or None if value is not None else None


def reference_of(value: Any) -> str | None:
    """A reference in full: year, dot, four digits.

    The collector's table read references as numbers and lost trailing zeros ('2024.965' is 2024.9650). Padded on the right,
    420 of the real file's shortened references stand in the other export, all with the same notifying country.
    """
    text = text_of(value)
    return text.ljust(9, "0") if text and re.fullmatch(r"\d{4}\.\d{1,3}", text) else text


def from_export(r: Mapping[str, Any], hazards: Callable[[str | None], list[Hazard]]) -> dict[str, Any]:
    """A row of the 14-column export; `hazards` reads its last column."""
    return {
        "reference": reference_of(r["reference"]),
        "raw_date": r["date"],
        "product_category": text_of(r["category"]),
        "product_type": text_of(r["type"]),
        "subject": text_of(r["subject"]),
        "notifying_country": text_of(r["notifying_country"]),
        "classification": text_of(r["classification"]),
        "risk_decision": text_of(r["risk_decision"]),
        "origins": origins(r["origin"]),
        "hazards": hazards(r["hazards"]),
        "notif_id": None,
    }


def from_case(r: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the 8-column export."""
    return {
        "reference": r["Reference"],
        "raw_date": r["Date of Case"],
        "product_category": r["Product Category"],
        "product_type": None,
        "subject": r["Product"],
        "notifying_country": r["Notification From"],
        "classification": None,
        "risk_decision": None,
        "origins": split_semicolon(r["Country Origin"]),
        "hazards": aligned_hazards(r["Hazard Substance"], r["Hazard Category"]),
        "notif_id": None,
    }


def from_json(r: Mapping[str, Any]) -> dict[str, Any]:
    """A notice of a search answer, which names no hazards."""

    def described(field: str) -> str | None:
        return text_of((r.get(field) or {}).get("description"))

    def area(value: Mapping[str, Any] | None) -> str | None:
        return text_of((value or {}).get("organizationName") or (value or {}).get("isoCode"))

    return {
        "reference": text_of(r.get("reference")), "raw_date": r.get("ecValidationDate"), "product_category": described("productCategory"),
        "product_type": described("productType"), "subject": text_of(r.get("subject")),
        "notifying_country": area(r.get("notifyingCountry")),
        "classification": described("notificationClassification"), "risk_decision": described("riskDecision"),
        "origins": [o for o in map(area, r.get("originCountries") or []) if o], "hazards": [], "notif_id": text_of(r.get("notifId")),
    }  # fmt: skip
