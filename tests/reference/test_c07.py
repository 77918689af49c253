"""Other benefit formulas: a share of final earnings, and points. Seven periods, retired from 4.

Earnings are valued at the period of payment: earnings_s exp(-growth (u - s)).
"""

import numpy as np
import pytest

from rssim.rules.supplementary import final_salary_pension, pension_points, points_pension

WAGES = np.array([1.2, 1.1, 1.21, 1.0, 1.01, 0.99, 0.8])
PRODUCTIVITY = np.array([1.1, 1.11, 0.9, 0.87, 0.87, 0.7, 0.6])
LABOUR = np.array([0.4, 0.45, 0.4, 0.42, 0.3, 0.2, 0.2])
GROWTH = 0.03
PERIODS = np.arange(7)
RETIREMENT = 4
RETIRED = PERIODS >= RETIREMENT
TOLERANCE = 1e-7


def earnings_at(first):
    """Earnings of the periods from `first` to retirement, valued at each period: (7, periods)."""
    earned = np.arange(first, RETIREMENT)
    value = np.exp(-GROWTH * (PERIODS[:, None] - earned))
    return (WAGES * PRODUCTIVITY * LABOUR)[earned] * value


def test_defined_benefit():
    """The mean of the last three periods, four periods of service at 0.2 each."""
    mean = earnings_at(RETIREMENT - 3).mean(axis=-1)
    pension = np.where(RETIRED, final_salary_pension(mean, 4, 0.2), 0.0)
    expected = [0, 0, 0, 0, 0.337864778, 0.327879365, 0.318189065]
    assert pension == pytest.approx(expected, rel=TOLERANCE, abs=1e-12)


def test_points():
    """Points at a price of 2 x 1 000, a value of 0.4 a month, twelve months."""
    points = pension_points(earnings_at(0), 2 * 1000).sum(axis=-1)
    pension = np.where(RETIRED, 12 * points_pension(points, 0.4), 0.0)
    expected = [0, 0, 0, 0, 0.004164689, 0.004041603, 0.003922156]
    # The published benefit has seven digits, hence twice the tolerance.
    assert pension == pytest.approx(expected, rel=2 * TOLERANCE, abs=1e-12)
