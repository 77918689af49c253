import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules.accounts import (
    account_after_full_year,
    account_at_award,
    account_end_year_crediting,
    account_start_year_crediting,
    pension_of_account,
)

amounts = st.floats(0.0, 1e7)
rates = st.floats(0.0, 0.12)


@given(st.floats(0.0, 1e4), rates)
def test_mid_year_factor_is_interest_month_by_month(credit, rate):
    """Twelve credits, January's for 12 months, December's for one: simple interest within a year.

    1/12 of 12 + 11 + ... + 1 = 78 months is 13/24 of a year.
    """
    by_month = sum(credit * (1 + rate * months / 12) for months in range(1, 13))
    ours = account_after_full_year(0.0, rate, 12 * credit, 13 / 12)
    assert ours == pytest.approx(by_month, rel=1e-12)


def test_full_year_by_hand():
    # 1,000 at 4 % and 120 credited: 1,040 + 120 * (1 + 0.04 * 0.5415) = 1,162.5992
    assert account_after_full_year(1000, 0.04, 120, 1.083) == pytest.approx(1162.5992)


def test_award_by_hand():
    # 1,000 at 4 % for 3 of 12 months, and 30 credited.
    assert account_at_award(1000, 0.04, 3, 30) == pytest.approx(1040.0)


@given(amounts, rates, amounts)
def test_crediting_conventions_enclose_the_law(balance, rate, credits):
    end = account_end_year_crediting(balance, rate, credits)
    law = account_after_full_year(balance, rate, credits, 1.083)
    start = account_start_year_crediting(balance, rate, credits)
    slack = 1e-9 * (1 + balance + credits)
    assert end - slack <= law <= start + slack


@given(amounts, amounts, rates, amounts, st.floats(0, 12))
def test_accounts_add_up(first, second, rate, credits, months):
    """Two people's balances together grow as one: totals may be moved instead of persons."""
    together = account_at_award(first + second, rate, months, 2 * credits)
    apart = account_at_award(first, rate, months, credits)
    apart += account_at_award(second, rate, months, credits)
    assert together == pytest.approx(apart, rel=1e-12)


def test_pension_of_account():
    assert pension_of_account(np.array([139_000.0]), 139).tolist() == [1000.0]
