"""What the data sets of FAOSTAT share: columns of the bulk files in the normalized form, and the one call that gets an archive."""

from __future__ import annotations

from collections.abc import Mapping

from ingestion import content
from ingestion.spec import Request, SourceSpec

NORMALIZED = [
    "Area Code", "Area Code (M49)", "Area", "Item Code", "Item Code (CPC)", "Item", "Element Code", "Element", "Year Code", "Year", "Unit",
    "Value", "Flag", "Note",
]  # fmt: skip


def whole_archive(spec: SourceSpec, archive: str, args: Mapping[str, str]) -> Request:
    """The call of a data set: one archive, always the whole of it. Raises TerminalError when it is given arguments."""
    content.need(args, (), (), spec.plan_help)
    return Request(f"{content.base_url(spec.name, spec.base_url)}/{archive}", note=archive)
