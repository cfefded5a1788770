"""`acpgvc docs`: dbt's own documentation as one page that works offline."""

from __future__ import annotations

import typer

from orchestration import console


def docs() -> None:
    """Write one offline page with every model, column, test and their lineage (dbt docs).

    \b
    Examples:
      acpgvc docs
    """
    from ingestion.settings import Home
    from orchestration.readers import current_release
    from orchestration.runner import dbt_docs

    page = dbt_docs(Home.of(current_release().profile))  # type: ignore[arg-type]
    if page is None:
        raise typer.Exit(1)
    console.say(f"written: {page}")
