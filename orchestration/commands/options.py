"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from ingestion.settings import PROFILES, Home, Profile

ReadProfile = Annotated[
    Profile | None, typer.Option("--profile", help="Read this profile. Default: main if it has a release, else sample.")
]
OneProfile = Annotated[Profile | None, typer.Option("--profile", help="Only this profile.")]


def homes(profile: Profile | None) -> list[Home]:
    """The home of `profile`, or of both."""
    return [Home.of(p) for p in ((profile,) if profile else PROFILES)]
