"""OECD Inter-Country Input-Output tables: bulk archives of several years, or one year as bare CSV; standard and extended tables."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from ingestion import content
from ingestion.errors import BadFile
from ingestion.icio_grid import read_cells, read_grid
from ingestion.icio_tables import KEY, PARTITION, REVISIONS, Table, joined, same_labels, to_parsed
from ingestion.spec import Parsed, Recognition, SourceSpec, Watch
from ingestion.tabular import file_name
from ingestion.text_stream import AGAIN, open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

MEMBER = re.compile(r"(?:.*/)?(?:ICIO\d{4}\w*?_)?\d{4}(?:_(?:SML|EXT))?\.csv", re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
EDITION_IN_NAME = re.compile(r"ICIO\d{4}", re.IGNORECASE)
LABEL = re.compile(r"[A-Z][A-Z0-9]{2}_[A-Z0-9_]+")
FINAL = {"HFCE", "NPISH", "NPS", "GGFC", "GFCF", "INVNT", "INV", "DPABR", "DIRP", "CONS", "P33", "DISC"}
# How the editions spell the same row or column.
TOTALS = ("OUT", "TOTAL", "OUTPUT")
VALUE_ADDED = ("VA", "VALU")
TAXES = ("TLS", "TAXSUB")
# The first industry tells the edition: names of files are the same in all of them.
EDITION_OF_INDUSTRY = {"A01": "ICIO 2025", "A01_02": "ICIO 2023", "01T02": "ICIO 2021"}
PARTS = re.compile(r"(CN|MX)\d")  # regions of China and Mexico: the extended table
DROP = "download it in a browser from the OECD page and drop the file; the host refuses programs"


def recognise(s: Sniff) -> Recognition | None:
    """By the members of the archive (also of a cut one) or by a header of economy_industry and economy_category.

    Raises:
        BadFile: a web page of the table's host in place of the archive.
    """
    detail = {"name": s.name}
    members = content.members(s)
    if any(MEMBER.fullmatch(m) for m in members):
        return Recognition("zip", detail=detail)
    if members and all(re.search(r"ICIO.*\.RData$", m, re.IGNORECASE) for m in members):
        return Recognition("zip", "R data of the same tables; drop the archive of CSV files", detail=detail)
    text = content.text(s)
    if text.lstrip()[:1] == "<" and re.search(r"webfs-sti\.oecd\.org|STI-PIE/ICIO", html.unescape(text)):
        found = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)).strip()[:80]
        raise BadFile(s.name, "a zip archive or CSV of the ICIO", f"a web page of its host: {found}", DROP)
    header = content.header(s)
    labels = [c for c in header[1:] if LABEL.fullmatch(c)]
    if len(labels) >= 4 and len(labels) >= len(header) - 4 and any(label[4:] not in FINAL for label in labels):
        return Recognition("csv", detail=detail)
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """All years of the archive at once (small archives only), or the one of the CSV."""
    return joined(list(pieces(path, recognition)))


def pieces(path: Path, recognition: Recognition) -> Iterator[Parsed]:
    """One Parsed a year.

    Raises:
        BadFile: the archive is damaged or mixes editions, no year in a member's name, or a table that cannot be right.
    """
    name = file_name(path, recognition)
    if recognition.layout == "csv":
        yield to_parsed(_table(path, name, None), name)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            rows, editions = 0, set()
            for member in sorted(m for m in archive.namelist() if MEMBER.fullmatch(m)):
                place = f"{name}:{member}"
                with archive.open(member) as stream:
                    table = _table(path, place, stream)
                editions.add(table.edition)
                if len(editions) > 1:
                    raise BadFile(place, f"one edition in an archive, {min(editions)}", max(editions), "do not mix editions in one archive")
                yield to_parsed(table, place, rows)
                rows += len(table.industries)
    except zipfile.BadZipFile as e:
        raise BadFile(name, "a complete zip archive", f"a damaged one ({e})", AGAIN) from e


def _table(path: Path, name: str, member: IO[bytes] | None) -> Table:
    """The table of one year, of a member of the archive or of the file itself."""
    with open_text(path, name, member) as stream:
        header = read_cells(stream)
        grid = read_grid(stream, name, header, 1)
    (rows,) = grid.labels
    n = next((i for i, r in enumerate(rows) if not LABEL.fullmatch(r)), len(rows))
    below = dict(zip(rows[n:], grid.values[n:], strict=True))
    if grid.columns[-1] not in TOTALS:
        raise BadFile(name, f"a last column {' or '.join(TOTALS)}", grid.columns[-1], AGAIN, column=grid.columns[-1])
    industries, columns = [_label(r) for r in rows[:n]], [_label(c) for c in grid.columns[:-1]]
    same_labels(name, industries, columns)
    if unknown := [c for c in columns[n:] if c[1] not in FINAL]:
        raise BadFile(name, f"categories of final demand ({', '.join(sorted(FINAL))})", "_".join(unknown[0]), AGAIN)
    value_added, taxes = _row(name, below, VALUE_ADDED)[:n], _row(name, below, TAXES)[:n]
    output = grid.values[:n, -1]
    _same_output(name, rows, output, _row(name, below, TOTALS)[:n])
    return Table(
        edition=_edition(name, industries),
        year=_year(name),
        industries=industries,
        intermediate=grid.values[:n, :n],
        final=grid.values[:n, n:-1],
        final_columns=[":".join(c) for c in columns[n:]],
        output=output,
        value_added=value_added,
        taxes=taxes,
    )


def _label(text: str) -> tuple[str, str]:
    """Economy and industry or category of `AUS_A01_02`."""
    country, _, code = text.partition("_")
    return country, code


def _row(name: str, below: dict[str, np.ndarray], spellings: tuple[str, ...]) -> np.ndarray:
    for spelling in spellings:
        if spelling in below:
            return below[spelling]
    found = ", ".join(below) or "no row below the industries"
    raise BadFile(name, f"a row {' or '.join(spellings)}", found, "use the publisher's file as it is, complete", column=spellings[0])


def _same_output(name: str, rows: list[str], column: np.ndarray, row: np.ndarray) -> None:
    differ = ~np.isclose(column, row, rtol=1e-3, atol=1e-3)
    if differ.any():
        i = int(np.argmax(differ))
        found = f"{row[i]:.6g} in the row and {column[i]:.6g} in the column"
        raise BadFile(name, f"one output of {rows[i]}", found, AGAIN, i + 1, "OUT")


def _edition(name: str, industries: list[tuple[str, str]]) -> str:
    first = industries[0][1] if industries else "no industry"
    if first not in EDITION_OF_INDUSTRY:
        raise BadFile(name, f"a first industry of {', '.join(EDITION_OF_INDUSTRY)}", first, "use the editions of 2021, 2023 or 2025")
    extended = any(PARTS.fullmatch(country) for country, _ in industries)
    return EDITION_OF_INDUSTRY[first] + (" EXT" if extended else "")


def _year(name: str) -> int:
    """From the last part of the name: the file itself does not say it."""
    last = re.split(r"[/:]", name)[-1]
    years = set(YEAR.findall(EDITION_IN_NAME.sub("", last)))
    if len(years) != 1:
        found = f"{last} ({len(years)} years)"
        raise BadFile(name, "one year in the name of the file, as in 2022_SML.csv", found, "give the file its publisher's name")
    return int(years.pop())


def schema() -> DataFrameSchema:
    from ingestion.schemas.oecd_icio import schema as build

    return build()


SOURCE = SourceSpec(
    name="oecd_icio",
    table="raw_oecd_icio__tables",
    title="Inter-Country Input-Output tables (ICIO)",
    publisher="OECD",
    homepage="https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
    citation="OECD, Inter-Country Input-Output Database, http://oe.cd/icio",
    licence="OECD terms and conditions (CC BY 4.0)",
    may_redistribute=True,
    kind="value_added",
    cadence="an edition every two years; revised under the same names",
    watch=Watch(late_after_days=800),
    hosts=("webfs-sti.oecd.org",),
    yearly=True,
    key=KEY,
    partition=PARTITION,
    revisions=REVISIONS,
    layouts={
        "zip": "bulk archive: 2016_SML.csv ... or 2016_EXT.csv ..., one table a year",
        "csv": "one table: V1, AUS_A01 ..., AUS_HFCE ..., OUT; below the industries TLS, VA, OUT",
    },
    recognise=recognise,
    parse=parse,
    pieces=pieces,
    schema=schema,
)
