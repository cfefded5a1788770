"""`acpgvc fetch`: download from a publisher into the landing zone, through the raw asset of the source."""

from __future__ import annotations

from typing import Annotated

import typer

from ingestion.settings import Home
from orchestration import console


def fetch(
    source: Annotated[
        str | None, typer.Argument(help="Source to fetch from; without it all sources are listed.", show_default=False)
    ] = None,
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="What to fetch; each source has its own keys.", show_default=False)
    ] = None,
) -> None:
    """Download from a publisher into profile main. What is there already is not fetched again; `acpgvc run` then builds.

    Keys are read from the environment only, never from the command line, and are never shown or stored.

    \b
    Examples:
      acpgvc fetch                                                        list the sources and their arguments
      acpgvc fetch wdi indicators=NY.GDP.PCAP.PP.KD
      acpgvc fetch comtrade reporters=404,288 years=2015-2020 codes=180100,180310
      acpgvc run --profile main                                           build from what was fetched
    """
    from ingestion.registry import all_sources

    specs = all_sources()
    if source is None:
        for spec in specs.values():
            console.say(f"{spec.name}: {spec.title} ({spec.publisher}), {spec.cadence}", style="bold")
            console.say(
                f"  {spec.plan_help or f'arrives as a file only: download it from {spec.homepage} and use acpgvc run --drop FOLDER'}"
            )
        return
    if source not in specs:
        from orchestration.readers import nearest

        like = nearest(source, list(specs)) or list(specs)
        raise typer.BadParameter(f"no source {source!r}; there is: {', '.join(like)}", param_hint="SOURCE")
    spec = specs[source]
    if spec.plan is None:
        raise typer.BadParameter(
            f"{source} has no interface to fetch from: download it from {spec.homepage} and use acpgvc run --drop FOLDER",
            param_hint="SOURCE",
        )
    _fetch(source, parse_arguments(arguments or [], spec.plan_help))


def parse_arguments(arguments: list[str], plan_help: str) -> dict[str, str]:
    """['years=2015-2020'] -> {'years': '2015-2020'}. Raises BadParameter for anything else."""
    pairs = [a.partition("=") for a in arguments]
    for key, equals, value in pairs:
        if not (key and equals and value):
            raise typer.BadParameter(f"expected key=value, found {key!r}. {plan_help}", param_hint="KEY=VALUE")
    return {key: value for key, _, value in pairs}


def _fetch(source: str, arguments: dict[str, str]) -> None:
    from orchestration.progress import Progress
    from orchestration.run_lock import run_lock

    home = Home.of("main")
    with run_lock(home.root), Progress() as progress:
        progress.show("loading the job")
        from orchestration.runner import run_job

        outcome = run_job("main", job=f"fetch_{source}", fetch={source: arguments}, on_event=progress.show)
    for error in outcome.errors:
        console.fail(str(error))
    if not outcome.success:
        raise typer.Exit(1)
    console.say(f"{source}: landed. Next: acpgvc run --profile main")
