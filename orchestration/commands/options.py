"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class ProfileName(StrEnum):
    """The two homes of data; they never mix."""

    sample = "sample"
    main = "main"


ReadProfile = Annotated[
    ProfileName | None,
    typer.Option("--profile", metavar="sample|main", help="Read this profile. Default: main when it has a release, else sample."),
]
OneProfile = Annotated[ProfileName | None, typer.Option("--profile", metavar="sample|main", help="Only this profile.")]
