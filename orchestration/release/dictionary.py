"""The data dictionary of a release, from the contracts: one page for people, one CSV for machines."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from orchestration.release import DICTIONARY_CSV, DICTIONARY_MD
from orchestration.release.tables import Table

HEADER = ("table", "position", "column", "type", "nullable", "in_key", "description")


def write_dictionary(folder: Path, tables: Sequence[Table], title: str) -> list[Path]:
    """Write `data_dictionary.md` and `data_dictionary.csv` into `folder`; returns both paths. `title` heads the page."""
    md, table_csv = folder / DICTIONARY_MD, folder / DICTIONARY_CSV
    with table_csv.open("w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(HEADER)
        for t in tables:
            for i, c in enumerate(t.columns, 1):
                out.writerow([t.name, i, c.name, c.type, str(c.nullable).lower(), str(c.name in t.key).lower(), c.description])
    lines = [
        f"# Data dictionary: {title}",
        "",
        "Codes are text. Money is in 1000 current USD unless the column says otherwise; ratios are 0..1.",
        "",
    ]
    lines += [f"- [{t.name}](#{t.name}){': ' + t.description if t.description else ''}" for t in tables]
    for t in tables:
        lines += ["", f"## {t.name}", ""]
        if t.description:
            lines += [t.description, ""]
        if t.key:
            lines += [f"One row per {', '.join(f'`{k}`' for k in t.key)}.", ""]
        lines += ["| column | type | may be null | meaning |", "|---|---|---|---|"]
        lines += [f"| `{c.name}` | {c.type} | {'yes' if c.nullable else 'no'} | {_cell(c.description)} |" for c in t.columns]
    md.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [md, table_csv]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
