"""One module per source; see `ingestion.spec.SourceSpec`."""
