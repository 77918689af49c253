"""The residents' pension at 60: basic amount, account over 139, supplement."""

import numpy as np
import pytest

from rssim.rules.accounts import pension_of_account
from rssim.rules.residents_pension import residents_pension

DIVISOR = 139


def test_account_part():
    assert pension_of_account(60_000, DIVISOR) == pytest.approx(431.6546763, abs=1e-6)


def test_total_with_and_without_a_supplement():
    basic = np.array([961, 961, 123])
    supplement = np.array([0, 100, 0])
    balance = np.array([60_000, 60_000, 13_900])
    total = residents_pension(basic, supplement, balance, DIVISOR)
    assert total == pytest.approx([1392.654676, 1492.654676, 223.0], abs=1e-6)
