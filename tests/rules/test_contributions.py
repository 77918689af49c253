import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules.contributions import (
    assessed_base,
    average_index,
    base_limit,
    contribution,
    contribution_index,
    expected_assessed_base,
    flexible_base,
    share_at_cap,
    share_at_floor,
)

FLOOR, CAP = 5510.0, 27_549.0
wages = st.floats(0.0, 1e5)


def test_limits_of_2025():
    """27,549 is three times the average wage of 2024, 9,183."""
    assert base_limit(9183, 3.0) == 27_549
    assert base_limit(9183, 0.6) == pytest.approx(5509.8)


def test_base_is_held():
    assert assessed_base(np.array([3000, 9000, 40_000]), FLOOR, CAP).tolist() == [FLOOR, 9000, CAP]


@given(wages, wages)
def test_base_rises_with_the_wage_within_its_limits(a, b):
    low, high = sorted((a, b))
    assert FLOOR <= assessed_base(low, FLOOR, CAP) <= assessed_base(high, FLOOR, CAP) <= CAP


@given(st.floats(100.0, 1e5), st.floats(0.0, 1.2))
def test_mean_base_is_held(mean, log_sd):
    base = expected_assessed_base(mean, log_sd, FLOOR, CAP)
    assert FLOOR - 1e-6 <= base <= CAP + 1e-6
    assert expected_assessed_base(mean, 0.0, FLOOR, CAP) == assessed_base(mean, FLOOR, CAP)


def test_mean_base_against_a_large_sample():
    rng = np.random.default_rng(5)
    log_sd, mean, people = 0.7, 7000.0, 400_000
    sample = mean * np.exp(log_sd * rng.standard_normal(people) - log_sd**2 / 2)
    bases = assessed_base(sample, FLOOR, CAP)
    error = 4 * bases.std() / np.sqrt(people)
    assert expected_assessed_base(mean, log_sd, FLOOR, CAP) == pytest.approx(
        bases.mean(), abs=error
    )
    share_error = 4 * 0.5 / np.sqrt(people)
    at_floor, at_cap = np.mean(sample <= FLOOR), np.mean(sample > CAP)
    assert share_at_floor(mean, log_sd, FLOOR) == pytest.approx(at_floor, abs=share_error)
    assert share_at_cap(mean, log_sd, CAP) == pytest.approx(at_cap, abs=share_error)


def test_base_of_the_mean_wage_is_not_the_mean_base():
    """A wage at the floor: half of the people earn more and pay more."""
    mean_base = expected_assessed_base(FLOOR, 0.6, FLOOR, CAP)
    assert mean_base > 1.15 * assessed_base(FLOOR, FLOOR, CAP)


def test_flexible_worker_at_the_floor():
    assert flexible_base(9183, 0.6) == pytest.approx(5509.8)
    assert contribution(5510, 0.2) == pytest.approx(1102.0)


def test_index():
    assert contribution_index(5510, 9183) == pytest.approx(0.6000, abs=5e-5)
    # Six years at 1.191 and 24 at 1.2.
    assert average_index(6 * 1.191 + 24 * 1.2, 30) == pytest.approx(1.1982)
