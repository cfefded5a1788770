"""References that a collector shortened are made whole, so that a notice is counted once."""

import pytest

from ingestion.rasff_text import reference_of


@pytest.mark.parametrize(
    ("sent", "whole"),
    [("2024.965", "2024.9650"), ("2024.9", "2024.9000"), ("2026.2638", "2026.2638"), (" 2024.01 ", "2024.0100"), (None, None), ("x", "x")],
)
def test_trailing_zeros_come_back(sent, whole):
    assert reference_of(sent) == whole
