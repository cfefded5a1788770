"""A home with a small hand-made warehouse: two countries, one chain, three years. Numbers are invented for the test."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingestion.settings import Home
from orchestration.identity import Identity

BuildWarehouse = Callable[[Home, Identity], Path]
SHA_A, SHA_B = "a" * 64, "b" * 64
TABLES = f"""
CREATE TABLE dim_country (iso3 VARCHAR PRIMARY KEY, name_en VARCHAR NOT NULL);
INSERT INTO dim_country VALUES ('GHA', 'Ghana'), ('SEN', 'Senegal'), ('NLD', 'Netherlands');
CREATE TABLE dim_country_group_membership (group_id VARCHAR NOT NULL, iso3 VARCHAR NOT NULL, valid_from DATE, valid_to DATE, source VARCHAR NOT NULL);
INSERT INTO dim_country_group_membership VALUES ('OACPS', 'GHA', NULL, NULL, 'test'), ('OACPS', 'SEN', NULL, DATE '2020-01-01', 'test');
CREATE TABLE dim_release (release_id VARCHAR PRIMARY KEY, data_date DATE NOT NULL, is_sample BOOLEAN NOT NULL);
CREATE TABLE dim_null_reason (null_reason VARCHAR PRIMARY KEY, meaning VARCHAR NOT NULL);
INSERT INTO dim_null_reason VALUES ('no_quantity', 'quantity missing for more than 20 % of the value');
CREATE TABLE dim_indicator (indicator_id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, pillar VARCHAR NOT NULL, definition VARCHAR NOT NULL, formula VARCHAR NOT NULL,
  unit VARCHAR NOT NULL, grain VARCHAR NOT NULL, direction VARCHAR NOT NULL, tier TINYINT NOT NULL, source VARCHAR NOT NULL, method_version VARCHAR NOT NULL);
INSERT INTO dim_indicator VALUES
  ('ladder_position', 'Ladder position', 'functional_upgrading', 'Mean stage of exports over 3, median of the bases', 'median(bases)', 'ratio', 'chain', '+', 1, 'trade', '1'),
  ('ladder_climb_10y', 'Climb in 10 years', 'functional_upgrading', 'Change of position in ten years', 'pos(t) - pos(t-10)', 'ratio', 'chain', '+', 1, 'trade', '1'),
  ('buyer_hhi', 'Concentration of buyers', 'governance', 'HHI over importers', 'sum(share^2)', 'ratio', 'chain', '-', 1, 'trade', '1');
CREATE TABLE fct_indicator (indicator_id VARCHAR NOT NULL, iso3 VARCHAR NOT NULL, scope_kind VARCHAR NOT NULL, scope_id VARCHAR NOT NULL, year SMALLINT NOT NULL,
  value DOUBLE, low DOUBLE, high DOUBLE, unit VARCHAR NOT NULL, null_reason VARCHAR, n_obs INTEGER, staleness_years SMALLINT, dq_grade VARCHAR NOT NULL, flags VARCHAR[],
  source VARCHAR NOT NULL, source_vintage VARCHAR NOT NULL, data_origin VARCHAR NOT NULL, PRIMARY KEY (indicator_id, iso3, scope_kind, scope_id, year, source));
INSERT INTO fct_indicator VALUES
  ('ladder_position', 'GHA', 'chain', 'cocoa', 2020, 0.25, 0.2, 0.3, 'ratio', NULL, 12, 0, 'B', ['transit'], 'comtrade', '2024-08-31', 'sample'),
  ('ladder_position', 'SEN', 'chain', 'cocoa', 2020, NULL, NULL, NULL, 'ratio', 'no_quantity', 2, 0, 'D', NULL, 'comtrade', '2024-08-31', 'sample'),
  ('ladder_climb_10y', 'GHA', 'chain', 'cocoa', 2020, 0.11, 0.1, 0.12, 'ratio', NULL, 12, 0, 'B', NULL, 'comtrade', '2024-08-31', 'sample');
CREATE TABLE mart_ladder (source VARCHAR NOT NULL, iso3 VARCHAR NOT NULL, chain_id VARCHAR NOT NULL, year SMALLINT NOT NULL, x0_kusd DOUBLE, x1_kusd DOUBLE,
  position DOUBLE, low DOUBLE, high DOUBLE, null_reason VARCHAR, dq_grade VARCHAR NOT NULL, data_origin VARCHAR NOT NULL, PRIMARY KEY (source, iso3, chain_id, year));
INSERT INTO mart_ladder VALUES ('comtrade', 'GHA', 'cocoa', 2020, 100.0, 50.0, 0.25, 0.2, 0.3, NULL, 'B', 'sample');
CREATE TABLE map_chain_product (chain_id VARCHAR NOT NULL, hs_revision VARCHAR NOT NULL, hs6 VARCHAR NOT NULL, stage TINYINT NOT NULL, shared_code BOOLEAN NOT NULL);
INSERT INTO map_chain_product VALUES ('cocoa', 'HS96', '180100', 0, false), ('cocoa', 'HS96', '180310', 1, false);
CREATE TABLE mart_provenance (table_name VARCHAR NOT NULL, indicator_id VARCHAR NOT NULL, year SMALLINT NOT NULL, source VARCHAR NOT NULL, source_vintage VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
  request VARCHAR NOT NULL, retrieved_at TIMESTAMP NOT NULL, licence VARCHAR NOT NULL, may_redistribute BOOLEAN NOT NULL, row_count BIGINT NOT NULL);
INSERT INTO mart_provenance VALUES ('fct_indicator', 'ladder_position', 2020, 'comtrade', '2024-08-31', '{SHA_A}', 'drop comtrade_2020.csv', TIMESTAMP '2024-08-31 10:00:00', 'UN Comtrade terms', false, 40);
CREATE TABLE int_private (a INTEGER);
COMMENT ON TABLE fct_indicator IS 'Long table of every indicator';
COMMENT ON COLUMN fct_indicator.value IS 'The value, or null with a null_reason';
"""
YEARLY = "SELECT 'HS96' AS hs_revision, 2020::SMALLINT AS year, 'GHA' AS exporter, 'NLD' AS importer, '180100' AS hs6, 100.5::DECIMAL(18,3) AS value_kusd, 'comtrade' AS source"
FILES = f"""SELECT * FROM (VALUES
  ('{SHA_A}', 'raw_comtrade__data', 'comtrade', 'accepted', 'v1', TIMESTAMP '2024-08-31 10:00:00', 'drop comtrade_2020.csv', 'UN Comtrade terms', false, NULL),
  ('{SHA_B}', 'raw_rasff__notices', 'rasff', 'rejected', '', TIMESTAMP '2024-08-31 10:00:00', 'drop rasff.csv', 'CC-BY', true, 'rasff.csv, row 3: expected a date, found x. Remedy: …'))
  t(sha256, table_name, source, status, vintage, retrieved_at, request, licence, may_redistribute, problem)"""
SOURCES = """SELECT * FROM (VALUES
  ('comtrade', 'raw_comtrade__data', 'UN Comtrade', 'UNSD', 'UN Comtrade, …', 'UN Comtrade terms', false, 'trade', true, false, NULL),
  ('rasff', 'raw_rasff__notices', 'RASFF', 'European Commission', 'RASFF, …', 'CC-BY', true, 'standards', false, true, 'rasff.csv was rejected'))
  t(source, table_name, title, publisher, citation, licence, may_redistribute, kind, is_loaded, is_blocked, blocked_because)"""


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
    con.execute(
        'CREATE VIEW v_acp_current AS (SELECT c.* FROM acpgvc.main.dim_country AS c INNER JOIN "acpgvc"."main"."dim_country_group_membership" AS m USING (iso3) '
        "CROSS JOIN acpgvc.main.dim_release AS r WHERE m.group_id = 'OACPS' AND coalesce(m.valid_to > r.data_date, true))"
    )
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
    return Identity("sample", "1" * 64, "2" * 64, 2020)


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
