"""Bytes of a plain or gzip file, checked to be whole and UTF-8 while they pass."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import numpy as np

from ingestion.errors import BadFile

T = TypeVar("T")
BLOCK_BYTES = 1 << 24
LINE_FEED = ord("\n")
AGAIN = "download the file again from the publisher"


def ahead(items: Iterator[T]) -> Generator[T]:
    """The same items, each made by another thread while its predecessor is used."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(lambda: [*islice(items, 1)])
        while item := coming.result():
            coming = pool.submit(lambda: [*islice(items, 1)])
            yield item[0]


class Chunks(io.RawIOBase):
    """Chunks of bytes as a stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        self._rest = self._rest or memoryview(next(self._chunks, b""))
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _utf8_chunks(raw: IO[bytes], name: str, head_lines: int) -> Iterator[bytes]:
    """Passes bytes on and stops at the first that is not UTF-8, or at a cut compressed stream, with the place."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, line_head = 0, b""  # complete lines so far, and the beginning of the open line
    while True:
        try:
            chunk = raw.read(BLOCK_BYTES)
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as e:
            raise BadFile(name, "a complete compressed file", f"a damaged one ({e})", AGAIN, row=lines or None) from e
        try:
            if decoder.getstate()[0] or not chunk.isascii():
                decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as e:
            before = bytes(e.object[: e.start])
            head = before[before.rfind(b"\n") + 1 :] if b"\n" in before else line_head + before
            raise _not_utf8(e, name, lines + before.count(b"\n") + 1 - head_lines, head) from e
        if not chunk:
            return
        yield chunk
        line_head = chunk[chunk.rfind(b"\n") + 1 :] if b"\n" in chunk else line_head + chunk
        lines += int(np.count_nonzero(np.frombuffer(chunk, dtype=np.uint8) == LINE_FEED))


def _not_utf8(e: UnicodeDecodeError, name: str, row: int, head: bytes) -> BadFile:
    """`row` is the data row, 1-based; `head` what stands before the byte in its line."""
    cell = len(next(csv.reader([head.decode("utf-8", "replace")]), [""]))
    found = f"byte 0x{e.object[e.start : e.start + 1].hex()}, which is not UTF-8 there"
    return BadFile(name, "text in UTF-8", found, "save or download the file as UTF-8", row if row > 0 else None, f"number {cell}")


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
    with raw, closing(ahead(_utf8_chunks(raw, name, head_lines))) as chunks:
        stream = io.BufferedReader(Chunks(chunks), BLOCK_BYTES)
        if stream.peek(3)[:3] == codecs.BOM_UTF8:
            stream.read(3)
        yield stream
