"""Counts of border rejections: the interval of a count that is small and exact.

What belongs here: arithmetic of rejection counts and rates, pure functions over arrays. Notices, months covered and chains are read in SQL.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def poisson_interval(n: NDArray[np.integer] | NDArray[np.floating], level: float = 0.90) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Exact two-sided interval of the mean of a Poisson count (Garwood 1936, Biometrika 28, 437-442).

    With alpha = 1 - level: low = chi2(alpha/2; 2n)/2 and high = chi2(1 - alpha/2; 2n + 2)/2, chi2(p; k) the p quantile of the
    chi-squared distribution with k degrees of freedom. For n = 0 the low end is 0 (the quantile does not exist there).

    n: counts, any shape, whole and not negative. level: coverage, 0 < level < 1; 0.90 gives the 5 % and 95 % ends.
    Returns (low, high), float64 of the shape of n, in counts; low <= n <= high.
    Raises ValueError when a count is negative, fractional or not finite, or the level is outside (0, 1).
    """
    from scipy.stats import chi2  # costs about two seconds to import: only when intervals are computed

    counts = np.asarray(n, dtype=np.float64)
    if not np.all(np.isfinite(counts)) or np.any(counts < 0) or np.any(counts != np.floor(counts)):
        raise ValueError("n: expected whole numbers of rejections, 0 or more; found a negative, fractional or missing count")
    if not 0.0 < level < 1.0:
        raise ValueError(f"level: expected a coverage between 0 and 1, found {level}; for 90 % write 0.90")
    tail = (1.0 - level) / 2.0
    has_low = counts > 0
    # degrees of freedom 0 give nan: compute there with 2 and put the 0 afterwards
    low = np.where(has_low, chi2.ppf(tail, 2.0 * np.where(has_low, counts, 1.0)) / 2.0, 0.0)
    high = chi2.ppf(1.0 - tail, 2.0 * counts + 2.0) / 2.0
    return low.astype(np.float64), np.asarray(high, dtype=np.float64)
