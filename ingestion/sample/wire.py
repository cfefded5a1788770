"""Bytes: repeatable noise, and containers (gzip, zip, xlsx) without clock, user name or file order in them.

Deflated bytes come from the zlib of the machine; with another zlib they may differ in length, never in what they unpack to.
Only + - * / and decimal formatting are used for numbers (no exp, log, pow), so values do not depend on a maths library.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar
from xml.sax.saxutils import escape

T = TypeVar("T")
SEED = "acpgvc-sample-1"
ZIP_DATE = (2025, 1, 31, 0, 0, 0)
BOM = b"\xef\xbb\xbf"


def noise(*key: object) -> float:
    """A number in [0, 1) that depends on the key alone: adding a row never moves another row's number."""
    text = "|".join([SEED, *map(str, key)]).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=6).digest(), "big") / 2**48


def around(spread: float, *key: object) -> float:
    """A factor in [1 - spread, 1 + spread)."""
    return 1 + spread * (2 * noise(*key) - 1)


def pick(items: Sequence[T], *key: object) -> T:
    """One of the items, decided by the key alone."""
    return items[int(noise("pick", *key) * len(items))]


def words(text: str) -> tuple[str, ...]:
    """A list written as a line of words."""
    return tuple(text.split())


def gzip_bytes(data: bytes) -> bytes:
    """A gzip member with modification time 0, no name and system 'unknown'."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + body + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def zip_bytes(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip archive with a fixed date and fixed attributes for every member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members:
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            z.writestr(info, data, compresslevel=9)
    return out.getvalue()


def quoted(text: str) -> str:
    """A cell as the publishers quote it: only when it holds a comma, a quote or a line end."""
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text


def csv_lines(rows: Iterable[Sequence[str]], end: str = "\n") -> bytes:
    """Rows of text cells as CSV, quoted only where needed."""
    return "".join(",".join(map(quoted, row)) + end for row in rows).encode()


def xlsx_bytes(sheet: str, rows: Sequence[Sequence[str]]) -> bytes:
    """The smallest valid workbook with one sheet of text cells (inline strings)."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    vnd = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    body = []
    for y, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{chr(65 + x)}{y}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
            for x, text in enumerate(row)
            if text
        )
        body.append(f'<row r="{y}">{cells}</row>')
    members = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{vnd}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{vnd}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{links}">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        f'<sheets><sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{links}">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><dimension ref="A1:{chr(64 + len(rows[0]))}{len(rows)}"/>'
        f"<sheetData>{''.join(body)}</sheetData></worksheet>",
    }
    return zip_bytes((name, (head + text).encode()) for name, text in members.items())


def save(folder: Path, name: str, data: bytes) -> Path:
    """Write one file of the sample and give its path."""
    path = folder / name
    path.write_bytes(data)
    return path
