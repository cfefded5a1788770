"""The texts of RASFF cells: dates in four forms, lists of countries, lists of hazards."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

Hazard = dict[str, str | None]

DAY_FIRST = re.compile(r"(\d{2})-(\d{2})-(\d{4}) (\d{2}):(\d{2}):(\d{2})")
MONTH_NAME = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4})")
MONTHS = {m: i for i, m in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
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
