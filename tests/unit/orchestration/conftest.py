"""A home with a small hand-made warehouse: two countries, one chain, three years. Numbers are invented for the test."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import duckdb
import pytest

from ingestion.settings import Home
from orchestration.identity import Identity
from orchestration.run_lock import LOCK_FILE

BuildWarehouse = Callable[[Home, Identity], Path]
SHA_A, SHA_B = "a" * 64, "b" * 64
TABLES = (Path(__file__).parent / "small_warehouse.sql").read_text(encoding="utf-8")
YEARLY = """SELECT 'HS96' AS hs_revision, 2020::SMALLINT AS year, 'GHA' AS exporter, 'NLD' AS importer, '180100' AS hs6,
  100.5::DECIMAL(18,3) AS value_kusd, 'comtrade' AS source"""
DAY = "TIMESTAMP '2024-08-31 10:00:00'"
FILES = f"""SELECT * FROM (VALUES
  ('{SHA_A}', 'comtrade', 'accepted', 'v1', {DAY}, '{{"kind": "drop", "name": "comtrade_2020.csv"}}', 'UN Comtrade terms', false, NULL),
  ('{SHA_B}', 'rasff', 'rejected', '', {DAY}, '{{"kind": "drop", "name": "rasff.csv"}}', 'CC-BY', true, 'row 3: expected a date'))
  t(sha256, source, status, vintage, retrieved_at, request, licence, may_redistribute, problem)"""
SOURCES = """SELECT * FROM (VALUES
  ('comtrade', 'UN Comtrade', 'UNSD', 'UN Comtrade, …', 'UN Comtrade terms', false, true, false, NULL),
  ('rasff', 'RASFF', 'European Commission', 'RASFF, …', 'CC-BY', true, false, true, 'rasff.csv was rejected'))
  t(source, title, publisher, citation, licence, may_redistribute, is_loaded, is_blocked, blocked_because)"""
VIEW = """CREATE VIEW v_acp_current AS (
  SELECT c.* FROM acpgvc.main.dim_country AS c INNER JOIN "acpgvc"."main"."dim_country_group_membership" AS m USING (iso3)
  CROSS JOIN acpgvc.main.dim_release AS r WHERE m.group_id = 'OACPS' AND coalesce(m.valid_to > r.data_date, true))"""


def _build(home: Home, identity: Identity) -> Path:
    """What dbt leaves behind: tables, one growing model as a view over a year file, and the lake's account of files."""
    yearly = home.warehouse / "yearly" / "fct_trade"
    yearly.mkdir(parents=True, exist_ok=True)
    path = home.warehouse / "acpgvc.duckdb"
    path.unlink(missing_ok=True)
    con = duckdb.connect(str(path))
    con.execute(TABLES)
    con.execute("INSERT INTO dim_release VALUES (?, DATE '2024-08-31', ?)", [identity.release_id, home.profile == "sample"])
    con.execute(f"COPY ({YEARLY}) TO '{yearly}/year=2020.parquet' (FORMAT parquet)")
    con.execute(f"CREATE VIEW fct_trade AS SELECT * FROM read_parquet('{yearly}/*.parquet', hive_partitioning = false)")
    con.execute(VIEW)
    for name, sql in (("raw_landing__files", FILES), ("raw_landing__sources", SOURCES)):
        folder = home.lake / name
        folder.mkdir(parents=True, exist_ok=True)
        con.execute(f"COPY ({sql}) TO '{folder}/part.parquet' (FORMAT parquet)")
    con.close()
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("ACPGVC_HOME", str(tmp_path / "home"))
    return Home.of("sample")


@pytest.fixture
def identity() -> Identity:
    return Identity("sample", "1" * 64, "2" * 64, 2020, "2024-08-31")


@pytest.fixture
def build_warehouse() -> BuildWarehouse:
    """Builder of the small warehouse for a home and an identity; returns its file."""
    return _build


@pytest.fixture
def published(home: Home, identity: Identity) -> Path:
    """A published sample release; its folder."""
    from orchestration.release.candidate import write_candidate
    from orchestration.release.publish import publish

    return publish(home, write_candidate(home, identity, _build(home, identity)))


@contextmanager
def _holder(root: Path, mode: int) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the home until it is killed."""
    hold = f"fcntl.flock(f, {mode}); f.write(f'{{os.getpid()}}\\n'); f.flush(); print('held', flush=True); sys.stdin.read()"
    code = f"import fcntl, os, sys; f = open({str(root / LOCK_FILE)!r}, 'w'); {hold}"
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None and other.stdout.readline() == "held\n"
    try:
        yield other
    finally:
        other.kill()
        other.communicate()


@pytest.fixture
def holder() -> Callable[[Path, int], AbstractContextManager[subprocess.Popen[str]]]:
    """Another process that holds a home, in a mode of `fcntl.flock`."""
    return _holder
