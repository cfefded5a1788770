"""`acpgvc docs`: dbt's own documentation as one page that works offline."""

from __future__ import annotations

import os

import typer

from orchestration import console
from orchestration.commands.options import ReadProfile


def docs(profile: ReadProfile = None) -> None:
    """Write one offline page with every model, column, test and their lineage (dbt docs), from the warehouse of the last run.

    \b
    Examples:
      acpgvc docs
      acpgvc docs --profile sample
    """
    from orchestration.readers import current_release

    release = current_release(profile)
    console.note(release.line)
    console.note("dbt reads the project and the warehouse: some 15 seconds")
    from dbt.cli.main import dbtRunner

    from ingestion.settings import Home
    from orchestration.dbt_manifest import dirs_of
    from orchestration.identity import identity_of
    from orchestration.settings import DBT_PROJECT, dbt_env, dbt_target

    home = Home(release.path.parent.parent.parent, release.profile)
    os.environ.update(dbt_env(home, identity_of(home)))
    result = dbtRunner().invoke(["docs", "generate", "--static", "-q", *dirs_of(DBT_PROJECT, dbt_target(home))])
    if not result.success:
        console.fail(f"dbt docs failed: {result.exception or 'see its messages above'}")
        raise typer.Exit(1)
    console.say(f"written: {dbt_target(home) / 'static_index.html'}")
