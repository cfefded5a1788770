"""What `acpgvc run` does before the job: choose the profile, make the sample, look for news, ask for room. Imports stay light."""

from __future__ import annotations

import hashlib
import importlib
import multiprocessing
import shutil
from collections.abc import Sequence
from pathlib import Path

from ingestion.errors import TerminalError
from ingestion.settings import Home, Profile
from orchestration.disk import GB, folder_bytes, require_free
from orchestration.identity import identity_of
from orchestration.readers import Release, latest_id, load_release
from orchestration.release import RELEASE_JSON
from orchestration.settings import silence_telemetry

ROOM_FACTOR = 3  # landing copy, lake, warehouse and release together stay below three times the input
STAMP = ".generator"
# What the job imports late, seconds each: loaded while the sample is written, which leaves a processor idle.
HEAVY = ("orchestration.build", "pandera.polars", "scipy.stats", "great_expectations.expectations")


class WrongProfile(TerminalError):
    """The options ask for a mixture of sample and real data, or for data that does not exist."""


def choose_profile(drop: Path | None, wanted: str | None) -> Profile:
    """'main' with a drop folder or when it holds data, else 'sample'; `wanted` overrides where that mixes nothing.

    Raises:
        WrongProfile: files are dropped into sample, or main is wanted and holds nothing.
    """
    if drop is not None:
        if wanted == "sample":
            raise WrongProfile("--drop brings real data and sample holds synthetic data only. Remedy: leave out --profile sample")
        if not drop.exists():
            raise WrongProfile(f"{drop}: expected a folder of downloads, found nothing there. Remedy: check the path given to --drop")
        return "main"
    has_data = any(Home.of("main").landing.glob("*/*/*.receipt.json"))
    if wanted == "main" and not has_data:
        raise WrongProfile("profile main holds no data yet. Remedy: `acpgvc run --drop FOLDER` or `acpgvc fetch SOURCE …`")
    return "main" if wanted == "main" or (wanted is None and has_data) else "sample"


def make_sample(home: Home) -> Path:
    """Folder with the generated sample. Written once; again when the generator changed, and then the sample starts afresh."""
    inbox = home.folder / "inbox"
    stamp = inbox / STAMP
    version = _generator_version()
    if stamp.is_file() and stamp.read_text() == version:
        return inbox
    for folder in (inbox, home.landing, home.lake, home.warehouse, home.folder / "input"):
        shutil.rmtree(folder, ignore_errors=True)  # synthetic and rebuilt from the code alone; releases stay
    from ingestion.sample import write_sample

    inbox.mkdir(parents=True)
    writer = multiprocessing.get_context("fork").Process(target=write_sample, args=(inbox,))
    writer.start()
    silence_telemetry()
    for module in HEAVY:
        importlib.import_module(module)
    writer.join()
    if writer.exitcode:
        raise TerminalError(f"the sample was not written (exit code {writer.exitcode}), see above. Remedy: run the same command again")
    stamp.write_text(version)  # last: a killed generator starts again
    return inbox


def _generator_version() -> str:
    import ingestion.sample

    folder = Path(ingestion.sample.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        digest.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_up_to_date(home: Home, inputs: Sequence[Path] | None) -> tuple[Release, int] | None:
    """(latest release, files looked at) when a run would change nothing: all bytes known, same contents, same code."""
    from ingestion.drop import known_state

    name = latest_id(home)
    if name is None or not (home.release / name / RELEASE_JSON).is_file():
        return None
    state = known_state(home, inputs)
    if not state.nothing_new or identity_of(home).release_id != name:
        return None
    return load_release(home, name), state.files or sum(1 for _ in home.landing.glob("*/*/*.receipt.json"))


def require_room(home: Home, inputs: Sequence[Path] | None) -> None:
    """Raises NoRoom when the disk cannot hold what a run writes: three times the input and a gigabyte."""
    paths = [home.landing] if inputs is None else inputs
    size = sum(p.stat().st_size if p.is_file() else folder_bytes(p) for p in paths)
    require_free(home.folder, ROOM_FACTOR * size + GB, f"take in {size / 1e6:.0f} MB (3 x input + 1 GB)")
