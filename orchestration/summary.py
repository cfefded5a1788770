"""What `acpgvc run` prints at its end. Every number is read from the release; the questions are plain SQL."""

from __future__ import annotations

import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from ingestion.settings import Home
from orchestration import console
from orchestration.readers import Release

FINDINGS = Path(__file__).with_name("findings.sql")
EXPLAIN_SHARE = 0.05  # an out-of-scope share above this is explained by its reasons
ACCOUNT = """
    SELECT source, layout, count(DISTINCT sha256) AS files,
           (SELECT sum(rows_read) FROM (SELECT DISTINCT sha256, rows_read FROM mart_row_account AS i
             WHERE i.table_name = o.table_name AND i.layout = o.layout AND i.file_status = 'accepted')) AS "read",
           coalesce(sum(n_rows) FILTER (row_status = 'kept'), 0) AS kept,
           coalesce(sum(n_rows) FILTER (row_status = 'out_of_scope'), 0) AS "out of scope",
           coalesce(sum(n_rows) FILTER (row_status = 'superseded'), 0) AS superseded,
           coalesce(sum(n_rows) FILTER (row_status = 'quarantined'), 0) AS quarantined
    FROM mart_row_account AS o WHERE file_status = 'accepted' GROUP BY table_name, source, layout ORDER BY source, layout
"""
REASONS = """
    SELECT source, layout, status_reason, sum(n_rows)::BIGINT AS n FROM mart_row_account
    WHERE row_status = 'out_of_scope' AND file_status = 'accepted' GROUP BY ALL HAVING n > 0 ORDER BY source, layout, n DESC, status_reason
"""


def _rows(release: Release, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with release.connect() as con:
        cursor = con.execute(sql)
        return [d[0] for d in cursor.description or ()], cursor.fetchall()


def accounts(release: Release) -> None:
    """Where every row of every accepted file went, by source and layout; the reasons where many were left out."""
    names, rows = _rows(release, ACCOUNT)
    console.heading("rows: read = kept + out of scope + superseded + quarantined")
    console.table([*names, ""], [[*r, "ok" if r[3] == sum(r[4:8]) else "DOES NOT ADD UP"] for r in rows])
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source, layout, reason, n in _rows(release, REASONS)[1]:
        reasons[source, layout].append(f"{reason} {n}")
    for r in rows:
        if r[3] and r[5] > EXPLAIN_SHARE * r[3]:
            console.say(f"  {r[0]} {r[1]}: {console.share(float(r[5] / r[3]))} out of scope: {', '.join(reasons[r[0], r[1]])}")
    console.say('  by file: acpgvc query "from mart_row_account"', style="dim")


def coverage(release: Release) -> None:
    """Share of non-null values of every live indicator, a line per pillar."""
    console.heading("indicators: share of rows with a value")
    entries = release.facts["coverage"]
    for pillar, group in groupby(entries, key=lambda e: e["pillar"]):
        console.say(f"  {pillar}: " + ", ".join(_covered(e) for e in group))


def _covered(entry: Mapping[str, Any]) -> str:
    text = f"{entry['indicator_id']} {console.share(entry['share_non_null'])}"
    return f"{text} ({entry['main_null_reason'] or 'no rows'})" if not entry["n_values"] else text


def unused_files(home: Home) -> bool:
    """Files of the last input that were not used, with the reason of each; true when some were rejected."""
    from ingestion.drop import InputRecord

    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((home.folder / "input").glob("*.json")):
        for file in InputRecord.read(home, path.stem).files.values():
            if file["current"]:
                found[file["status"]].append(f"{', '.join(file['names'])}: {file['problem']}")
    meanings = {
        "rejected": "rejected (damaged or too many bad rows; what depends on their source is published as null)",
        "refused": "refused (converted, or in a format that only R reads)",
        "unknown": "unknown (no source claims them)",
    }
    for status, meaning in meanings.items():
        if found[status]:
            console.heading(f"{len(found[status])} files {meaning}")
            for line in sorted(found[status]):
                console.say(f"  {line}", style="yellow" if status == "rejected" else None)
    return bool(found["rejected"])


def findings(release: Release) -> None:
    """The table of findings."""
    console.heading("findings" + (f" ({console.SYNTHETIC})" if release.is_sample else ""))
    names, rows = _rows(release, FINDINGS.read_text(encoding="utf-8"))
    if rows:
        console.table(names, rows)
    else:
        console.say("  none that the data carries: see the shares of values above")


def timings(seconds: Mapping[str, float]) -> None:
    """One line, longest first."""
    if seconds:
        ordered = sorted(seconds.items(), key=lambda item: -item[1])
        console.say()
        console.say("time: " + ", ".join(f"{name} {s:.1f} s" for name, s in ordered), style="dim")


def next_commands(release: Release) -> None:
    """What to type next: an explanation that has a value, and a query."""
    _, rows = _rows(
        release,
        """
        SELECT indicator_id, iso3, year, scope_kind, scope_id FROM fct_indicator SEMI JOIN v_acp_current USING (iso3)
        WHERE value IS NOT NULL AND dq_grade <> 'D' AND NOT list_contains(coalesce(flags, []), 'partial_year')
        ORDER BY (indicator_id <> 'ladder_climb_10y'), (scope_kind <> 'chain'), dq_grade, value DESC, iso3, year DESC, scope_id LIMIT 1
        """,
    )
    me = "acpgvc" if shutil.which("acpgvc") else os.path.relpath(sys.argv[0])  # `make run` puts it into .venv/bin only
    console.say("next:")
    for indicator_id, iso3, year, kind, scope in rows:
        console.say(f"  {me} explain {indicator_id} {iso3} {year} --scope {kind}:{scope}", style="bold")
    console.say(f'  {me} query "select * from mart_country_profile limit 10"', style="bold")
