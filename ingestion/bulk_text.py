"""Bulk files of publishers: one member of an archive, or that member alone, in UTF-8 or cp1252; nothing in them says which."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from ingestion.errors import BadFile
from ingestion.text_stream import AGAIN, BLOCK_BYTES, open_text


@contextmanager
def open_bulk(path: Path, name: str, member: re.Pattern[str]) -> Generator[tuple[str, io.BufferedReader[Any]]]:
    """(name for errors, text as checked UTF-8) of the one member of an archive, or of a plain or gzip file.

    Raises:
        BadFile: damaged archive, wrong members, or (while reading) text in neither encoding.
    """
    with path.open("rb") as f:
        is_zip = f.read(4) == b"PK\x03\x04"
    if not is_zip:
        with _opened(path) as look:
            is_utf8 = _is_utf8(look)
        with _opened(path) as plain, open_text(path, name, _as_utf8(plain, name, is_utf8=is_utf8)) as stream:
            yield name, stream
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.namelist() if member.fullmatch(m)]
            if len(members) != 1:
                expected = member.pattern.removeprefix("(?:.*/)?").replace("\\", "")
                raise BadFile(name, f"one member {expected}", ", ".join(members) or "none", AGAIN)
            with archive.open(members[0]) as look:
                is_utf8 = _is_utf8(look)
            inside = f"{name}:{members[0]}"
            with archive.open(members[0]) as packed, open_text(path, inside, _as_utf8(packed, inside, is_utf8=is_utf8)) as stream:
                yield inside, stream
    except zipfile.BadZipFile as e:
        raise BadFile(name, "a complete zip archive", f"a damaged one ({e})", AGAIN) from e


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as f:
        is_gzip = f.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path)) if is_gzip else path.open("rb")


def _is_utf8(stream: IO[bytes]) -> bool:
    """A damaged stream counts as UTF-8: the reader that follows names the place."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(BLOCK_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    except (EOFError, OSError, zlib.error):
        return True
    return True


def _as_utf8(raw: IO[bytes], name: str, *, is_utf8: bool) -> IO[bytes]:
    """Older files are in cp1252."""
    return raw if is_utf8 else cast("IO[bytes]", _Cp1252(raw, name))


class _Cp1252(io.RawIOBase):
    """Bytes in cp1252, passed on as UTF-8."""

    def __init__(self, raw: IO[bytes], name: str) -> None:
        self._raw, self._name = raw, name

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._raw.read(size if size < 0 else max(1, size // 3))  # no character of cp1252 is longer than three bytes in UTF-8
        try:
            return chunk.decode("cp1252").encode()
        except UnicodeDecodeError as e:
            found = f"byte 0x{chunk[e.start]:02x}, which is in neither"
            raise BadFile(self._name, "text in UTF-8 or cp1252", found, AGAIN) from e
