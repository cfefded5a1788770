"""What the publishers sent: fetching, recognising, landing, parsing. Knows neither Dagster nor dbt.

One source is one module in `ingestion/sources/` (a `SOURCE = SourceSpec(...)` with its `recognise`, `plan` and
`parse`) and one schema of the same stem in `ingestion/schemas/`. Everything else here serves all sources alike.
"""
