import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules.annuities import annuity_divisor


def test_ages_in_months(divisor_table):
    ages = np.array([60 * 12 + 1, 50 * 12 + 1, 55 * 12 + 1, 50 * 12 + 4])
    assert annuity_divisor(ages, *divisor_table, True).tolist() == [138.4, 194.6, 169.5, 193.3]


def test_half_is_rounded_up(divisor_table):
    """60 years 3 months: 139 - 7 * 3/12 = 137.25, which awards show as 137.3."""
    assert annuity_divisor(60 * 12 + 3, *divisor_table, True) == 137.3


def test_before_2025_the_last_birthday_decides(divisor_table):
    ages = np.array([50 * 12, 50 * 12 + 1, 50 * 12 + 11])
    assert annuity_divisor(ages, *divisor_table, False).tolist() == [195.0, 195.0, 195.0]


def test_ends_of_the_table_hold(divisor_table):
    ages = np.array([30 * 12, 40 * 12, 70 * 12, 70 * 12 + 7, 80 * 12])
    for by_month in (True, False):
        assert annuity_divisor(ages, *divisor_table, by_month).tolist() == [233, 233, 56, 56, 56]


def test_switch_may_be_an_array(divisor_table):
    by_month = np.array([[False], [True]])
    divisors = annuity_divisor(np.array([725, 732]), *divisor_table, by_month)
    assert divisors.tolist() == [[139.0, 132.0], [136.1, 132.0]]


@given(st.integers(480, 840))
def test_divisor_falls_with_age_and_meets_birthdays(divisor_table, age):
    now = annuity_divisor(age, *divisor_table, True)
    assert annuity_divisor(age + 1, *divisor_table, True) <= now
    exact = np.interp(age / 12, *divisor_table)
    assert now == pytest.approx(exact, abs=0.05 + 1e-9)
    if age % 12 == 0:
        assert now == annuity_divisor(age, *divisor_table, False)
