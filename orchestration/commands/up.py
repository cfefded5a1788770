"""`acpgvc up`: the orchestrator's own web interface and the daemon that ticks its schedules, on this machine only."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ingestion.settings import Home, home_root
from orchestration import console
from orchestration.commands.options import OneProfile


def up(
    port: Annotated[int, typer.Option("--port", "-p", min=1, max=65535, help="Port on 127.0.0.1.")] = 3000, profile: OneProfile = None
) -> None:
    """Open the graph of assets, runs and checks in the browser (Dagster), and run what is scheduled. 127.0.0.1 only; it has no login.

    \b
    Examples:
      acpgvc up
      acpgvc up --port 3001
      acpgvc up --profile sample
    """
    from orchestration.readers import latest_id
    from orchestration.run_lock import HomeBusy, run_lock
    from orchestration.runner import clear_dead_runs, dagster_home, dagster_instance

    shown = profile or ("main" if latest_id(Home.of("main")) else "sample")
    home = dagster_home()
    with contextlib.suppress(HomeBusy), run_lock(home_root()), dagster_instance() as instance:
        clear_dead_runs(instance, is_alone=True)  # of a machine that went down: they would hold the queue for ever
    console.say(f"http://127.0.0.1:{port}  profile {shown} (Ctrl-C ends it)")
    dagster = Path(sys.executable).with_name("dagster")
    arguments = [str(dagster), "dev", "-h", "127.0.0.1", "-p", str(port), "-m", "orchestration.definitions"]
    os.execve(dagster, arguments, os.environ | {"DAGSTER_HOME": str(home), "ACPGVC_PROFILE": shown})
