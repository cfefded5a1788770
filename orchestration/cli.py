"""`acpgvc`, the one command line. Every command is a thin door: it asks Dagster, dbt or DuckDB and prints what they say.

Exit codes: 0 done; 1 done with problems, or failed; 2 the command was not understood.
Nothing heavy is imported before a command needs it, so that `--help` and "nothing new" answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from orchestration.commands import docs, doctor, explain, fetch, prune, query, release, run, status, up

app = typer.Typer(
    name="acpgvc",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Are countries climbing or stuck in the world's value chains? Builds checked releases of indices and answers from them.",
    epilog='Start here: acpgvc run   then   acpgvc query "select count(*) from v_acp_current"',
)
app.command("run")(run.run)
app.command("status")(status.status)
app.command("query")(query.query)
app.command("explain")(explain.explain)
app.add_typer(release.app, name="release")
app.command("fetch")(fetch.fetch)
app.command("doctor")(doctor.doctor)
app.command("prune")(prune.prune)
app.command("docs")(docs.docs)
app.command("up")(up.up)


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code; errors become one block, with ACPGVC_DEBUG=1 a traceback."""
    try:
        app(args=list(argv) if argv is not None else None, prog_name="acpgvc")
    except KeyboardInterrupt:
        _leave("interrupted; run the same command again, it goes on where it stopped", 130)
    except Exception as e:
        if os.environ.get("ACPGVC_DEBUG") == "1":
            raise
        _leave(_message(e), 1)


def _message(error: Exception) -> str:
    from ingestion.errors import IngestionError
    from orchestration.disk import NoRoom
    from orchestration.readers import QueryError
    from orchestration.release import ReleaseError
    from orchestration.run_lock import HomeBusy

    if isinstance(error, (IngestionError, HomeBusy, NoRoom, QueryError, ReleaseError)):
        return str(error)
    first = (str(error).strip().splitlines() or ["no message"])[0]
    return f"unexpected {type(error).__name__}: {first}\nsee the whole story with ACPGVC_DEBUG=1 in front of the command"


def _leave(message: str, code: int) -> None:
    from orchestration.console import fail

    fail(message)
    sys.exit(code)


if __name__ == "__main__":
    main()
