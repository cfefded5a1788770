"""Options that several commands share."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Optional

import typer


class ProfileName(str, Enum):
    """The two homes of data; they never mix."""

    sample = "sample"
    main = "main"


ReadProfile = Annotated[
    Optional[ProfileName], typer.Option("--profile", metavar="sample|main", help="Read this profile. Default: main when it has a release, else sample.")
]
