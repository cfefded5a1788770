"""What a file's bytes say about it, also when it is damaged, and small parts that several sources plan with."""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import json
import lzma
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ingestion.errors import BadFile, TerminalError
from ingestion.sniff import HEAD_BYTES, Sniff

LOCAL_HEADER = b"PK\x03\x04"
SALVAGED_BYTES = 1 << 22  # how far a cut archive is searched
PACKED = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}
# A saved workspace (.rda, .RData), or one object (.rds) in the byte order of the network or of the machine; versions 2 and 3.
R_DATA = re.compile(rb"RD[ABX][23]\n|X\n\0\0\0[\2\3]|B\n[\2\3]\0\0\0")
# M49 numbers of the 79 members of the OACPS.
ACP = (
    "024,028,044,052,072,084,090,108,120,132,140,148,174,178,180,184,192,204,212,214,226,231,232,242,262,266,270,288,296,308,324,328,332,"
    "384,388,404,426,430,450,454,462,466,478,480,508,516,520,548,562,566,570,583,584,585,598,624,626,646,659,662,670,678,686,690,694,706,"
    "716,729,740,748,768,776,780,798,800,834,854,882,894"
)


def container(s: Sniff) -> str:
    """As `Sniff.container`, but a zip that cannot be listed is 'damaged_zip' instead of an error."""
    try:
        return s.container
    except BadFile:
        return "damaged_zip"


def members(s: Sniff) -> tuple[str, ...]:
    """Names inside a zip. Of a cut archive (no central directory) the name in its first local header: enough to tell whose it is."""
    kind = container(s)
    if kind in ("zip", "xlsx"):
        return s.members
    if kind != "damaged_zip":
        return ()
    with s.path.open("rb") as f:
        head = f.read(HEAD_BYTES)
    if len(head) < 30:
        return ()
    (length,) = struct.unpack("<H", head[26:28])
    return (head[30 : 30 + length].decode("utf-8", "replace"),)


def text(s: Sniff) -> str:
    """First 64 KiB of the payload as text; of a cut gzip file what can still be read."""
    kind = container(s)
    if kind == "plain":
        # A file saved in UTF-16 is recognised, so that its parser can say that it is not UTF-8.
        return s.head.decode("utf-16", "replace") if s.magic[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else s.text
    if kind != "gzip":
        return ""
    with s.path.open("rb") as f:
        packed = f.read(HEAD_BYTES)
    try:
        return zlib.decompressobj(wbits=31).decompress(packed, HEAD_BYTES).decode("utf-8-sig", errors="replace")
    except zlib.error:
        return ""


def header(s: Sniff) -> list[str]:
    """Cells of the first line, read as CSV with comma."""
    return _cells(text(s).split("\n", 1)[0])


def row_below(s: Sniff) -> dict[str, str]:
    """The first row of data by the names of the header; empty when there is none."""
    lines = text(s).split("\n", 2)
    return dict(zip(header(s), _cells(lines[1]), strict=False)) if len(lines) > 1 else {}


def is_r_data(s: Sniff) -> bool:
    """R's own format, bare or packed as R packs it."""
    opened = next((opener for magic, opener in PACKED.items() if s.magic.startswith(magic)), open)
    try:
        with opened(s.path, "rb") as f:
            return R_DATA.match(f.read(6)) is not None
    except (OSError, EOFError, zlib.error, lzma.LZMAError):  # damaged: who knows what it was
        return False


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r")]), [])
    except csv.Error:  # binary
        return []


def looks_like(found: Sequence[str], columns: Sequence[str], least: int) -> bool:
    """At least `least` of the layout's columns stand in the header, and few strangers: a renamed column is an error of that
    layout, not an unknown file."""
    return len(set(found) & set(columns)) >= least and len(found) <= len(columns) + 3


def sheet_texts(s: Sniff) -> set[str]:
    """Texts of a workbook as far as 64 KiB of its shared strings and of its first sheet go; of a cut one what can still be read."""
    parts: list[bytes] = []
    if container(s) == "damaged_zip":
        parts = list(_inflated(s))
    else:
        with suppress(zipfile.BadZipFile, zlib.error, EOFError, OSError), zipfile.ZipFile(s.path) as z:
            sheets = sorted(m for m in z.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", m))
            for member in {"xl/sharedStrings.xml", *sheets[:1]} & set(z.namelist()):
                with z.open(member) as f:
                    parts.append(f.read(HEAD_BYTES))
    return {t for part in parts for t in re.findall(r"<t[^>]*>([^<]*)</t>", part.decode("utf-8", "replace"))}


def _inflated(s: Sniff) -> Iterator[bytes]:
    """Beginnings of the deflated members that a cut archive still holds, told by their local headers."""
    with s.path.open("rb") as f:
        data = f.read(SALVAGED_BYTES)
    start = data.find(LOCAL_HEADER)
    while 0 <= start <= len(data) - 30:
        name, extra = struct.unpack("<HH", data[start + 26 : start + 30])
        with suppress(zlib.error):
            yield zlib.decompressobj(wbits=-15).decompress(data[start + 30 + name + extra :][:HEAD_BYTES], HEAD_BYTES)
        start = data.find(LOCAL_HEADER, start + 4)


def read_json(path: Path, name: str) -> Any:
    """A whole JSON document; a byte order mark is dropped, bare NaN is null.

    Raises:
        BadFile: the body is not complete JSON.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if text.lstrip()[:1] not in ("{", "["):
            raise BadFile(
                name, "a JSON document", f"text that begins {text[:60]!r}", "fetch again later: this is an error page under HTTP 200"
            )
        return json.loads(text, parse_constant=lambda _: None)
    except UnicodeDecodeError as e:
        raise BadFile(name, "JSON in UTF-8", f"byte 0x{e.object[e.start]:02x} at {e.start}", "fetch the answer again") from e
    except json.JSONDecodeError as e:
        found = f"{e.msg} at line {e.lineno}, character {e.colno}"
        raise BadFile(name, "a complete JSON document", found, "fetch the answer again; it was cut") from e


def need_fields(name: str, rows: Sequence[Mapping[str, Any]], fields: Sequence[str]) -> None:
    """Raises BadFile when a row of an answer lacks a field: a field that is renamed must not look like one without a value."""
    for number, row in enumerate(rows, 1):
        for field in fields:
            if field not in row:
                remedy = "the publisher changed its answer: report this"
                raise BadFile(name, f"field {field}", ", ".join(row), remedy, row=number, column=field)


def base_url(source: str, default: str) -> str:
    """`ACPGVC_<SOURCE>_BASE_URL` or the default, without a slash at the end."""
    return os.environ.get(f"ACPGVC_{source.upper()}_BASE_URL", default).rstrip("/")


def need(args: Mapping[str, str], known: Sequence[str], required: Sequence[str], help_text: str) -> None:
    """Raises TerminalError when an argument of `acpgvc fetch` is missing or unknown."""
    wrong = [f"unknown argument {a}" for a in args if a not in known] + [f"argument {a} is missing" for a in required if not args.get(a)]
    if wrong:
        raise TerminalError(f"{'; '.join(wrong)}. Usage: {help_text}")


def years(span: str) -> list[int]:
    """'2015-2018' or '2015,2017' as years.

    Raises:
        TerminalError: it is neither.
    """
    try:
        first, _, last = span.partition("-")
        return list(range(int(first), int(last) + 1)) if last else [int(y) for y in span.split(",")]
    except ValueError as e:
        raise TerminalError(f"years must look like 2015-2018 or 2015,2017, not {span!r}") from e


def reporters(text: str, members: str = ACP) -> list[str]:
    """'404,918' as codes; 'ACP' among them stands for all members, whose codes the source may write in its own way."""
    return ",".join(members if code == "ACP" else code for code in text.split(",")).split(",")


def chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Slices of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
