"""Eora26: the Eora tables in 26 harmonised sectors, one archive a year, basic prices, thousand US dollars."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingestion import content
from ingestion.errors import BadFile
from ingestion.icio_grid import read_grid
from ingestion.icio_tables import KEY, PARTITION, REVISIONS, Table, same_labels, to_parsed
from ingestion.spec import Parsed, Recognition, SourceSpec
from ingestion.tabular import file_name
from ingestion.text_stream import AGAIN, open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

MEMBER = re.compile(r"(?:.*/)?Eora26_(?P<year>\d{4})_(?P<prices>[bp]p)_(?P<what>T|FD|VA|Q|QY)\.txt")
LABELS = re.compile(r"(?:.*/)?labels_(?P<what>T|FD|VA)\.txt")
KUSD_PER_MUSD = 1000
# Columns of the label files: name of the country, its code, kind of the row, its name.
COUNTRY, SECTOR, LABEL_COLUMNS = 1, 3, 4
WITH_LABELS = "put the publisher's labels_T.txt and labels_FD.txt (folder indices, or indices.zip) into the archive of the year"


def recognise(s: Sniff) -> Recognition | None:
    """By the members of the archive (also of a cut one)."""
    members = [m for m in map(MEMBER.fullmatch, content.members(s)) if m]
    if not members:
        return None
    detail = {"name": s.name}
    if {m["prices"] for m in members} == {"pp"}:
        return Recognition("zip", "purchasers' prices (pp): download the archive of basic prices (bp)", detail=detail)
    return Recognition("zip", detail=detail)


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row an industry of an economy. Rows and columns of Eora are not balanced, and it publishes no output.

    Raises:
        BadFile: the archive is damaged, a member or the labels are missing, sizes do not fit, a cell is missing or no number.
    """
    name = file_name(path, recognition)
    try:
        with zipfile.ZipFile(path) as archive:
            return to_parsed(_table(path, archive, name), name)
    except zipfile.BadZipFile as e:
        raise BadFile(name, "a complete zip archive", f"a damaged one ({e})", AGAIN) from e


def _table(path: Path, archive: zipfile.ZipFile, name: str) -> Table:
    data = {(m["year"], m["what"]): m[0] for m in map(MEMBER.fullmatch, archive.namelist()) if m and m["prices"] == "bp"}
    labels = {m["what"]: m[0] for m in map(LABELS.fullmatch, archive.namelist()) if m}
    years = sorted({year for year, _ in data})
    if len(years) != 1:
        raise BadFile(name, "one year in an archive", ", ".join(years), "drop one archive a year, as published")
    for what in ("T", "FD", "VA"):
        if (years[0], what) not in data:
            raise BadFile(name, f"a member Eora26_{years[0]}_bp_{what}.txt", ", ".join(sorted(data.values())), AGAIN)
    for what in ("T", "FD"):
        if what not in labels:
            raise BadFile(name, f"a member labels_{what}.txt", "none", WITH_LABELS)
    industries, final = (_labels(path, archive, name, labels[what]) for what in ("T", "FD"))
    wide = {"T": len(industries), "FD": len(final), "VA": len(industries)}
    cells = {what: _cells(path, archive, f"{name}:{data[years[0], what]}", data[years[0], what], n) for what, n in wide.items()}
    same_labels(name, industries, [*industries, *final])
    return Table(
        edition="Eora26",
        year=int(years[0]),
        industries=industries,
        intermediate=cells["T"],
        final=cells["FD"],
        final_columns=[":".join(f) for f in final],
        value_added=cells["VA"].sum(axis=0),
    )


def _labels(path: Path, archive: zipfile.ZipFile, name: str, member: str) -> list[tuple[str, str]]:
    """(country, sector) of each row of a label file."""
    place, found = f"{name}:{member}", []
    with archive.open(member) as raw, open_text(path, place, raw, head_lines=0) as stream:
        for number, line in enumerate(stream.read().decode("utf-8").splitlines(), 1):
            cells = [c.strip() for c in line.split("\t")]
            if len(cells) < LABEL_COLUMNS:
                raise BadFile(place, f"{LABEL_COLUMNS} cells: name, code, kind, sector", line[:80], WITH_LABELS, number)
            found.append((cells[COUNTRY], cells[SECTOR]))
    return found


def _cells(path: Path, archive: zipfile.ZipFile, place: str, member: str, n: int) -> np.ndarray:
    """The numbers of a member, in million US dollars."""
    with archive.open(member) as raw, open_text(path, place, raw, head_lines=0) as stream:
        values = read_grid(stream, place, [f"number {i + 1}" for i in range(n)], 0, "\t").values
    return values / KUSD_PER_MUSD


def schema() -> DataFrameSchema:
    from ingestion.schemas.eora26 import schema as build

    return build()


SOURCE = SourceSpec(
    name="eora26",
    table="raw_eora26__tables",
    title="Eora26, global multi-region input-output tables in 26 sectors",
    publisher="KGM & Associates, Eora",
    homepage="https://worldmrio.com/eora26/",
    citation="Lenzen, M., Moran, D., Kanemoto, K. and Geschke, A. (2013), Building Eora: a global multi-region input-output database at "
    "high country and sector resolution, Economic Systems Research 25, 20-49",
    licence="academic use only after registration; tables may not be passed on",
    may_redistribute=False,
    kind="value_added",
    cadence="free tables end in 2017",
    hosts=(),
    yearly=True,
    key=KEY,
    partition=PARTITION,
    revisions=REVISIONS,
    layouts={"zip": "archive of a year: Eora26_2017_bp_T.txt, _FD.txt, _VA.txt with indices/labels_T.txt, labels_FD.txt"},
    recognise=recognise,
    parse=parse,
    schema=schema,
)
