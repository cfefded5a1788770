"""A first look into a file: container, members, first lines. Names of files are never evidence, bytes are."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ingestion.errors import BadFile

HEAD_BYTES = 65_536
ENCODINGS = ("utf-8-sig", "cp1252")


@dataclass(frozen=True)
class Sniff:
    """Lazy view of a file. `path` is where the bytes lie now, `name` what the user called the file."""

    path: Path
    name: str

    @cached_property
    def magic(self) -> bytes:
        with self.path.open("rb") as f:
            return f.read(8)

    @cached_property
    def container(self) -> str:
        """'zip', 'xlsx', 'gzip', 'parquet', 'hdf5' or 'plain'."""
        if self.magic[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            return "xlsx" if any(m.startswith("xl/") for m in self.members) else "zip"
        if self.magic[:2] == b"\x1f\x8b":
            return "gzip"
        if self.magic[:4] == b"PAR1":
            return "parquet"
        return "plain"

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names inside a zip.

        Raises:
            BadFile: the archive is damaged (no end record, cut).
        """
        try:
            with zipfile.ZipFile(self.path) as z:
                return tuple(z.namelist())
        except zipfile.BadZipFile as e:
            remedy = "download the file again and compare its size with the publisher's"
            raise BadFile(self.name, "a complete zip archive", f"a damaged one ({e})", remedy) from e

    @cached_property
    def head(self) -> bytes:
        """First 64 KiB of the payload (unpacked when gzip); b'' for zip, which is told by its members.

        Raises:
            BadFile: the gzip stream is damaged in its first block.
        """
        if self.container == "gzip":
            try:
                with gzip.open(self.path) as f:
                    return f.read(HEAD_BYTES)
            except EOFError:  # cut short: what can be read still says whose file it is; its parser reports the cut
                return readable_gzip_head(self.path)
            except (OSError, zlib.error) as e:
                raise BadFile(self.name, "a readable gzip file", f"a damaged one ({e})", "download the file again") from e
        if self.container in ("zip", "xlsx", "parquet"):
            return b""
        with self.path.open("rb") as f:
            return f.read(HEAD_BYTES)

    @cached_property
    def text(self) -> str:
        """`head` as text; a byte order mark is dropped. Undecodable bytes become U+FFFD (parsers are strict, this is a look)."""
        return self.head.decode("utf-8-sig", errors="replace")

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def header(self) -> list[str]:
        """Cells of the first line, read as CSV with comma."""
        return next(csv.reader(io.StringIO(self.lines[0])), []) if self.lines else []


def readable_gzip_head(path: Path) -> bytes:
    """What can be unpacked of the first 64 KiB of a gzip stream, however it ends."""
    unpack, head = zlib.decompressobj(wbits=31), b""
    with path.open("rb") as f:
        while len(head) < HEAD_BYTES and (chunk := f.read(HEAD_BYTES)):
            try:
                head += unpack.decompress(chunk, HEAD_BYTES)
            except zlib.error:
                break
    return head[:HEAD_BYTES]
