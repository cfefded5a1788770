"""One dropped file damaged in each way: its error says what and where, the rest is right, nothing that rests on it is published."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.proof.harness import acpgvc, query, real_looking_drop, scratch_home

# damage -> (source that suffers, words that its error must hold)
Damage = tuple[str, Callable[[Path], None], str, tuple[str, ...]]


def each_way() -> Iterator[tuple[str, str, bool]]:
    with scratch_home() as home:
        drop = home.parent / "drop"
        real_looking_drop(drop)
        acpgvc(home, "run", "--drop", str(drop))
        healthy = _rows_by_source(home)
    for name, damage, source, words in DAMAGES:
        with scratch_home() as home:
            drop = home.parent / "drop"
            real_looking_drop(drop)
            damage(drop)
            run = acpgvc(home, "run", "--drop", str(drop))
            told = re.sub(r"\s+", " ", run.output)
            missing = [w for w in words if w not in told]
            rows = _rows_by_source(home)
            leaked = rows.get(source, 0)
            rest = {s: n for s, n in rows.items() if s != source} == {s: n for s, n in healthy.items() if s != source}
            told_all = "complete" if not missing else f"lacks {missing}"
            seen = f"exit {run.code}; error {told_all}; kept rows of {source}: {leaked}; rest {'equal' if rest else 'DIFFERS'}"
            yield name, seen, run.code == 1 and not missing and leaked == 0 and rest


def _rows_by_source(home: Path) -> dict[str, int]:
    """Source -> rows in use, by the release's own account."""
    sql = "select source, sum(n_rows) n from mart_row_account where row_status = 'kept' group by source order by source"
    return {source: int(n) for source, n in query(home, "main", sql)}


def _one(drop: Path, pattern: str, holds: str = "") -> Path:
    for path in sorted(drop.rglob(pattern)):
        data = path.read_bytes()
        text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        if holds.encode() in text[:4096]:
            return path
    raise AssertionError(f"no {pattern} with {holds!r} in {drop}")


def _text(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode()


def _save(path: Path, text: str, encoding: str = "utf-8") -> None:
    data = text.encode(encoding)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def cut_zip(drop: Path) -> None:
    path = _one(drop, "BACI*.zip")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def wrong_column(drop: Path) -> None:
    path = _one(drop, "*.csv*", "gvcomix")
    _save(path, _text(path).replace("gvcomix", "gvcmix", 1))


def wrong_encoding(drop: Path) -> None:
    path = _one(drop, "API_*.csv", "World Development Indicators")
    text = _text(path).removeprefix("\ufeff")
    assert "Kenya" in text
    _save(path, text.replace("Kenya", "Kényà", 1), "cp1252")


def short_row(drop: Path) -> None:
    path = _one(drop, "*.csv*", "primaryValue")
    lines = _text(path).split("\n")
    for n in range(1, len(lines) // 3):  # far above one per cent
        lines[n] = ",".join(lines[n].split(",")[:20])
    _save(path, "\n".join(lines))


def duplicate_key(drop: Path) -> None:
    path = _one(drop, "*.csv", "OBS_VALUE")
    lines = [line for line in _text(path).split("\r\n") if line]
    _save(path, "\r\n".join([*lines, *lines[1 : len(lines) // 2]]) + "\r\n")


def wrong_type(drop: Path) -> None:
    path = _one(drop, "*.csv*", "Date of Case")
    rows = list(csv.reader(io.StringIO(_text(path))))
    for row in rows[1 : len(rows) // 4]:
        row[0] = "the other day"
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    _save(path, out.getvalue())


DAMAGES: list[Damage] = [
    ("damaged zip", cut_zip, "baci", ("expected", "found", "Remedy")),
    ("wrong column", wrong_column, "wits_gvc", ("gvcomix", "expected", "found", "Remedy")),
    ("wrong encoding", wrong_encoding, "wdi", ("row", "expected", "found", "Remedy")),
    ("short rows over 1 %", short_row, "comtrade", ("row", "expected", "found", "Remedy")),
    ("duplicate keys over 1 %", duplicate_key, "oecd_tiva", ("row", "expected", "found", "Remedy")),
    ("unreadable dates over 1 %", wrong_type, "rasff", ("row", "column", "expected", "found", "Remedy")),
]
