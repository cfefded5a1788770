"""A few cells of the fault matrix. All of it: `make faults`."""

from __future__ import annotations

import pytest

from ingestion.registry import all_sources
from tests.faults import matrix
from tests.faults.catalogue import FAULTS
from tests.servers.publishers import worlds

BY_NAME = {f.name: f for f in FAULTS}


@pytest.mark.parametrize(
    ("name", "source", "outcome"),
    [
        ("says gzip, is plain", "baci", "rows"),
        ("rows lost in the middle", "rasff", "refused"),
        ("error text, count 0", "wdi", "refused"),
        ("a column renamed", "wdi", "refused"),
        ("ends early, in an orderly way", "oecd_tiva", "refused"),
        ("no rows, and that is true", "oecd_tiva", "nothing"),
        ("401", "comtrade", "refused"),
    ],
)
def test_cell(name: str, source: str, outcome: str) -> None:
    cell = matrix.cell(BY_NAME[name], source)
    assert (cell.problem, cell.outcome, cell.leaks) == ("", outcome, False)


def test_worlds_are_of_live_sources() -> None:
    assert set(worlds()) <= {name for name, spec in all_sources().items() if spec.plan}  # `make faults` names those without one
    assert all(set(f.change) <= set(worlds()) and f.expected for f in FAULTS)


def test_a_wrong_outcome_is_seen() -> None:
    """The harness itself can fail: a fault that lands nothing is no `rows`, a lost row is a difference."""
    cell = matrix.cell(matrix.Fault("x", {"wdi": BY_NAME["error text, count 0"].change["wdi"]}, {"*": "rows"}, 0), "wdi")
    assert cell.problem.startswith("refused: ")
