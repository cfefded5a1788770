"""What dbt knows of its project, read once for each state of the code and not once for each home.

Reading two hundred models takes ten seconds, and dbt's own partial parsing does not survive another home: its paths stand in the profile.
`<project>/target/read/<code>/` keeps the last one, with the path of the lake of that time, which only sources hold.
"""

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from orchestration.years import code_fingerprint

MANIFEST, OBJECT, LAKE = "manifest.json", "partial_parse.msgpack", "lake.txt"


def dirs_of(project: Path, target: Path) -> tuple[str, ...]:
    """Where things are, for every dbt call; and that nothing is said."""
    quiet = ("--log-level", "none", "--log-level-file", "none", "--no-use-colors")
    return ("--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(target), *quiet)


@cache
def parsed(project: Path, target: Path) -> Any:
    """dbt's own manifest object, read once a process and shared by all calls; `manifest.json` is written into `target` on the way.

    Raises:
        dg.Failure: dbt cannot read the project.
    """
    lake, kept = os.environ.get("ACPGVC_LAKE", ""), project / "target" / "read" / code_fingerprint(project)
    if lake and kept.is_dir():
        return _load(kept, target, lake)
    result = dbtRunner().invoke(["parse", *dirs_of(project, target)])
    if not result.success:
        raise dg.Failure(f"dbt cannot read the project: {result.exception}", allow_retries=False)
    if lake:
        _keep(target, kept, lake)
    return result.result


def _load(kept: Path, target: Path, lake: str) -> Any:
    """The kept manifest with this home's lake in it."""
    then = (kept / LAKE).read_text(encoding="utf-8")
    manifest: Any = Manifest.from_msgpack((kept / OBJECT).read_bytes())
    for source in manifest.sources.values():
        for meta in (source.meta, source.source_meta, source.config.meta):
            meta.update({k: v.replace(then, lake) for k, v in meta.items() if isinstance(v, str)})
    manifest.build_flat_graph()  # `graph` in the models' Jinja; dbt does it after it read a project
    target.mkdir(parents=True, exist_ok=True)
    (target / MANIFEST).write_text((kept / MANIFEST).read_text(encoding="utf-8").replace(then, lake), encoding="utf-8")
    return manifest


def _keep(target: Path, kept: Path, lake: str) -> None:
    """Keep what was read, in place of what was read from other code. The folder appears as a whole or not at all."""
    try:
        shutil.rmtree(kept.parent, ignore_errors=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent.parent) as temp:
            whole = Path(temp) / kept.name
            whole.mkdir()
            for name in (MANIFEST, OBJECT):
                shutil.copyfile(target / name, whole / name)
            (whole / LAKE).write_text(lake, encoding="utf-8")
            whole.rename(kept)
    except OSError:
        return  # an installation that nobody may write to, or another process was first: the next home reads the project again
