"""RASFF in three layouts: the spreadsheet of the search page, a collector's CSV of it, and an 8-column CSV without classification.

They overlap and none is complete. What each layout does to the text is copied from real files: see the comments marked PLANTED.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.sample.notices import BORDER, Notice, notices
from ingestion.sample.wire import BOM, csv_lines, gzip_bytes, noise, save, words, xlsx_bytes

WINDOW_COLUMNS = words(
    "reference category type subject date notifying_country classification risk_decision distribution "
    "forAttention forFollowUp operator origin hazards"
)
MONTHS = words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")


def window_cells(n: Notice, date: str, hazards: str) -> list[str]:
    """The 14 cells both search-page layouts share; lists joined by a bare comma."""
    operators = ",".join(sorted({n.notifier, *n.origins} - {"unknown origin"}))
    follow_up = "" if n.classification == BORDER else n.notifier
    return [
        n.reference, n.category, "food", n.subject, date, n.notifier, n.classification, n.risk, ",".join(n.distribution),
        ",".join(o for o in n.origins if o != "unknown origin"), follow_up, operators, ",".join(n.origins), hazards,
    ]  # fmt: skip


def window_xlsx(found: Sequence[Notice]) -> bytes:
    """Original export: dates dd-MM-yyyy, hazard category in braces, newest first."""
    rows = [list(WINDOW_COLUMNS)]
    for n in reversed(found):
        hazards = ",".join(f"{name} - {{{category}}}" for name, category in n.hazards)
        rows.append(window_cells(n, f"{n.day:02d}-{n.month:02d}-{n.year} {n.clock}", hazards))
    return xlsx_bytes("RASFF_window_results", rows)


def window_csv(load_1: Sequence[Notice], load_2: Sequence[Notice]) -> bytes:
    """A collector's copy: `year` and `week` added, two loads one under the other.

    PLANTED: the hazard's category is cut off; the reference went through a number, so '2024.0980' became '2024.098';
    dates of load 1 have microseconds, those of load 2 have not; three references stand in both loads, the later state below.
    """
    rows = [[*WINDOW_COLUMNS, "year", "week"]]
    for load, fraction in ((load_1, ".000000"), (load_2, "")):
        for n in reversed(load):
            day = datetime.date(n.year, n.month, n.day)
            cells = window_cells(n, f"{day.isoformat()} {n.clock}{fraction}", ",".join(name for name, _ in n.hazards))
            cells[0] = cells[0].rstrip("0")
            rows.append([*cells, str(n.year), str(day.isocalendar().week)])
    return csv_lines(rows)


def cases_csv(found: Sequence[Notice]) -> bytes:
    """The 8-column form: BOM, CRLF, everything but plain words quoted, no classification.

    PLANTED: Turkey until 2022, Türkiye after; in 2020 notifiers carry their ISO code and hazards no category.
    """

    def quoted(text: str) -> str:
        return text if re.fullmatch(r"[A-Za-z]*", text) else '"' + text.replace('"', '""') + '"'

    heads = [
        "Date of Case",
        "Reference",
        "Notification From",
        "Country Origin",
        "Product",
        "Product Category",
        "Hazard Substance",
        "Hazard Category",
    ]
    iso2 = {
        "Netherlands": "NL",
        "Germany": "DE",
        "Italy": "IT",
        "France": "FR",
        "Spain": "ES",
        "Belgium": "BE",
        "Greece": "GR",
        "Poland": "PL",
    }
    rows = [heads]
    for n in reversed(found):
        old = n.year == 2020
        origins = "; ".join("Turkey" if o == "Türkiye" and n.year <= 2022 else o for o in n.origins)
        notifier = f"{n.notifier} ({iso2[n.notifier]})" if old and n.notifier in iso2 else n.notifier
        substances = "; ".join(name if old else f"{name} - {category}" for name, category in n.hazards)
        kinds = "; ".join(category if old else category.capitalize() for _, category in n.hazards)
        category = n.category if old else n.category_8
        rows.append([f"{MONTHS[n.month - 1]} {n.day}, {n.year}", n.reference, notifier, origins, n.product, category, substances, kinds])
    return BOM + "".join(",".join(map(quoted, row)) + "\r\n" for row in rows).encode()


def write(folder: Path) -> list[Path]:
    """The three RASFF files. Classified months: January 2021 to December 2024."""
    found = notices()
    sheet = [n for n in found if (2021, 1) <= (n.year, n.month) <= (2023, 6)]
    load_1 = [n for n in found if (2023, 4) <= (n.year, n.month) <= (2024, 6)]
    load_2 = [n for n in found if (n.year, n.month) >= (2024, 7)]
    # PLANTED: one Nigerian rejection stands first as an information notice; two others come twice with other recipients.
    last_nigerian = max(i for i, n in enumerate(load_1) if n.origins == ("Nigeria",))
    again = [load_1[last_nigerian], *[n for n in load_1 if n.origins == ("India",)][-2:]]
    load_1[last_nigerian] = replace(load_1[last_nigerian], classification="information notification for attention")
    load_2 = [*(replace(n, distribution=("Austria", *n.distribution)) for n in again), *load_2]
    # PLANTED: the 8-column file starts a year earlier, ends on 30 October 2024 and lacks about 10 % of the references.
    cases = [n for n in found if (n.year, n.month, n.day) <= (2024, 10, 30) and noise("lacks", n.reference) >= 0.1]
    return [
        save(folder, "RASFF_window_results.xlsx", window_xlsx(sheet)),
        save(folder, "rasff_notifications.csv.gz", gzip_bytes(window_csv(load_1, load_2))),
        save(folder, "rasff_export_2020_to_2024-10-30.csv.gz", gzip_bytes(cases_csv(cases))),
    ]
