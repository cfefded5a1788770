"""What Dagster loads: `dagster definitions validate -m orchestration.definitions`, `acpgvc up`. The profile is ACPGVC_PROFILE."""

import dagster as dg

from orchestration.build import build_defs


@dg.definitions
def defs() -> dg.Definitions:
    """All definitions of the current home."""
    return build_defs()
