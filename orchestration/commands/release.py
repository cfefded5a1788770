"""`acpgvc release`: what was published, and whether it is still what was published."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration import console
from orchestration.commands.options import OneProfile, ReadProfile, homes

app = typer.Typer(no_args_is_help=True, help="List, show and verify published releases.")


@app.command("list")
def list_releases(profile: OneProfile = None) -> None:
    """List all releases, newest first; * marks what readers of the profile get.

    \b
    Examples:
      acpgvc release list
      acpgvc release list --profile main
    """
    from orchestration.disk import folder_bytes, human_bytes
    from orchestration.readers import latest_id, load_release
    from orchestration.release.verify import release_folders

    rows = []
    for home in homes(profile):
        for folder in release_folders(home):
            facts = load_release(home, folder.name).facts
            mark = "*" if folder.name == latest_id(home) else ""
            data = "SYNTHETIC" if facts["is_sample"] else "real"
            rejected = len(facts["problems"]["rejected_files"])
            rows.append(
                [
                    mark,
                    folder.name,
                    data,
                    facts["data_date"],
                    facts["created_at"],
                    len(facts["tables"]),
                    human_bytes(folder_bytes(folder)),
                    rejected,
                ]
            )
    if not rows:
        console.note("no release yet: make one with `acpgvc run`")
        return
    console.table(["", "release", "data", "data to", "written (UTC)", "tables", "size", "rejected files"], rows)


@app.command("show")
def show(
    release_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Default: the latest.")] = None, profile: ReadProfile = None
) -> None:
    """Show one release: identity, tables, problems.

    \b
    Examples:
      acpgvc release show
      acpgvc release show main-2024-3f2a9c1b77d0
    """
    from orchestration.readers import current_release

    release = current_release(profile, release_id)
    console.note(release.line)
    names = (
        "release_id",
        "profile",
        "data_origin",
        "data_date",
        "created_at",
        "code_revision",
        "code_version",
        "inputs_sha256",
        "schema_version",
        "goalpost_version",
    )
    for name in names:
        console.say(f"{name:<17}{console.cell(release.facts.get(name))}")
    console.say()
    console.table(["table", "rows", "sha256"], [[t["name"], t["rows"], t["sha256"][:16] + "…"] for t in release.facts["tables"]])
    for problem in release.facts["problems"]["rejected_files"]:
        console.say(f"rejected: {problem['file']} ({problem['source']}): {problem['problem']}", style="yellow")
    for blocked in release.facts["problems"]["blocked_sources"]:
        console.say(f"blocked: {blocked['source']}: {blocked['because']}", style="yellow")


@app.command("verify")
def verify(
    release_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Default: the latest.")] = None, profile: ReadProfile = None
) -> None:
    """Rehash every file of a release against its datapackage.json. Exit code 1 when a byte differs.

    \b
    Examples:
      acpgvc release verify
      acpgvc release verify main-2024-3f2a9c1b77d0
    """
    from orchestration.disk import human_bytes
    from orchestration.readers import current_release
    from orchestration.release.verify import verify_release

    release = current_release(profile, release_id)
    console.note(release.line)
    verdict = verify_release(release.path)
    if verdict.faults:
        console.fail(
            f"{release.release_id}: {len(verdict.faults)} faults\n"
            + "\n".join(verdict.faults)
            + "\nremedy: acpgvc run --force writes it anew"
        )
        raise typer.Exit(1)
    console.say(f"{release.release_id}: all {verdict.files_checked} files as published ({human_bytes(verdict.bytes_checked)} read)")
