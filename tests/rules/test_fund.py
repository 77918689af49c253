import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules.fund import (
    fiscal_subsidy,
    national_remittance,
    required_subsidy,
    reserve_months,
)


def test_reserve_of_guangdong_and_of_the_nation_in_2024():
    """Published: 2,025.9 of 431.3 billion are 56 months; 7,072.7 of 6,765.6 are 12.5."""
    months = reserve_months(np.array([2025.9, 7072.7]), np.array([431.3, 6765.6]))
    assert months == pytest.approx([56, 12.5], abs=0.5)
    assert months == pytest.approx([2025.9 / 431.3 * 12, 7072.7 / 6765.6 * 12], rel=1e-12)


def test_only_a_surplus_is_remitted():
    assert national_remittance(np.array([-100.0, 0.0, 100.0]), 0.3).tolist() == [0.0, 0.0, 30.0]


@given(st.floats(-1e12, 1e12))
def test_required_subsidy_brings_the_balance_to_zero_and_no_higher(balance):
    subsidy = required_subsidy(balance)
    assert subsidy >= 0.0
    assert balance + subsidy == max(balance, 0.0)


def test_fiscal_subsidy():
    assert fiscal_subsidy(500.0, 0.15) == 75.0
