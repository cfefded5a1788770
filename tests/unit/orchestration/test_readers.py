"""Readers read the right release, read-only, and say what exists when asked for what does not."""

import json
import shutil
from pathlib import Path

import pytest

from ingestion.settings import Home
from orchestration.explain import explain, first_year, request_text
from orchestration.readers import QueryError, current_release, latest_id, nearest, query
from orchestration.release import ReleaseError


def test_without_a_release_the_error_says_how_to_make_one(home: Home) -> None:
    with pytest.raises(ReleaseError, match="acpgvc run"):
        current_release()


def test_main_is_read_before_sample(home: Home, published: Path) -> None:
    assert current_release().profile == "sample"
    main = Home.of("main")
    shutil.copytree(home.release, main.release)
    assert current_release().profile == "main"
    assert current_release("sample").profile == "sample"
    assert latest_id(main) == published.name


def test_line_names_release_profile_and_that_it_is_synthetic(published: Path) -> None:
    line = current_release().line
    assert line == f"release {published.name} (profile sample, SYNTHETIC DATA, data to 2024-08-31) at {published}"


def test_hidden_folders_are_no_releases(published: Path) -> None:
    shutil.copytree(published, published.with_name(".candidate-x"))
    with pytest.raises(ReleaseError, match="known releases: " + published.name):
        current_release(release_id=".candidate-x")


def test_query_answers(published: Path) -> None:
    answer = query(current_release(), "select count(*) as n from v_acp_current")
    assert answer.to_pylist() == [{"n": 1}]


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("select * from mart_lader", "nearest: mart_ladder"),
        ("select valu from fct_indicator", "describe fct_indicator"),
        ("selec 1", "syntax error"),
        ("create table x as select 1", "read-only"),
        ("select * from read_csv('/etc/passwd')", "sees no other file"),
        ("copy dim_country to '/tmp/never.csv'", "sees no other file"),
        ("set enable_external_access = true", "configuration"),
    ],
)
def test_wrong_sql_gets_a_short_answer(published: Path, sql: str, says: str) -> None:
    with pytest.raises(QueryError) as e:
        query(current_release(), sql)
    assert says in str(e.value) and "Traceback" not in str(e.value) and len(str(e.value).splitlines()) <= 4


def test_explain_goes_from_value_to_bytes(published: Path) -> None:
    found = explain(current_release(), "ladder_position", "gha", 2020, "chain:cocoa")
    assert found.country == "Ghana" and found.indicator["formula"] == "median(bases)"
    assert [v["value"] for v in found.values] == [0.25]
    assert found.inputs["mart_ladder"][0]["x0_kusd"] == 100.0
    assert (
        found.flows == {"flows": 1, "importers": 1, "products": 1, "value_kusd": found.flows["value_kusd"]}
        and float(found.flows["value_kusd"]) == 100.5
    )
    assert [f["sha256"] for f in found.files] == ["a" * 64]


def test_explain_gives_the_meaning_of_a_missing_value(published: Path) -> None:
    (value,) = explain(current_release(), "ladder_position", "SEN", 2020).values
    assert value["value"] is None and value["null_meaning"].startswith("quantity missing")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ladder_pos", "GHA", 2020), "nearest: ladder_position"),
        (("ladder_position", "Ghana", 2020), "GHA (Ghana)"),
        (("ladder_position", "GHA", 1990), "2020 to 2020"),
        (("ladder_position", "GHA", 2020, "chain:coca"), "nearest: chain:cocoa"),
    ],
)
def test_unknown_things_are_answered_with_the_nearest(published: Path, arguments: tuple[str, str, int], says: str) -> None:
    with pytest.raises(QueryError, match=says.replace("(", r"\(").replace(")", r"\)")):
        explain(current_release(), *arguments)


def test_nearest_prefers_names_that_contain_the_word() -> None:
    assert nearest("hhi", ["buyer_hhi", "export_hhi", "high"])[:2] == ["buyer_hhi", "export_hhi"]


def test_windows_and_requests_are_read_for_people() -> None:
    assert (first_year("rejection_count_3y", 2024), first_year("ladder_climb_10y", 2022), first_year("buyer_hhi", 2020)) == (
        2022,
        2010,
        2020,
    )
    assert request_text(json.dumps({"kind": "drop", "name": "a.csv", "also": ["b.csv"]})) == "file a.csv, b.csv"
    assert request_text(json.dumps({"kind": "fetch", "method": "GET", "url": "https://x/y", "params": {"a": "1"}})) == "GET https://x/y?a=1"
    assert request_text("plain") == "plain"
