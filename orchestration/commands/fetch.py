"""`acpgvc fetch`: download from a publisher into the landing zone, through the raw asset of the source."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.settings import Home
from orchestration import console

if TYPE_CHECKING:
    from ingestion.spec import SourceSpec

SHOWN_TASKS = 20


def fetch(
    source: Annotated[
        str | None, typer.Argument(help="Source to fetch from; without it all sources are listed.", show_default=False)
    ] = None,
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="What to fetch; each source has its own keys.", show_default=False)
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Say what it would cost: calls, days, order. Fetches no data.")] = False,
    observe: Annotated[
        bool, typer.Option("--observe", help="First contact: keep the answers aside, print how they differ from what is declared.")
    ] = False,
) -> None:
    """Download from a publisher into profile main. What is there already is not fetched again; `acpgvc run` then builds.

    Keys are read from the environment only, never from the command line, and are never shown or stored.

    \b
    Examples:
      acpgvc fetch                                                        list the sources and their arguments
      acpgvc fetch wdi indicators=NY.GDP.PCAP.PP.KD
      acpgvc fetch comtrade reporters=404,288 years=2015-2020 codes=180100,180310
      acpgvc fetch comtrade reporters=ACP years=2000-2024 --plan          calls and days, against one call a reporter, year and product
      acpgvc fetch rasff --observe                                        look before anything is published
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
    given = parse_arguments(arguments or [], spec.plan_help)
    if plan or observe:
        _look(source, given, _plan if plan else _observe)
    else:
        _fetch(source, given)


def parse_arguments(arguments: list[str], plan_help: str) -> dict[str, str]:
    """['years=2015-2020'] -> {'years': '2015-2020'}. Raises BadParameter for anything else."""
    pairs = [a.partition("=") for a in arguments]
    for key, equals, value in pairs:
        if not (key and equals and value):
            raise typer.BadParameter(f"expected key=value, found {key!r}. {plan_help}", param_hint="KEY=VALUE")
    return {key: value for key, _, value in pairs}


def _fetch(source: str, arguments: dict[str, str]) -> None:
    from orchestration.progress import Progress

    with Progress() as progress:
        progress.show("loading the job")
        from orchestration.runner import run_job

        outcome = run_job("main", job=f"fetch_{source}", fetch={source: arguments}, on_event=progress.show)
    for error in outcome.errors:
        console.fail(str(error))
    if not outcome.success:
        raise typer.Exit(1)
    console.say(f"{source}: landed. Next: acpgvc run --profile main")


def _look(
    source: str, arguments: dict[str, str], show: Callable[[Home, SourceSpec, dict[str, str], Callable[[object], None]], None]
) -> None:
    """What needs no run: nothing that it does changes a table."""
    from ingestion.errors import IngestionError
    from ingestion.registry import all_sources
    from orchestration.progress import Progress

    try:
        with Progress() as progress:
            show(Home.of("main"), all_sources()[source], arguments, progress.show)
    except IngestionError as e:
        console.fail(str(e))
        raise typer.Exit(1) from None


def _plan(home: Home, spec: SourceSpec, arguments: dict[str, str], say: Callable[[object], None]) -> None:
    from ingestion.planner import outlook

    plan = outlook(home, spec, arguments, say)
    limit, span = (plan.limits.calls_per_day, "day") if plan.limits.calls_per_day else (plan.limits.calls_per_hour, "hour")
    rows = sum(t.rows for t in plan.tasks if t.rows is not None)
    at_most = f", at most {rows:,} rows" if rows else ""
    pages = " and what further pages take" if spec.follow else ""
    console.say(f"{spec.name}: {plan.calls:,} calls to make{pages} in {len(plan.tasks):,} tasks{at_most}", style="bold")
    console.say(f"{plan.asked} calls were made for this plan")
    allowance = f"{limit:,} calls a {span}, {plan.left:,} left now: {plan.windows:,} {span}(s)" if limit else "no limit known"
    console.say(f"allowance: {allowance}; at least {plan.seconds:,.0f} s at {plan.limits.min_interval_s:g} s between calls")
    if plan.naive:
        calls, why = plan.naive
        days = f", {-(-calls // limit):,} {span}(s)" if limit else ""
        console.say(f"naive plan: {why} = {calls:,} calls{days}; this one makes 1 call where that makes {calls / max(1, plan.calls):,.0f}")
    else:
        why = "all pages of one answer are read" if spec.follow else "the publisher gives whole files"
        console.say(f"no naive plan: {why}, whatever is asked")
    console.say("order:" if plan.tasks else "nothing to ask: all of it landed under the publisher's present tokens")
    for number, task in enumerate(plan.tasks[:SHOWN_TASKS], 1):
        console.say(f"  {number}. {task.note}: {task.calls} calls" + (f", at most {task.rows:,} rows" if task.rows else ""))
    if len(plan.tasks) > SHOWN_TASKS:
        console.say(f"  and {len(plan.tasks) - SHOWN_TASKS:,} more")


def _observe(home: Home, spec: SourceSpec, arguments: dict[str, str], say: Callable[[object], None]) -> None:
    from ingestion.observe import observe

    seen, ended = observe(home, spec, arguments, say)
    for o in seen:
        console.say(f"{o.note}: {o.layout or 'no layout'}, {o.rows if o.rows is not None else 'no'} rows, kept as {o.path}", style="bold")
        for difference in o.differences or ["as declared"]:
            console.say(f"  {difference}")
    console.say("Nothing was landed or published.")
    if ended:
        console.fail(ended)
    if ended or any(o.differences for o in seen):
        raise typer.Exit(1)
