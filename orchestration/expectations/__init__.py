"""Suites of the gate, one module a table: what a release must say to be believed. Light: Great Expectations is not imported here."""

SUITES = ("fct_indicator", "fct_rejection", "fct_trade", "mart_gvc_participation", "mart_ladder")
