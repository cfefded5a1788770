"""The exact Poisson interval against values that can be checked by hand, its definition, and its properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rejections import poisson_interval

counts = st.integers(min_value=0, max_value=5000)
levels = st.floats(min_value=0.5, max_value=0.99)


def test_no_rejection_gives_minus_log_of_the_tail() -> None:
    """P(0 | m) = exp(-m) = 0.05 at m = -ln 0.05 = 2.99573; the low end is 0."""
    low, high = poisson_interval(np.array([0]))
    assert low[0] == 0.0
    assert high[0] == pytest.approx(-math.log(0.05), abs=1e-12)


def test_one_rejection_by_hand() -> None:
    """Low: 1 - exp(-m) = 0.05, m = -ln 0.95 = 0.051293. High: exp(-m)(1 + m) = 0.05, m = 4.743865."""
    low, high = poisson_interval(np.array([1]))
    assert low[0] == pytest.approx(-math.log(0.95), abs=1e-12)
    assert math.exp(-high[0]) * (1 + high[0]) == pytest.approx(0.05, abs=1e-12)
    assert high[0] == pytest.approx(4.743865, abs=1e-6)


@pytest.mark.parametrize(
    ("n", "level", "low", "high"),
    [(2, 0.95, 0.2422, 7.2247), (5, 0.90, 1.9701, 10.5130), (10, 0.90, 5.4254, 16.9622)],
)
def test_printed_tables(n: int, level: float, low: float, high: float) -> None:
    """Limits of the mean of a Poisson count as statistical tables print them, four decimals."""
    found = poisson_interval(np.array([n]), level=level)
    assert found[0][0] == pytest.approx(low, abs=1e-4)
    assert found[1][0] == pytest.approx(high, abs=1e-4)


@given(n=counts, level=levels)
def test_ends_have_the_tail_probabilities(n: int, level: float) -> None:
    """By definition P(X >= n | low) = P(X <= n | high) = alpha / 2."""
    from scipy.stats import poisson

    low, high = poisson_interval(np.array([n]), level=level)
    tail = (1 - level) / 2
    assert low[0] <= n <= high[0]
    assert poisson.cdf(n, high[0]) == pytest.approx(tail, rel=1e-6)
    if n > 0:
        assert poisson.sf(n - 1, low[0]) == pytest.approx(tail, rel=1e-6)


@given(n=st.integers(min_value=0, max_value=4999))
def test_more_rejections_move_both_ends_up(n: int) -> None:
    low, high = poisson_interval(np.array([n, n + 1]))
    assert low[0] < low[1]
    assert high[0] < high[1]


@given(n=counts, level=st.floats(min_value=0.5, max_value=0.9))
def test_a_higher_level_is_wider(n: int, level: float) -> None:
    narrow, wide = poisson_interval(np.array([n]), level), poisson_interval(np.array([n]), level + 0.05)
    assert wide[0][0] <= narrow[0][0]
    assert wide[1][0] > narrow[1][0]


def test_shape_and_type_are_kept() -> None:
    low, high = poisson_interval(np.arange(6).reshape(2, 3))
    assert low.shape == high.shape == (2, 3)
    assert low.dtype == high.dtype == np.float64


@pytest.mark.parametrize("bad", [[-1], [0.5], [math.nan]])
def test_counts_that_are_none_are_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="whole numbers of rejections"):
        poisson_interval(np.array(bad))


@pytest.mark.parametrize("level", [0.0, 1.0, 90.0])
def test_levels_outside_zero_and_one_are_refused(level: float) -> None:
    with pytest.raises(ValueError, match="coverage between 0 and 1"):
        poisson_interval(np.array([1]), level=level)
