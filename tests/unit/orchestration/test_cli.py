"""The command line: thin, quick to start, clear when something is wrong. The job itself is replaced by a stand-in here."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingestion.registry import all_sources
from ingestion.settings import Home
from orchestration import cli, runner
from orchestration.identity import Identity
from orchestration.runner import CheckOutcome, RunOutcome

Build = Callable[[Home, Identity], Path]
COMMANDS = ["run", "status", "query", "explain", "release", "fetch", "doctor", "prune", "docs", "up"]


def acpgvc(*arguments: str) -> int:
    """Exit code of a command."""
    with pytest.raises(SystemExit) as e:
        cli.main(arguments)
    return int(e.value.code or 0)


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    code = "import sys, orchestration.cli; assert not {'dagster', 'polars', 'pandas', 'duckdb', 'dbt', 'rich.table'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
    before = _cpu_seconds_of_children()
    subprocess.run([sys.executable, "-m", "orchestration.cli", "--help"], check=True, capture_output=True)
    assert _cpu_seconds_of_children() - before < 1.0  # 0.3 s here; processor time, so that a busy machine does not matter


def _cpu_seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_teaches_by_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    names = [[command]] if command != "release" else [["release", n] for n in ("list", "show", "verify")]
    for name in names:
        assert acpgvc(*name, "--help") == 0
        out = capsys.readouterr().out
        assert "Examples:" in out and f"acpgvc {' '.join(name)}" in out.split("Examples:")[1]


def test_no_release_is_one_clear_block(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert acpgvc("query", "select 1") == 1
    err = capsys.readouterr().err
    assert err.startswith("error: expected a release") and "Traceback" not in err


def test_debug_shows_the_traceback(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACPGVC_DEBUG", "1")
    with pytest.raises(Exception, match="expected a release"):
        cli.main(["query", "select 1"])


@pytest.mark.parametrize("arguments", [["nonsense"], ["query"], ["query", "select 1", "--format", "xml"], ["fetch", "nowhere"]])
def test_usage_errors_are_exit_2(home: Home, arguments: list[str]) -> None:
    assert acpgvc(*arguments) == 2


def test_query_formats(published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "select iso3, value, flags from fct_indicator where indicator_id = 'ladder_position' order by iso3"
    assert acpgvc("query", sql, "--format", "csv") == 0
    printed = capsys.readouterr()
    assert printed.out == "iso3,value,flags\nGHA,0.25,transit\nSEN,,\n"
    assert "SYNTHETIC DATA" in printed.err and published.name in printed.err
    acpgvc("query", sql, "--format", "json")
    assert json.loads(capsys.readouterr().out)[1] == {"iso3": "SEN", "value": None, "flags": None}
    target = tmp_path / "out.parquet"
    assert acpgvc("query", sql, "--format", "parquet", "--output", str(target)) == 0
    with duckdb.connect() as con:
        assert con.execute(f"select count(*) from '{target}'").fetchall() == [(2,)]
    assert acpgvc("query", sql, "--format", "parquet") == 2
    capsys.readouterr()
    acpgvc("query", "select count(*) as n from v_acp_current")
    assert capsys.readouterr().out.split() == ["n", "─", "1"]


def test_explain_prints_the_whole_chain(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert acpgvc("explain", "ladder_position", "GHA", "2020", "--scope", "cocoa") == 0
    out = capsys.readouterr().out
    for part in (
        "SYNTHETIC",
        "median(bases)",
        "0.25 ratio (from 0.2 to 0.3)",
        "grade   B: ",
        "transit",
        "1 flows",
        "a" * 64,
        "may not be passed on",
    ):
        assert part in out


def test_release_commands(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert acpgvc("release", "list") == 0 and published.name in capsys.readouterr().out
    assert acpgvc("release", "show") == 0 and "rejected: file rasff.csv" in capsys.readouterr().out
    assert acpgvc("release", "verify") == 0
    (published / "dim_country.parquet").unlink()
    assert acpgvc("release", "verify") == 1
    assert "dim_country.parquet: missing" in capsys.readouterr().err


def test_sample_and_real_data_do_not_mix(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert acpgvc("run", "--drop", str(tmp_path), "--profile", "sample") == 1
    assert acpgvc("run", "--profile", "main") == 1
    assert acpgvc("run", "--drop", str(tmp_path / "absent")) == 1
    err = capsys.readouterr().err
    assert "sample holds synthetic data only" in err and "holds no data yet" in err and "found nothing there" in err


def test_no_room_names_the_figure(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "a.csv").write_bytes(b"x" * 1_000_000)
    monkeypatch.setattr("orchestration.disk.free_bytes", lambda _: 500_000_000)
    assert acpgvc("run", "--drop", str(tmp_path / "drop")) == 1
    assert "expected 1.0 GB free" in capsys.readouterr().err


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "notes.txt").write_text("no data")
    return folder


def _stand_in(build: Build, outcome: RunOutcome) -> Callable[..., RunOutcome]:
    """A job that publishes the small warehouse under the identity of the home."""

    def run_job(profile: str, **_: object) -> RunOutcome:
        from orchestration.identity import identity_of
        from orchestration.release.candidate import write_candidate
        from orchestration.release.publish import publish

        home = Home.of("main")
        assert profile == home.profile
        identity = identity_of(home)
        outcome.release_id = publish(home, write_candidate(home, identity, build(home, identity))).name
        return outcome

    return run_job


def test_run_tells_what_came_of_it_and_then_that_nothing_is_new(
    home: Home, drop: Path, build_warehouse: Build, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = [CheckOutcome("fct_trade", "grain", True, "ERROR"), CheckOutcome("raw_x", "vintage", False, "WARN", "2 partitions gone")]
    job = _stand_in(build_warehouse, RunOutcome(True, None, [], checks, {"models": 1.5}))
    monkeypatch.setattr(runner, "run_job", job)
    assert acpgvc("run", "--drop", str(drop)) == 0
    out = capsys.readouterr().out
    for part in (
        "100",
        "DOES NOT",
        "ladder_position 50 %",
        "world_total",
        "climbs",
        "Ghana",
        "models 1.5 s",
        "1 passed, 1 failed",
        "next:",
    ):
        assert (part in out) == (part != "DOES NOT"), part

    from ingestion.atomic import sha256_of
    from ingestion.drop import UNKNOWN, InputRecord, recogniser_version

    files = {sha256_of(drop / "notes.txt"): {"names": ["notes.txt"], "status": "unknown", "problem": "resembles nothing", "current": True}}
    InputRecord(finished=True, version=recogniser_version(), files=files).write(Home.of("main"), UNKNOWN)
    monkeypatch.setattr(runner, "run_job", lambda *_, **__: pytest.fail("nothing is new"))
    assert acpgvc("run", "--drop", str(drop)) == 0
    out = capsys.readouterr().out
    assert "nothing new: release main-" in out and "is up to date (1 files checked in" in out
    assert "notes.txt: resembles nothing" in out


def test_a_failed_job_is_exit_1_and_names_the_errors(
    home: Home, drop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = CheckOutcome("mart_ladder", "gx_ladder", False, "ERROR", "position above 1")
    monkeypatch.setattr(runner, "run_job", lambda *_, **__: RunOutcome(False, None, ["dbt: stage shares do not sum to 1"], [failed], {}))
    assert acpgvc("run", "--drop", str(drop)) == 1
    printed = capsys.readouterr()
    assert "error: dbt: stage shares do not sum to 1" in printed.err and "no new release was published" in printed.err
    assert "check failed (ERROR): mart_ladder gx_ladder: position above 1" in printed.out


def test_doctor_and_status_name_every_variable_of_a_key(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("FDA_API_KEY", "secret")
    monkeypatch.delenv("FDA_API_USER", raising=False)
    acpgvc("doctor", "--profile", "sample")
    out = capsys.readouterr().out
    assert "FDA_API_KEY is set" in out and "FDA_API_USER is not set" in out and "secret" not in out
    assert all(v in out for spec in all_sources().values() for v in spec.key_variables)
    acpgvc("status", "--profile", "sample")
    assert "FDA_API_USER not set" in capsys.readouterr().out


def test_up_starts_webserver_and_daemon_on_this_machine_only(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("os.execve", lambda program, arguments, env: started.append([Path(program).name, *arguments[1:]]))
    acpgvc("up", "--port", "3001")
    assert started == [["dagster", "dev", "-h", "127.0.0.1", "-p", "3001", "-m", "orchestration.definitions"]]
