"""The landing zone: addresses are hashes, receipts come last, origins never mix, prune spares what a release cites."""

from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path

import pytest

from fake_source import fake, many, text
from ingestion import atomic, landing, prune
from ingestion.errors import TerminalError
from ingestion.ingest import ingest_files
from ingestion.receipt import Receipt
from ingestion.settings import Home


def drop(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def landed(home: Home, tmp_path: Path) -> Receipt:
    spec = fake()
    ingest_files(home, [drop(tmp_path / "in", a=text(*many(2020)))], specs={"fake": spec})
    return landing.receipts(home)[0]


def test_blob_lies_under_the_hash_of_its_bytes(home: Home, landed: Receipt) -> None:
    blob = landing.object_path(home, "fake", landed.sha256, landing.BLOB)
    assert hashlib.sha256(blob.read_bytes()).hexdigest() == landed.sha256 == blob.name.removesuffix(".blob")
    assert blob.parent.name == landed.sha256[:2]


def test_receipt_survives_the_round_trip_with_the_same_bytes(landed: Receipt) -> None:
    again = Receipt.from_json(landed.to_json())
    assert again == landed
    assert again.to_json() == landed.to_json()


def test_a_blob_without_receipt_does_not_exist_to_readers(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"rows")
    sha256, size = landing.store_blob(home, "fake", path)
    assert size == 4
    assert landing.receipts(home) == []
    assert [(f.status, f.path.name) for f in landing.rehash(home)] == [("no_receipt", f"{sha256}.blob")]


def test_concurrent_writers_of_the_same_bytes_leave_one_object(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"z" * 3_000_000)
    threads = [threading.Thread(target=landing.store_blob, args=(home, "fake", path)) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    files = [p for p in home.landing.rglob("*") if p.is_file()]
    assert len(files) == 1
    assert atomic.sha256_of(files[0]) == files[0].name.removesuffix(".blob")


def test_rehash_names_damage_and_orphans(home: Home, landed: Receipt) -> None:
    blob = landing.object_path(home, "fake", landed.sha256, landing.BLOB)
    assert [f.status for f in landing.rehash(home)] == ["ok"]
    blob.write_bytes(blob.read_bytes()[:-1])
    (blob.parent / f"{atomic.TEMP_PREFIX}1-2").write_bytes(b"half")
    assert sorted(f.status for f in landing.rehash(home)) == ["damaged", "orphan"]
    blob.unlink()
    assert "missing" in [f.status for f in landing.rehash(home)]


def test_orphans_of_killed_writers_are_ignored_and_removed_when_old(home: Home, landed: Receipt) -> None:
    orphan = home.landing / "fake" / f"{atomic.TEMP_PREFIX}1-2"
    orphan.write_bytes(b"half")
    assert len(landing.receipts(home)) == 1
    assert atomic.remove_orphans(home.landing) == []
    assert atomic.remove_orphans(home.landing, older_than_s=0) == [orphan]


def test_a_damaged_receipt_is_named(home: Home, landed: Receipt) -> None:
    landing.object_path(home, "fake", landed.sha256, landing.RECEIPT).write_text("{", encoding="utf-8")
    with pytest.raises(TerminalError, match=r"receipt\.json: expected a receipt.*doctor"):
        landing.receipts(home)


def test_half_a_batch_does_not_exist(home: Home, tmp_path: Path) -> None:
    pages = drop(tmp_path / "in", p1=text("2020,A,1", batch="b", pages="2"), p2=text("2021,A,1", batch="b", pages="2"))
    ingest_files(home, [pages], specs={"fake": fake()})
    first, second = landing.receipts(home)
    assert first.batch == second.batch != first.sha256
    landing.object_path(home, "fake", second.sha256, landing.RECEIPT).unlink()
    assert landing.receipts(home) == []


@pytest.mark.parametrize("marked", [True, False])
def test_files_of_the_sample_are_refused_by_the_main_profile(home: Home, tmp_path: Path, *, marked: bool) -> None:
    folder = drop(tmp_path / "in", a=text(*many(2020)))
    if marked:
        (folder / "ACPGVC-SAMPLE.txt").write_text("invented", encoding="utf-8")
    ingest_files(Home(home.root, "sample"), [folder], specs={"fake": fake()})
    with pytest.raises(TerminalError, match="Remedy: "):
        ingest_files(home, [folder], specs={"fake": fake()})
    assert not home.landing.exists()


def test_a_receipt_of_another_origin_stops_the_run(home: Home, landed: Receipt, tmp_path: Path) -> None:
    sample = Home(home.root, "sample")
    sample.landing.parent.mkdir(parents=True)
    home.landing.rename(sample.landing)
    with pytest.raises(TerminalError, match="data_origin 'sample'"):
        ingest_files(sample, [drop(tmp_path / "in2", b=text(*many(2021)))], specs={"fake": fake()})


def test_prune_drops_what_is_replaced_unless_a_release_cites_it(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    specs = {"fake": fake()}
    monkeypatch.setattr(prune, "all_sources", lambda: specs)
    ingest_files(home, [drop(tmp_path / "v1", a=text(*many(2020), vintage="1"))], specs=specs)
    (old,) = landing.receipts(home)
    ingest_files(home, [drop(tmp_path / "v2", a=text(*many(2020, first=5), vintage="2"))], specs=specs)
    assert prune.prune(home, {old.sha256}) == []
    assert [p.sha256 for p in prune.prune(home, set(), dry_run=True)] == [old.sha256]
    (gone,) = prune.prune(home, set())
    assert (gone.sha256, gone.why, len(gone.paths)) == (old.sha256, "superseded", 3)
    assert [r.vintage for r in landing.receipts(home)] == ["2"]
    assert len(list((home.lake / "raw_fake__rows").rglob("year=2020/*.parquet"))) == 1


def test_prune_keeps_the_file_whose_years_a_newer_one_repeats(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    specs = {"fake": fake()}
    monkeypatch.setattr(prune, "all_sources", lambda: specs)
    for name, first in (("v1", 1.0), ("v2", 5.0), ("v3", 7.0)):
        ingest_files(home, [drop(tmp_path / name, a=text(*many(2019), *many(2020, first=first)))], specs=specs)
        time.sleep(1.1)
    one, two, three = sorted(landing.receipts(home), key=lambda r: r.retrieved_at)
    assert [p.get("duplicate_of") for p in three.parts] == [one.sha256, None]
    assert [p.sha256 for p in prune.prune(home, set())] == [two.sha256]  # the first holds 2019 for the third
    assert sorted(p.name[:12] for p in (home.lake / "raw_fake__rows").rglob("year=2019/*.parquet")) == [one.sha256[:12]]
