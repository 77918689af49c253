import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules.retirement import (
    delay_months,
    earliest_age_months,
    latest_age_months,
    month_index,
    original_month,
    reform_progress,
    retirement_month,
    statutory_age_months,
)

START = month_index(2025, 1)
TRACKS = {"men": (60, 4, 36), "women 55": (55, 4, 36), "women 50": (50, 2, 60)}


def delay(track, year, month):
    age, step, cap = TRACKS[track]
    return delay_months(reform_progress(original_month(year, month, age), START, step), cap)


def test_month_index_counts_months():
    assert month_index(2025, 1) == 24_300
    assert month_index(2025, 1) - month_index(2024, 12) == 1


def test_first_month_of_the_reform_counts_one():
    assert reform_progress(original_month(1964, 12, 60), START, 4) == 0.0
    assert reform_progress(original_month(1965, 1, 60), START, 4) == 0.25


@pytest.mark.parametrize(
    ("track", "year", "month", "months"),
    [
        ("men", 1964, 12, 0),
        ("men", 1965, 1, 1),
        ("men", 1965, 4, 1),
        ("men", 1965, 5, 2),
        ("men", 1976, 8, 35),
        ("men", 1976, 9, 36),
        ("men", 1990, 6, 36),
        ("women 55", 1969, 12, 0),
        ("women 55", 1981, 9, 36),
        ("women 50", 1975, 2, 1),
        ("women 50", 1975, 3, 2),
        ("women 50", 1984, 10, 59),
        ("women 50", 1984, 11, 60),
    ],
)
def test_delay_by_month_of_birth(track, year, month, months):
    assert delay(track, year, month) == months


@pytest.mark.parametrize("track", TRACKS)
def test_delay_never_falls_and_never_jumps(track):
    months = np.arange(1950 * 12, 2010 * 12)
    delays = delay(track, months // 12, months % 12 + 1)
    assert set(np.diff(delays)) == {0.0, 1.0}
    assert delays.min() == 0.0
    assert delays.max() == TRACKS[track][2]


@given(st.integers(1950, 2010), st.integers(1, 12), st.integers(1, 200), st.integers(1, 12))
def test_stretches_of_one_step_sum_to_the_whole(year, month, first, step):
    original = original_month(year, month, 60)
    change = START + first
    stretches = reform_progress(original, START, step, change)
    stretches += reform_progress(original, change, step)
    assert stretches == pytest.approx(reform_progress(original, START, step), abs=1e-12)


def test_a_faster_step_from_2027_on():
    """24 months at 4 make 6 months of delay; 12 more at 2 make another 6."""
    change = month_index(2027, 1)
    original = original_month(1967, 12, 60)
    progress = reform_progress(original, START, 4, change) + reform_progress(original, change, 2)
    assert delay_months(progress, 36) == 12


def test_flexible_ages():
    # A man born 1970-01: 61 years and 4 months; 36 months earlier would be below 60.
    statutory = statutory_age_months(60, delay("men", 1970, 1))
    assert statutory == 61 * 12 + 4
    assert earliest_age_months(statutory, 60, 36) == 720
    assert latest_age_months(statutory, 36) == 64 * 12 + 4
    assert earliest_age_months(63 * 12, 60, 24) == 61 * 12


@given(st.integers(1940, 2010), st.integers(1, 12))
def test_retirement_is_birth_and_age(year, month):
    age = statutory_age_months(60, delay("men", year, month))
    assert retirement_month(year, month, age) - month_index(year, month) == age


def test_tracks_broadcast_against_birth_months():
    ages = np.array([[60], [55], [50]])
    steps = np.array([[4], [4], [2]])
    caps = np.array([[36], [36], [60]])
    progress = reform_progress(original_month(np.array([1980, 1984]), 11, ages), START, steps)
    assert delay_months(progress, caps).tolist() == [[36, 36], [33, 36], [36, 60]]
