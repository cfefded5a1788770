"""Bytes of a plain or gzip file, checked to be whole and UTF-8 while they pass."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from ingestion.errors import BadFile

BLOCK_BYTES = 1 << 24
AGAIN = "download the file again from the publisher"


class Utf8Stream(io.RawIOBase):
    """Passes bytes through and stops at the first that is not UTF-8, or at a cut gzip stream, with the place."""

    def __init__(self, raw: IO[bytes], name: str, head_lines: int) -> None:
        self._raw, self._name, self._head_lines = raw, name, head_lines
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._lines, self._line_head = 0, b""  # complete lines so far, and the beginning of the open line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            chunk = self._raw.read(len(buffer))
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as e:
            raise BadFile(self._name, "a complete compressed file", f"a damaged one ({e})", AGAIN, row=self._lines or None) from e
        try:
            self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as e:
            raise self._not_utf8(chunk, e) from e
        lines = chunk.count(b"\n")
        self._line_head = chunk[chunk.rfind(b"\n") + 1 :] if lines else self._line_head + chunk
        self._lines += lines
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _not_utf8(self, chunk: bytes, e: UnicodeDecodeError) -> BadFile:
        before = bytes(e.object[: e.start])
        line = self._lines + before.count(b"\n") + 1 - self._head_lines  # the data row, 1-based
        head = before[before.rfind(b"\n") + 1 :] if b"\n" in before else self._line_head + before
        cell = len(next(csv.reader([head.decode("utf-8", "replace")]), [""]))
        byte = e.object[e.start : e.start + 1].hex()
        return BadFile(
            self._name,
            "text in UTF-8",
            f"byte 0x{byte}, which is not UTF-8 there",
            "save or download the file as UTF-8",
            line if line > 0 else None,
            f"number {cell}",
        )


@contextmanager
def open_text(path: Path, name: str, member: IO[bytes] | None = None, head_lines: int = 1) -> Generator[io.BufferedReader[Any]]:
    """Payload of a plain or gzip file (or of an opened archive member) as checked UTF-8 bytes, without byte order mark.

    Raises:
        BadFile: while reading, at a damaged stream or a byte that is not UTF-8.
    """
    raw: IO[bytes]
    if member is not None:
        raw = member
    else:
        with path.open("rb") as f:
            is_gzip = f.read(2) == b"\x1f\x8b"
        raw = cast("IO[bytes]", gzip.open(path)) if is_gzip else path.open("rb")  # noqa: SIM115 - closed by the `with` below
    with raw:
        stream = io.BufferedReader(Utf8Stream(raw, name, head_lines), BLOCK_BYTES)
        if stream.peek(3)[:3] == codecs.BOM_UTF8:
            stream.read(3)
        yield stream
