"""The pipeline from a dropped folder to receipts: every outcome a file can have, and that running again changes nothing."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from fake_source import fake, many, text
from ingestion import drop, lake, landing, row_changes
from ingestion.errors import TerminalError
from ingestion.ingest import ingest_files, ingest_table, known_state, survey, write_landing_tables
from ingestion.report import IngestReport
from ingestion.revisions import accept, held_back
from ingestion.settings import REPO_ROOT, Home
from ingestion.spec import Revisions

TABLE = "raw_fake__rows"
SPECS = {"fake": fake()}


@pytest.fixture
def box(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def put(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def by_name(report: IngestReport) -> dict[str, str]:
    return {f.names[0]: f.status for f in report.files}


def rows_of(home: Home) -> pl.DataFrame:
    return pl.read_parquet(home.lake / TABLE / "**" / "*.parquet").sort("year", "country", "value")


def test_each_file_has_one_outcome(home: Home, box: Path) -> None:
    put(box, "good.csv", text(*many(2020)))
    put(box, "deep/copy.csv", text(*many(2020)))
    put(box, "same_rows.csv", text(*reversed(many(2020))))
    put(box, "converted.csv", "year,country,converted\n2020,A,1\n")
    put(box, "cut.csv", text("2021,A,1", "CUT"))
    put(box, "notes.txt", "year;country;values\n")
    put(box, ".hidden.csv", text("2020,A,1"))
    report = ingest_files(home, [box], specs=SPECS)
    found = by_name(report)
    rows = {found.pop("deep/copy.csv", ""), found.pop("same_rows.csv", "")}
    assert rows == {"accepted", "duplicate"}  # which of two equal contents comes first is told by hash, not by name
    assert found == {"converted.csv": "refused", "cut.csv": "rejected", "notes.txt": "unknown"}
    assert next(list(f.names) for f in report.files if "good.csv" in f.names) == ["deep/copy.csv", "good.csv"]
    assert rows_of(home).height == 250


def test_an_unknown_file_names_what_it_resembles(home: Home, box: Path) -> None:
    put(box, "near.csv", "year,country,price\n2020,A,1\n")
    put(box, "far.txt", "Lorem ipsum dolor\n")
    problems = {f.names[0]: f.problem for f in survey(home, [box], SPECS).files}
    assert "nearest is fake plain" in problems["near.csv"]
    assert "not in it: price" in problems["near.csv"]
    assert "has nothing in common with a known layout" in problems["far.txt"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress], ids=["bare", "gzip", "bzip2", "xz"])
def test_r_originals_are_refused_as_such(home: Home, box: Path, pack: Callable[[bytes], bytes]) -> None:
    starts = {"rda": b"RDX3\nX\n\0\0\0\3", "old": b"RDX2\nX\n", "ascii": b"RDA3\nA\n3\n"}
    starts |= {"rds": b"X\n\0\0\0\3\0\4", "native": b"B\n\2\0\0\0"}
    for name, start in starts.items():
        box.joinpath(name).write_bytes(pack(start + bytes(range(256)) * 400))
    box.joinpath("a column X").write_bytes(pack(b"X\n3\n"))
    box.joinpath("cut").write_bytes(pack(b"RDX3\nX\n")[:7])
    files = {f.names[0]: f for f in survey(home, [box], SPECS).files}
    assert {name: f.status for name, f in files.items() if name != "cut"} == {**dict.fromkeys(starts, "refused"), "a column X": "unknown"}
    assert "R's own format" in files["rds"].problem and "Remedy: take the publisher's file" in files["rds"].problem


def test_renamed_copies_give_the_same_lake(home: Home, tmp_path: Path) -> None:
    contents = [text(*many(2020), vintage="1"), text(*many(2020, first=3), vintage="2"), text(*many(2021))]
    lakes = []
    for number, names in enumerate((("a", "b", "c"), ("zz.bin", "1/x", "0"))):
        box = tmp_path / f"box{number}"
        for name, content in zip(names, contents, strict=True):
            put(box, name, content)
        there = Home(tmp_path / f"home{number}", "main")
        ingest_files(there, [box], specs=SPECS)
        lakes.append({p.relative_to(there.lake).as_posix(): p.read_bytes() for p in sorted((there.lake / TABLE).rglob("*.parquet"))})
    assert lakes[0] == lakes[1]
    assert len(lakes[0]) == 4


def test_a_second_run_changes_nothing(home: Home, box: Path) -> None:
    put(box, "a.csv", text(*many(2020)))
    put(box, "cut.csv", text("2021,A,1", "CUT"))
    put(box, "notes.txt", "?")
    ingest_files(home, [box], specs=SPECS)
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in home.landing.rglob("*") if p.is_file()}
    report = ingest_files(home, [box], specs=SPECS)
    assert by_name(report) == {"a.csv": "known", "cut.csv": "rejected", "notes.txt": "unknown"}
    assert before == {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in home.landing.rglob("*") if p.is_file()}


def test_faults_name_file_row_column_expected_found_and_remedy(home: Home, box: Path) -> None:
    put(box, "mine.csv", text(*many(2020), "1900,X,1", "2020,Y,1,2"))
    put(box, "pad.csv", text(*many(2021)))
    (outcome,) = [f for f in ingest_files(home, [box], specs=SPECS).files if "mine.csv" in f.names]
    assert (outcome.status, outcome.rows_read, outcome.rows_quarantined) == ("accepted", 252, 2)
    bad = pl.read_parquet(lake.quarantine_path(home, TABLE, outcome.sha256))
    assert bad.columns == ["_row", "column", "expected", "found", "remedy", "_sha256"]
    assert bad.select("_row", "column", "expected", "found").rows() == [
        (251, "year", "in_range(1960, 2030)", "1900"),
        (252, "", "3 cells", "4 cells"),
    ]
    assert rows_of(home).height == 500


def test_a_file_with_more_than_one_percent_bad_rows_is_rejected_and_blocks(home: Home, box: Path) -> None:
    put(box, "mine.csv", text(*many(2020, 100), "1900,X,1", "1901,Y,1"))
    report = ingest_files(home, [box], specs=SPECS)
    (outcome,) = report.files
    assert (outcome.status, outcome.rows_quarantined) == ("rejected", 2)
    for part in ("mine.csv", "row 101", "column year", "expected in_range(1960, 2030)", "found 1900", "2 of 102 rows", "Remedy: "):
        assert part in outcome.problem
    assert rows_of(home).is_empty()
    _, sources = write_landing_tables(home, SPECS)
    assert pl.read_parquet(sources).select("is_loaded", "is_blocked").rows() == [(False, True)]
    (box / "mine.csv").unlink()  # the folder without the damaged file unblocks the source, and that is something new
    state = known_state(home, [box])
    assert (state.new, state.gone != [], state.nothing_new) == ([], True, False)
    ingest_files(home, [box], specs=SPECS)
    assert pl.read_parquet(sources)["is_blocked"].to_list() == [False]


def test_repeated_keys(home: Home, box: Path) -> None:
    put(box, "a.csv", text(*many(2020), "2020,C000,1.0", "2020,C001,99"))
    (outcome,) = ingest_files(home, [box], specs=SPECS).files
    assert outcome.status == "rejected"  # 3 of 252 rows: one equal repeat, and two that contradict each other
    assert "3 of 252 rows are bad" in outcome.problem
    put(box, "a.csv", text(*many(2021), *many(2020), "2020,C000,1.0", "2020,C001,99"))
    (outcome,) = ingest_files(home, [box], specs=SPECS).files
    assert (outcome.status, outcome.rows_quarantined) == ("accepted", 3)
    bad = pl.read_parquet(lake.quarantine_path(home, TABLE, outcome.sha256))
    assert bad["_row"].to_list() == [252, 501, 502]
    assert bad["found"].to_list()[1] == "year=2020 country=C000 again (first in row 251), the same values"


def test_accounting_holds_to_the_row(home: Home, box: Path) -> None:
    put(box, "a.csv", text(*many(2020), *many(2021), "1900,X,1", "1,2", "2020,C000,7"))
    ingest_files(home, [box], specs=SPECS)
    (receipt,) = landing.receipts(home)
    assert receipt.rows_read == 503 == sum(p["rows"] for p in receipt.parts) + receipt.rows_quarantined
    assert sum(receipt.partitions.values()) == rows_of(home).height
    assert (receipt.first_year, receipt.last_year) == (2020, 2021)


def test_a_parser_that_loses_rows_is_caught(home: Home, box: Path) -> None:
    from dataclasses import replace

    spec = fake()
    lossy = fake(parse=lambda path, r: replace(p := spec.parse(path, r), frame=p.frame.head(-1)))
    put(box, "a.csv", text(*many(2020)))
    (outcome,) = ingest_files(home, [box], specs={"fake": lossy}).files
    assert outcome.status == "rejected"
    assert "loses rows" in outcome.problem


def test_pages_are_accepted_together_or_not_at_all(home: Home, box: Path) -> None:
    put(box, "p1", text(*many(2020), batch="b", pages="2"))
    report = ingest_files(home, [box], specs=SPECS)
    assert by_name(report) == {"p1": "rejected"}
    assert "expected 2 pages, found 1" in report.files[0].problem
    put(box, "p2", text(*many(2021), "CUT", batch="b", pages="2"))
    report = ingest_files(home, [box], specs=SPECS)
    assert by_name(report) == {"p1": "rejected", "p2": "rejected"}
    assert "p2 of the same batch was rejected" in next(f.problem for f in report.files if f.names == ("p1",))
    assert landing.receipts(home) == []
    put(box, "p2", text(*many(2021), batch="b", pages="2"))
    assert by_name(ingest_files(home, [box], specs=SPECS)) == {"p1": "accepted", "p2": "accepted"}
    assert len(landing.rejections(home)) == 1  # the cut page stays on record, the good one has its receipt


@pytest.mark.parametrize("at_a_time", [1_000_000, 40])
def test_a_new_vintage_is_compared_with_the_last(home: Home, box: Path, monkeypatch: pytest.MonkeyPatch, at_a_time: int) -> None:
    monkeypatch.setattr(row_changes, "COMPARED_ROWS", at_a_time)
    put(box, "v1", text(*many(2020), *many(2021), *many(2022, 100), vintage="1"))
    assert ingest_files(home, [box], specs=SPECS).changes == []
    time.sleep(1.1)  # receipts carry whole seconds
    revised = [*many(2020)[1:], "2020,C000,55", "2020,NEW,1", *many(2021, 20)]
    put(box, "v2", text(*revised, vintage="2"))
    (change,) = ingest_files(home, [box], specs=SPECS).changes
    assert (change.partitions, change.gone, change.jumped) == (2, ["2022"], ["2021: 250 -> 20 rows"])
    assert (change.rows_added, change.rows_removed, change.rows_revised) == (1, 330, 1)
    assert change.is_suspicious
    assert next(r for r in landing.receipts(home) if r.vintage == "2").changes["rows_revised"] == 1


def test_a_vintage_beyond_its_bounds_is_held_back_until_accepted_or_replaced(home: Home, box: Path) -> None:
    spec = fake(revisions=Revisions(("value",), by=("country",)))
    specs = {"fake": spec}
    put(box, "rows", text(*many(2020), vintage="1"))
    ingest_files(home, [box], specs=specs)
    time.sleep(1.1)
    put(box, "rows", text(*many(2020)[:195], "2020,C249,900", vintage="2"))  # 54 of 250 rows removed, one far revised
    (change,) = ingest_files(home, [box], specs=specs).changes
    assert (change.rows_before, change.rows_removed, change.rows_revised, change.rows_far_revised) == (250, 54, 1, 1)
    assert change.largest[:2] == ["country=C249: value 250 -> 900", "country=C248: value 249 -> 0"]
    assert list(held_back(home, spec).values()) == [["54 of 250 rows were removed (at most 20%)"]]
    assert held_back(home, fake()) == {}  # no bounds, no block

    time.sleep(1.1)
    put(box, "rows", text(*many(2020), vintage="3"))  # the publisher mends it: what it replaces blocks nobody any more
    ingest_files(home, [box], specs=specs)
    assert held_back(home, spec) == {}

    time.sleep(1.1)
    put(box, "rows", text(*many(2020, first=900.0), vintage="4"))
    ingest_files(home, [box], specs=specs)
    assert list(held_back(home, spec).values()) == [["250 of 250 rows changed value by more than half (at most 20%)"]]
    assert len(accept(home, spec)) == 1
    assert held_back(home, spec) == {} and accept(home, spec) == []


def test_an_extract_is_no_loss(home: Home, box: Path) -> None:
    put(box, "v1", text(*many(2019), *many(2020), *many(2021), *many(2022)))
    ingest_files(home, [box], specs=SPECS)
    time.sleep(1.1)
    put(box, "v2", text(*many(2022)[1:], "2022,C000,7"))
    (change,) = ingest_files(home, [box], specs=SPECS).changes
    assert (change.partitions_gone, change.rows_removed, change.rows_revised, change.is_suspicious) == (0, 0, 1, False)


def test_going_back_to_old_numbers_is_news(home: Home, box: Path) -> None:
    for vintage, first in (("1", 1.0), ("2", 5.0), ("3", 1.0)):
        put(box, "rows", text(*many(2020, first=first), vintage=vintage))
        assert by_name(ingest_files(home, [box], specs=SPECS)) == {"rows": "accepted"}
    put(box, "rows", text(*many(2020), vintage="4"))
    assert by_name(ingest_files(home, [box], specs=SPECS)) == {"rows": "duplicate"}


def test_one_changed_year_of_many_is_news_of_that_year_only(home: Home, box: Path) -> None:
    put(box, "rows", text(*many(2019), *many(2020), *many(2021)))
    ingest_files(home, [box], specs=SPECS)
    (first,) = landing.receipts(home)
    before = lake.year_parts(home, TABLE)
    time.sleep(1.1)
    put(box, "rows", text(*many(2019), *many(2020, first=9.0), *many(2021)))
    (change,) = ingest_files(home, [box], specs=SPECS).changes
    assert (change.partitions, change.rows_added, change.rows_removed, change.rows_revised) == (3, 0, 0, 250)
    second = max(landing.receipts(home), key=lambda r: r.retrieved_at)
    assert [(p["year"], p.get("duplicate_of")) for p in second.parts] == [(2019, first.sha256), (2020, None), (2021, first.sha256)]
    after = lake.year_parts(home, TABLE)
    assert [y for y in after if after[y] != before[y]] == [2020]
    row = pl.read_parquet(write_landing_tables(home, SPECS)[0]).filter(pl.col("sha256") == second.sha256).row(0, named=True)
    assert (row["rows_read"], row["rows_repeated"]) == (750, 500)
    assert set(json.loads(row["years_repeated"]).values()) == {first.sha256}

    # the third goes back to the first numbers of 2020: news again; its other years still lie under the first file's name
    time.sleep(1.1)
    put(box, "rows", text(*many(2019), *many(2020), *many(2021, first=3.0)))
    (change,) = ingest_files(home, [box], specs=SPECS).changes
    assert (change.rows_removed, change.rows_revised) == (0, 500)  # compared with the second file, two of whose years lie elsewhere
    third = max(landing.receipts(home), key=lambda r: r.retrieved_at)
    assert [p.get("duplicate_of") for p in third.parts] == [first.sha256, None, None]


def test_years_under_another_vintage_or_layout_are_not_the_same(home: Home, box: Path) -> None:
    for facts in ({"vintage": "1"}, {"vintage": "2"}, {"vintage": "2", "layout": "second"}):
        put(box, "rows", text(*many(2019), *many(2020, first=float(len(landing.receipts(home)))), **facts))
        ingest_files(home, [box], specs=SPECS)
    assert all("duplicate_of" not in p for r in landing.receipts(home) for p in r.parts)
    assert len(landing.receipts(home)) == 3


def test_a_source_takes_only_its_own_files(home: Home, box: Path) -> None:
    other = fake("other", recognise=lambda s: None)
    put(box, "a.csv", text(*many(2020)))
    specs = {"fake": fake(), "other": other}
    assert ingest_table(home, other, [box], specs=specs).files == []
    assert by_name(ingest_table(home, specs["fake"], [box], specs=specs)) == {"a.csv": "accepted"}
    assert survey(home, [box], specs).files == []


def test_code_that_reads_differently_reads_landed_files_again(home: Home, box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(box, "a.csv", text(*many(2020)))
    ingest_files(home, [box], specs=SPECS)
    (before,) = landing.receipts(home)
    monkeypatch.setattr(drop, "parser_version", lambda source: "new")
    assert len(known_state(home, [box]).stale) == 1
    assert ingest_table(home, SPECS["fake"], [box], specs=SPECS).rebuilt == [before.sha256]
    (after,) = landing.receipts(home)
    assert (after.parser, after.content_sha256, after.retrieved_at) == ("new", before.content_sha256, before.retrieved_at)
    assert known_state(home, [box]).nothing_new


def test_nothing_new_is_decided_without_heavy_imports(home: Home, box: Path) -> None:
    put(box, "a.csv", text(*many(2020)))
    put(box, "cut.csv", text("2021,A,1", "CUT"))
    put(box, "converted.csv", "year,country,converted\n2020,A,1\n")
    put(box, "notes.txt", "?")
    assert sorted(known_state(home, [box]).new) == ["a.csv", "converted.csv", "cut.csv", "notes.txt"]
    ingest_files(home, [box], specs=SPECS)
    code = (
        "import sys, pathlib; from ingestion.drop import known_state; from ingestion.settings import Home\n"
        f"s = known_state(Home(pathlib.Path({str(home.root)!r}), 'main'), [pathlib.Path({str(box)!r})])\n"
        "print(s.nothing_new, s.files, *sorted({'polars', 'pandera', 'dagster', 'pyarrow', 'requests'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO_ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "4"]
    put(box, "new.csv", text(*many(2021)))
    assert known_state(home, [box]).new == ["new.csv"]


def test_known_state_sees_a_lost_lake(home: Home, box: Path) -> None:
    put(box, "a.csv", text(*many(2020)))
    ingest_files(home, [box], specs=SPECS)
    assert known_state(home, None).nothing_new
    lake.part_path(home, TABLE, 2020, landing.receipts(home)[0].sha256).unlink()
    assert known_state(home, None).missing == [f"{TABLE} {landing.receipts(home)[0].sha256[:12]}"]


def test_a_path_that_is_not_there(home: Home, tmp_path: Path) -> None:
    with pytest.raises(TerminalError, match="found nothing there"):
        ingest_files(home, [tmp_path / "nowhere"], specs=SPECS)


def test_landing_tables_list_every_file(home: Home, box: Path) -> None:
    put(box, "a.csv", text(*many(2020)))
    put(box, "cut.csv", text("2021,A,1", "CUT"))
    ingest_files(home, [box], specs=SPECS)
    files, sources = (pl.read_parquet(p) for p in write_landing_tables(home, SPECS))
    assert sorted(files.select("status", "table_name", "rows_read", "first_year").rows()) == [
        ("accepted", TABLE, 250, 2020),
        ("rejected", TABLE, 0, None),
    ]
    assert files.filter(pl.col("problem").is_not_null())["problem"][0].startswith("cut.csv, row 2: expected a complete file")
    assert sources.select("source", "is_loaded", "is_blocked").rows() == [("fake", True, True)]


KILLER = """
import os, sys, pathlib
sys.path[:0] = [{tests!r}, {repo!r}]
from fake_source import fake
from ingestion.ingest import ingest_files
from ingestion.settings import Home
left = int(sys.argv[2])
def after(name, real):
    def call(*a, **k):
        global left
        result = real(*a, **k)
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
        return result
    setattr(os, name, call)
for name in ("replace", "fsync"):
    after(name, getattr(os, name))
ingest_files(Home(pathlib.Path(sys.argv[1]), "main"), [pathlib.Path({box!r})], specs={{"fake": fake()}})
"""


def test_kills_at_any_moment_leave_nothing_half_done(tmp_path: Path, box: Path) -> None:
    """Kill -9 after the n-th rename or flush, run again: same receipts' contents and the same Parquet bytes."""
    put(box, "a", text(*many(2020), "1900,X,1", vintage="1"))
    put(box, "b", text(*many(2020, first=4), vintage="2"))
    put(box, "p1", text(*many(2021), batch="b", pages="2"))
    put(box, "p2", text(*many(2022), batch="b", pages="2"))
    put(box, "cut", text("2021,A,1", "CUT"))
    code = KILLER.format(tests=str(Path(__file__).parent), repo=str(REPO_ROOT), box=str(box))

    def state(root: Path) -> tuple[object, ...]:
        there = Home(root, "main")
        lakes = {p.relative_to(there.lake).as_posix(): p.read_bytes() for p in sorted((there.lake / TABLE).rglob("*.parquet"))}
        return (
            [(r.sha256, r.content_sha256, r.batch) for r in landing.receipts(there)],
            [r.sha256 for r in landing.rejections(there)],
            lakes,
        )

    def run(root: Path, kill_after: int) -> int:
        return subprocess.run([sys.executable, "-c", code, str(root), str(kill_after)], capture_output=True, check=False).returncode

    assert run(tmp_path / "whole", 0) == 0
    whole = state(tmp_path / "whole")
    for n in (1, 4, 9, 17, 26, 40):
        root = tmp_path / f"killed{n}"
        assert run(root, n) == -9, f"no kill after {n} operations"
        assert run(root, 0) == 0
        assert state(root) == whole, f"killed after {n} operations"


def test_two_processes_may_ingest_the_same_folder(tmp_path: Path, box: Path) -> None:
    for year in range(2015, 2021):
        put(box, str(year), text(*many(year)))
    code = KILLER.format(tests=str(Path(__file__).parent), repo=str(REPO_ROOT), box=str(box))
    command = [sys.executable, "-c", code, str(tmp_path / "both"), "0"]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    errors = [p.communicate(timeout=120)[1] for p in processes]
    assert [p.returncode for p in processes] == [0, 0], errors
    there = Home(tmp_path / "both", "main")
    assert rows_of(there).height == 6 * 250
    assert len(landing.receipts(there)) == 6
    assert {f.status for f in landing.rehash(there)} == {"ok"}
