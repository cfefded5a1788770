"""A source small enough to see through: yearly CSV with a header, `#vintage=` and `#page=` comments in front."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ingestion.errors import BadFile, TerminalError
from ingestion.sniff import Sniff
from ingestion.spec import Budget, Parsed, Recognition, Request, SourceSpec

HEADER = "year,country,value"


def _recognise(sniff: Sniff) -> Recognition | None:
    comments = [line[1:].split("=") for line in sniff.lines if line.startswith("#")]
    facts = {c[0]: c[1] for c in comments if len(c) == 2}
    header = next((line for line in sniff.lines if not line.startswith("#")), "")
    if header == "year,country,converted":
        return Recognition("plain", refused="someone converted the values")
    if header != HEADER:
        return None
    return Recognition(facts.get("layout", "plain"), batch_key=facts.get("batch"), detail=facts)


def _parse(path: Path, recognition: Recognition) -> Parsed:
    import polars as pl

    rows, bad = [], []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")][1:]
    if lines and lines[-1] == "CUT":
        raise BadFile(path.name, "a complete file", "a cut one", "download it again", row=len(lines))
    for number, line in enumerate(lines, 1):
        cells = line.split(",")
        if len(cells) != 3:
            bad.append({"_row": number, "column": "", "expected": "3 cells", "found": f"{len(cells)} cells", "remedy": "download again"})
        else:
            rows.append({"year": int(cells[0]), "country": cells[1], "value": float(cells[2]) if cells[2] else None, "_row": number})
    frame = pl.DataFrame(rows, schema={"year": pl.Int16, "country": pl.String, "value": pl.Float64, "_row": pl.Int64})
    text = pl.String
    faults = pl.DataFrame(bad, schema={"_row": pl.Int64, "column": text, "expected": text, "found": text, "remedy": text})
    return Parsed(frame, faults, len(lines), recognition.detail.get("vintage", ""))


def _schema() -> Any:
    import pandera.polars as pa
    import polars as pl

    return pa.DataFrameSchema(
        {
            "year": pa.Column(pl.Int16, pa.Check.in_range(1960, 2030)),
            "country": pa.Column(pl.String),
            "value": pa.Column(pl.Float64, pa.Check.ge(0), nullable=True),
        },
        strict=True,
    )


def _plan(args: Mapping[str, str]) -> Iterable[Request]:
    import os

    base = os.environ.get("ACPGVC_FAKE_BASE_URL", "https://data.example.org")
    yield Request(f"{base}/rows.csv", {"year": args.get("year", "2020")}, note="rows of one year")


def _verify(paths: list[Path]) -> None:
    pages = [line for p in paths for line in p.read_text(encoding="utf-8").splitlines() if line.startswith("#pages=")]
    if pages and len(pages) != int(pages[0].split("=")[1]):
        raise TerminalError(f"{paths[0].name}: expected {pages[0].split('=')[1]} pages, found {len(pages)}. Remedy: fetch again")


def fake(name: str = "fake", *, yearly: bool = True, **changes: Any) -> SourceSpec:
    """The declaration, with what a test wants different."""
    declared: dict[str, Any] = {
        "name": name,
        "table": f"raw_{name}__rows",
        "title": "Rows",
        "publisher": "Nobody",
        "homepage": "https://data.example.org",
        "citation": "Nobody (2020)",
        "licence": "none",
        "may_redistribute": False,
        "kind": "context",
        "cadence": "never",
        "hosts": ("data.example.org",),
        "yearly": yearly,
        "key": ("year", "country"),
        "partition": ("year",),
        "layouts": {"plain": "CSV with year, country, value", "second": "the same rows, second choice"},
        "recognise": _recognise,
        "parse": _parse,
        "schema": _schema,
        "plan": _plan,
        "verify": _verify,
        "key_env": "ACPGVC_TEST_FAKE_KEY",
        "key_header": "X-Fake-Key",
        "budget": Budget(min_interval_s=0.0, read_timeout_s=2.0, total_timeout_s=20.0),
        "base_url": "https://data.example.org",
    }
    return SourceSpec(**(declared | changes))


def text(*rows: str, **facts: str) -> str:
    """A file of the fake source."""
    return "".join(f"#{k}={v}\n" for k, v in facts.items()) + "\n".join([HEADER, *rows]) + "\n"


def many(year: int, countries: int = 250, first: float = 1.0) -> list[str]:
    """Rows of one year, enough for one bad row to stay under 1 %."""
    return [f"{year},C{i:03d},{first + i}" for i in range(countries)]
