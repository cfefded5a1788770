"""`acpgvc run`: the main job. Decides whether there is anything to do before anything heavy is imported."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingestion.settings import Home, Profile
from orchestration import console

if TYPE_CHECKING:
    from orchestration.readers import Release

MESSAGE_LENGTH = 200  # of a check; the whole stands in the web interface (`acpgvc up`)


def run(
    drop: Annotated[
        Path | None, typer.Option("--drop", metavar="DIR", help="Folder (or file) of official downloads; goes to profile main.")
    ] = None,
    profile: Annotated[
        Profile | None,
        typer.Option("--profile", help="Default: main with --drop or when it holds data, else sample."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Run even when nothing is new, and build every year anew.")] = False,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="SOURCE", help="Accept what the check `vintage` of this source holds back.")
    ] = None,
) -> None:
    """Take in what is new, build all tables, check them and publish a release. Run it again at any time: it goes on where it stopped.

    Without --drop and without real data it builds the built-in sample, which is synthetic.

    \b
    Examples:
      acpgvc run                                the built-in sample: a first look in a minute and a half
      acpgvc run --drop ~/downloads             real data: official files, as downloaded, whatever their names
      acpgvc run --profile main                 build main again from what is landed (after `acpgvc fetch`)
      acpgvc run --force                        build even though nothing is new
      acpgvc run --accept baci                  build from a vintage that changed more than its bounds allow
    """
    from orchestration.run_lock import run_lock
    from orchestration.run_steps import choose_profile, is_up_to_date, make_sample, require_room

    home = Home.of(choose_profile(drop, profile))
    with run_lock(home.root):
        for source in accept or ():
            _accept(home, source)
        if home.profile == "sample":
            console.note(console.SYNTHETIC, style="bold yellow")
        inputs = [make_sample(home)] if home.profile == "sample" else [drop] if drop else None
        started = time.perf_counter()
        if not force and (found := is_up_to_date(home, inputs)):
            release, files = found
            console.say(
                f"nothing new: release {release.release_id} is up to date ({files} files checked in {time.perf_counter() - started:.1f} s)"
            )
            problems = _finish(home, release, {}, findings=False)
        else:
            require_room(home, inputs)
            problems = _build(home, inputs, force)
    raise typer.Exit(1 if problems else 0)


def _accept(home: Home, source: str) -> None:
    """Write down that a person has looked at a vintage; Raises BadParameter when there is no such source."""
    from ingestion.registry import all_sources
    from ingestion.revisions import accept

    if source not in all_sources():
        raise typer.BadParameter(f"no source {source!r}; `acpgvc fetch` lists them", param_hint="--accept")
    batches = accept(home, all_sources()[source])
    console.say(f"{source}: accepted {', '.join(b[:12] for b in batches)}" if batches else f"{source}: nothing is held back")


def _build(home: Home, inputs: list[Path] | None, force: bool) -> bool:
    """Run the job, tell what came of it; true when something went wrong."""
    from orchestration import summary
    from orchestration.progress import Progress
    from orchestration.readers import current_release

    with Progress() as progress:
        progress.show("loading the job")
        from orchestration.runner import run_job

        outcome = run_job(
            home.profile, job="full_refresh" if force else "incremental", drop_dir=inputs[0] if inputs else None, on_event=progress.show
        )
    for error in outcome.errors:
        console.fail(str(error))
    _show_checks(outcome.checks)
    if not outcome.success or outcome.release_id is None:
        console.fail(
            f"no new release was published in profile {home.profile}; readers keep the last one\n"
            "the errors above say why; once they are mended run the same command again"
        )
        summary.unused_files(home)
        return True
    problems = _finish(home, current_release(home.profile, outcome.release_id), dict(outcome.timings), findings=True)
    return problems or bool(outcome.errors)


def _show_checks(checks: Any) -> None:
    """Failed checks, one line each, and how many passed. `checks`: objects with name, asset, passed, severity, message."""
    failed = [c for c in checks if not c.passed]
    for c in failed:
        console.say(f"check failed ({c.severity}): {c.asset} {c.name}: {console.shortened(c.message, MESSAGE_LENGTH)}", style="yellow")
    console.say(f"checks: {len(checks) - len(failed)} passed, {len(failed)} failed")


def _finish(home: Home, release: Release, timings: dict[str, float], findings: bool) -> bool:
    """Print what a run leaves; true when files were rejected."""
    from orchestration import summary

    if findings:
        summary.accounts(release)
        summary.coverage(release)
    rejected = summary.unused_files(home)
    if findings:
        summary.findings(release)
    summary.timings(timings)
    console.say()
    console.say(release.line)
    summary.next_commands(release)
    return rejected
