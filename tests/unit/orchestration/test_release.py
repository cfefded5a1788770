"""A release is byte-stable, self-describing, switched last, and notices damage."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingestion.settings import Home
from orchestration.identity import Identity
from orchestration.release import ReleaseError, candidate_folder, publish, written_candidate
from orchestration.release.candidate import write_candidate
from orchestration.release.publish import publish as publish_candidate
from orchestration.release.verify import release_folders, verify_release

Build = Callable[[Home, Identity], Path]


def test_release_holds_the_published_tables_and_nothing_else(published: Path) -> None:
    names = {p.stem for p in published.glob("*.parquet")}
    assert {"fct_trade", "fct_indicator", "mart_ladder", "dim_release"} <= names
    assert not names & {"int_private", "v_acp_current"}
    assert not any(p.stat().st_mode & 0o222 for p in published.iterdir()), "files of a release are read-only"


def test_duckdb_file_has_tables_comments_and_the_view(published: Path) -> None:
    with duckdb.connect(str(published / "acpgvc.duckdb"), read_only=True) as con:
        assert con.execute("SELECT iso3 FROM v_acp_current").fetchall() == [("GHA",)]
        assert con.execute("SELECT value_kusd::VARCHAR FROM fct_trade").fetchall() == [("100.500",)]
        comments = con.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'fct_indicator' AND column_name = 'value'"
        ).fetchall()
    assert comments == [("The value, or null with a null_reason",)]


def test_same_warehouse_rows_give_the_same_parquet_bytes(home: Home, identity: Identity, build_warehouse: Build) -> None:
    def parquet() -> dict[str, bytes]:
        folder = write_candidate(home, identity, build_warehouse(home, identity))
        return {p.name: p.read_bytes() for p in folder.glob("*.parquet")}

    first = parquet()
    assert first and first == parquet()


def test_order_of_rows_in_the_warehouse_does_not_matter(home: Home, identity: Identity, build_warehouse: Build) -> None:
    warehouse = build_warehouse(home, identity)
    before = (write_candidate(home, identity, warehouse) / "dim_country.parquet").read_bytes()
    with duckdb.connect(str(warehouse)) as con:
        con.execute("CREATE TEMP TABLE c AS FROM dim_country; DELETE FROM dim_country; INSERT INTO dim_country FROM c ORDER BY iso3 DESC")
    assert (write_candidate(home, identity, warehouse) / "dim_country.parquet").read_bytes() == before


def test_datapackage_describes_every_file(published: Path) -> None:
    package = json.loads((published / "datapackage.json").read_text())
    by_name = {r["name"]: r for r in package["resources"]}
    assert {r["path"] for r in package["resources"]} | {"datapackage.json"} == {p.name for p in published.iterdir()}
    assert "SYNTHETIC" in package["title"] and package["data_origin"] == "sample"
    assert by_name["fct_indicator"]["schema"]["primaryKey"] == ["indicator_id", "iso3", "scope_kind", "scope_id", "year", "source"]
    fields = {f["name"]: f for f in by_name["fct_indicator"]["schema"]["fields"]}
    assert (fields["flags"]["type"], fields["year"]["type"], fields["value"]["type"]) == ("array", "integer", "number")
    assert fields["value"]["description"]
    assert [s["name"] for s in package["sources"]] == ["comtrade"] and package["sources"][0]["vintages"] == ["v1"]


def test_rows_of_a_publisher_that_forbids_it_are_marked(published: Path) -> None:
    may = {r["name"]: r["may_redistribute"] for r in json.loads((published / "datapackage.json").read_text())["resources"]}
    assert may["fct_trade"] is False and may["acpgvc.duckdb"] is False
    assert may["fct_indicator"] is True and may["dim_country"] is True


def test_release_json_names_problems_and_coverage(published: Path) -> None:
    facts = json.loads((published / "release.json").read_text())
    assert facts["problems"]["rejected_files"][0]["file"] == "file rasff.csv"
    assert facts["problems"]["blocked_sources"] == [{"source": "rasff", "because": "rasff.csv was rejected"}]
    assert {c["indicator_id"]: c["share_non_null"] for c in facts["coverage"]} == {
        "buyer_hhi": None,
        "ladder_climb_10y": 1.0,
        "ladder_position": 0.5,
    }


def test_dictionary_has_a_line_per_column(published: Path) -> None:
    lines = (published / "data_dictionary.csv").read_text().splitlines()
    assert 'fct_indicator,6,value,DOUBLE,true,false,"The value, or null with a null_reason"' in lines
    assert "SYNTHETIC" in (published / "data_dictionary.md").read_text().splitlines()[0]


def test_verify_names_the_damaged_file(published: Path) -> None:
    assert verify_release(published).faults == ()
    victim = published / "fct_trade.parquet"
    victim.chmod(0o644)
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    (published / "stray.txt").write_text("?")
    (published / "dim_country.parquet").unlink()
    faults = verify_release(published).faults
    assert len(faults) == 3
    assert any(f.startswith("fct_trade.parquet: expected sha256:") for f in faults) and "dim_country.parquet: missing" in faults


def test_latest_is_switched_last(home: Home, identity: Identity, monkeypatch: pytest.MonkeyPatch, build_warehouse: Build) -> None:
    candidate = write_candidate(home, identity, build_warehouse(home, identity))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(publish, "switch_latest", killed)
    with pytest.raises(KeyboardInterrupt):
        publish_candidate(home, candidate)
    assert not (home.release / "LATEST").exists() and (home.release / identity.release_id).is_dir()
    monkeypatch.undo()


def test_publishing_the_same_id_again_keeps_the_bytes(home: Home, identity: Identity, published: Path, build_warehouse: Build) -> None:
    stamp = (published / "release.json").stat().st_mtime_ns
    again = publish_candidate(home, write_candidate(home, identity, build_warehouse(home, identity)))
    assert again == published and (published / "release.json").stat().st_mtime_ns == stamp
    assert (home.release / "LATEST").read_text().strip() == identity.release_id


def test_a_damaged_release_is_replaced(home: Home, identity: Identity, published: Path, build_warehouse: Build) -> None:
    (published / "fct_trade.parquet").unlink()
    publish_candidate(home, write_candidate(home, identity, build_warehouse(home, identity)))
    assert verify_release(published).faults == ()


def test_leftovers_of_killed_runs_go_and_readers_never_see_them(
    home: Home, identity: Identity, published: Path, build_warehouse: Build
) -> None:
    shutil.copytree(published, home.release / ".candidate-sample-2020-dead")
    assert release_folders(home) == [published]
    candidate = write_candidate(home, identity, build_warehouse(home, identity))
    assert [p.name for p in home.release.glob(".candidate-*")] == [candidate.name]


def test_a_table_that_was_not_built_stops_the_release(home: Home, identity: Identity, build_warehouse: Build, tmp_path: Path) -> None:
    names = ["dim_country", "fct_absent"]
    nodes = {n: {"name": n, "resource_type": "model", "fqn": ["acpgvc", "marts", "core", n]} for n in names}
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": nodes}))
    with pytest.raises(ReleaseError, match="lacks tables of the release: fct_absent"):
        write_candidate(home, identity, build_warehouse(home, identity), manifest)


def test_descriptions_and_keys_come_from_the_contract(home: Home, identity: Identity, build_warehouse: Build, tmp_path: Path) -> None:
    node = {"name": "fct_trade", "resource_type": "model", "fqn": ["acpgvc", "marts", "core", "fct_trade"], "description": "Flows"}
    node |= {"config": {"meta": {"key": ["year", "exporter"]}}, "columns": {"year": {"description": "Flow\nyear"}}}
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": {"a": node}}))
    folder = write_candidate(home, identity, build_warehouse(home, identity), manifest)
    resource = next(r for r in json.loads((folder / "datapackage.json").read_text())["resources"] if r["name"] == "fct_trade")
    assert resource["description"] == "Flows" and resource["schema"]["primaryKey"] == ["year", "exporter"]
    assert next(f for f in resource["schema"]["fields"] if f["name"] == "year")["description"] == "Flow year"


def test_a_warehouse_of_another_release_is_refused(home: Home, identity: Identity, build_warehouse: Build) -> None:
    warehouse = build_warehouse(home, identity)
    with pytest.raises(ReleaseError, match="built for another release"):
        write_candidate(home, Identity("sample", "9" * 64, "2" * 64, 2020), warehouse)


def test_a_candidate_that_other_code_wrote_is_not_taken(home: Home) -> None:
    candidate_folder(home, "sample-2023-aaaaaaaaaaaa").mkdir(parents=True)
    assert written_candidate(home, "sample-2023-aaaaaaaaaaaa").is_dir()
    with pytest.raises(ReleaseError, match="sample-2023-bbbbbbbbbbbb: code or inputs changed during the run"):
        written_candidate(home, "sample-2023-bbbbbbbbbbbb")
