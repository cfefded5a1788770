-- A small hand-made warehouse: two countries, one chain, a few years. Numbers are invented for the tests.
CREATE TABLE dim_country (iso3 VARCHAR PRIMARY KEY, name_en VARCHAR NOT NULL);
INSERT INTO dim_country VALUES ('GHA', 'Ghana'), ('SEN', 'Senegal'), ('NLD', 'Netherlands');
CREATE TABLE dim_country_group_membership (group_id VARCHAR NOT NULL, iso3 VARCHAR NOT NULL, valid_from DATE, valid_to DATE, source VARCHAR NOT NULL);
INSERT INTO dim_country_group_membership VALUES ('OACPS', 'GHA', NULL, NULL, 'test'), ('OACPS', 'SEN', NULL, DATE '2020-01-01', 'test');
CREATE TABLE dim_release (release_id VARCHAR PRIMARY KEY, data_date DATE NOT NULL, is_sample BOOLEAN NOT NULL);
CREATE TABLE dim_null_reason (null_reason VARCHAR PRIMARY KEY, meaning VARCHAR NOT NULL);
INSERT INTO dim_null_reason VALUES ('no_quantity', 'quantity missing for more than 20 % of the value');
CREATE TABLE dim_indicator (indicator_id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, pillar VARCHAR NOT NULL, definition VARCHAR NOT NULL, formula VARCHAR NOT NULL,
  unit VARCHAR NOT NULL, grain VARCHAR NOT NULL, direction VARCHAR NOT NULL, tier TINYINT NOT NULL, source VARCHAR NOT NULL, method_version VARCHAR NOT NULL,
  table_name VARCHAR NOT NULL);
INSERT INTO dim_indicator VALUES
  ('ladder_position', 'Ladder position', 'functional_upgrading', 'Mean stage of exports over 3, median of the bases', 'median(bases)', 'ratio', 'chain', '+', 1, 'trade', '1', 'fct_indicator'),
  ('ladder_climb_10y', 'Climb in 10 years', 'functional_upgrading', 'Change of position in ten years', 'pos(t) - pos(t-10)', 'ratio', 'chain', '+', 1, 'trade', '1', 'fct_indicator'),
  ('buyer_hhi', 'Concentration of buyers', 'governance', 'HHI over importers', 'sum(share^2)', 'ratio', 'chain', '-', 1, 'trade', '1', 'fct_indicator'),
  ('unit_value', 'Export unit value', 'product_upgrading', 'Value per tonne', 'v/q', '1000 USD/t', 'hs6', '0', 1, 'trade', '1', 'mart_product');
CREATE TABLE fct_indicator (indicator_id VARCHAR NOT NULL, iso3 VARCHAR NOT NULL, scope_kind VARCHAR NOT NULL, scope_id VARCHAR NOT NULL, year SMALLINT NOT NULL,
  value DOUBLE, low DOUBLE, high DOUBLE, unit VARCHAR NOT NULL, null_reason VARCHAR, n_obs INTEGER, staleness_years SMALLINT, dq_grade VARCHAR NOT NULL, flags VARCHAR[],
  source VARCHAR NOT NULL, source_vintage VARCHAR NOT NULL, data_origin VARCHAR NOT NULL, PRIMARY KEY (indicator_id, iso3, scope_kind, scope_id, year, source));
INSERT INTO fct_indicator VALUES
  ('ladder_position', 'GHA', 'chain', 'cocoa', 2020, 0.25, 0.2, 0.3, 'ratio', NULL, 12, 0, 'B', ['transit'], 'comtrade', '2024-08-31', 'sample'),
  ('ladder_position', 'SEN', 'chain', 'cocoa', 2020, NULL, NULL, NULL, 'ratio', 'no_quantity', 2, 0, 'D', NULL, 'comtrade', '2024-08-31', 'sample'),
  ('ladder_position_value', 'GHA', 'chain', 'cocoa', 2020, 0.25, 0.2, 0.3, 'ratio', NULL, 12, 0, 'B', NULL, 'comtrade', '2024-08-31', 'sample'),
  ('ladder_climb_10y', 'GHA', 'chain', 'cocoa', 2020, 0.11, 0.1, 0.12, 'ratio', NULL, 12, 0, 'B', NULL, 'comtrade', '2024-08-31', 'sample');
CREATE TABLE dim_chain (chain_id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL);
INSERT INTO dim_chain VALUES ('cocoa', 'Cocoa');
CREATE TABLE mart_ladder (source VARCHAR NOT NULL, iso3 VARCHAR NOT NULL, chain_id VARCHAR NOT NULL, year SMALLINT NOT NULL,
  x0_kusd DOUBLE, x1_kusd DOUBLE, x2_kusd DOUBLE, x3_kusd DOUBLE,
  pos_value DOUBLE, position DOUBLE, low DOUBLE, high DOUBLE, climb_value_10y DOUBLE, climb_10y DOUBLE, climb_10y_agree BOOLEAN, flags VARCHAR[],
  null_reason VARCHAR, dq_grade VARCHAR NOT NULL, data_origin VARCHAR NOT NULL, PRIMARY KEY (source, iso3, chain_id, year));
INSERT INTO mart_ladder VALUES
  ('comtrade', 'GHA', 'cocoa', 2010, 90.0, 10.0, 0.0, 0.0, 0.14, 0.14, 0.1, 0.2, NULL, NULL, NULL, NULL, NULL, 'B', 'sample'),
  ('comtrade', 'GHA', 'cocoa', 2020, 100.0, 50.0, 1000.0, 0.0, 0.25, 0.25, 0.2, 0.3, 0.11, 0.11, true, NULL, NULL, 'B', 'sample');
CREATE TABLE map_chain_product (chain_id VARCHAR NOT NULL, hs_revision VARCHAR NOT NULL, hs6 VARCHAR NOT NULL, stage TINYINT NOT NULL, shared_code BOOLEAN NOT NULL);
INSERT INTO map_chain_product VALUES ('cocoa', 'HS96', '180100', 0, false), ('cocoa', 'HS96', '180310', 1, false);
CREATE TABLE mart_provenance (table_name VARCHAR NOT NULL, indicator_id VARCHAR NOT NULL, year SMALLINT NOT NULL, source VARCHAR NOT NULL, source_vintage VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
  request VARCHAR NOT NULL, retrieved_at TIMESTAMP NOT NULL, licence VARCHAR NOT NULL, may_redistribute BOOLEAN NOT NULL, row_count BIGINT NOT NULL);
INSERT INTO mart_provenance VALUES ('fct_indicator', 'ladder_position', 2020, 'comtrade', '2024-08-31', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'drop comtrade_2020.csv', TIMESTAMP '2024-08-31 10:00:00', 'UN Comtrade terms', false, 40);
CREATE TABLE int_private (a INTEGER);
COMMENT ON TABLE fct_indicator IS 'Long table of every indicator';
COMMENT ON COLUMN fct_indicator.value IS 'The value, or null with a null_reason';
CREATE TABLE mart_row_account (table_name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, row_status VARCHAR NOT NULL, status_reason VARCHAR NOT NULL, n_rows BIGINT NOT NULL,
  rows_read BIGINT NOT NULL, source VARCHAR, layout VARCHAR, file_status VARCHAR);
INSERT INTO mart_row_account VALUES
  ('raw_comtrade__data', 'a', 'kept', '', 90, 100, 'comtrade', 'csv_rows', 'accepted'),
  ('raw_comtrade__data', 'a', 'out_of_scope', 'world_total', 8, 100, 'comtrade', 'csv_rows', 'accepted'),
  ('raw_comtrade__data', 'a', 'quarantined', 'failed_checks', 2, 100, 'comtrade', 'csv_rows', 'accepted'),
  ('raw_rasff__notices', 'b', 'quarantined', 'file_rejected', 7, 9, 'rasff', 'window_csv', 'rejected');
