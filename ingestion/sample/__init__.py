"""The built-in sample: synthetic files in the publishers' own formats, the same bytes every time.

It imports nothing from the rest of `ingestion`, so that a misunderstanding of a format is not shared by writer and reader.
What a reader should find again (the planted truths) stands in `tests/planted_truths.py`, which this package does not know.
"""

from __future__ import annotations

from pathlib import Path

from ingestion.sample import baci, capabilities, context, forestry, hs4, icio, standards, trade, value_added
from ingestion.sample.wire import save

MARKER = "ACPGVC-SAMPLE.txt"
MARKER_TEXT = (
    "SYNTHETIC. Every number in every file of this folder is invented by the sample generator of acpgvc (ingestion/sample).\n"
    "Codes of countries and products are real, flows, values, notices and dates are not. Never quote them, never mix them with real data.\n"
)


def write_sample(folder: Path) -> list[Path]:
    """Write the sample into `folder` (made when absent) and give the paths, the marker file first.

    Files of the same names are overwritten; others are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [save(folder, MARKER, MARKER_TEXT.encode())]
    for source in (trade, baci, hs4, forestry, value_added, icio, standards, context, capabilities):
        paths += source.write(folder)
    return paths
