"""Measures of output and position against the test vectors of the five small tables."""

from __future__ import annotations

from typing import Any

import pytest

from indicators.icio import position, tripartite
from indicators.icio.identities import violations
from indicators.icio.measures import measure

TABLES = ("leather", "wiod2011_7x5", "exvatools_wiodtest_6x3", "gvcanalyzer_toy_4x3", "pymrio_test_6x8")


@pytest.mark.parametrize("name", TABLES)
def test_tripartite_output(vectors: Any, name: str) -> None:
    """Closed forms of section 9. Of the program only pure forward: its other output columns disagree with the World Bank's."""
    system = vectors.system(name)
    found = tripartite.output(system)
    columns = {k if k in ("output", "domestic", "traditional", "gvc") else f"gvc_{k}": v for k, v in found.items()}
    vectors.compare(system, f"{name}/expected/derived_tripartite_output.csv", columns)
    pure_forward = {"X_i": found["output"], "GVC_PF_Xi": found["pure_forward"]}
    vectors.compare(system, f"{name}/expected/gvcanalyzer_bmt2025_output_pure_forward.csv", pure_forward)


@pytest.mark.parametrize("name", TABLES)
def test_position(vectors: Any, name: str) -> None:
    system = vectors.system(name)
    up, down = position.upstreamness(system), position.downstreamness(system)
    vectors.compare(system, f"{name}/expected/gvc_upstream.csv", {"upstreamness": up})
    vectors.compare(system, f"{name}/expected/derived_position.csv", {"upstreamness": up, "downstreamness": down})


@pytest.mark.parametrize("name", TABLES)
def test_identities(vectors: Any, name: str) -> None:
    system = vectors.system(name)
    found = violations(system, measure(system))
    assert max(found.values()) < 1e-10, {identity: value for identity, value in found.items() if value >= 1e-10}
