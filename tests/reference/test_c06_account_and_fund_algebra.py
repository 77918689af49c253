"""Accounts, the divisor, the recursion of a fund, and the actuarial balance, in closed form."""

import numpy as np
import pytest

from rssim.rules.accounts import (
    account_end_year_crediting,
    account_start_year_crediting,
    pension_of_account,
)
from rssim.rules.contributions import contribution
from rssim.study.indicators import (
    actuarial_balance,
    depletion_index,
    first_gap_year,
    fund_path,
    reserve_months,
    summarised_cost_rate,
    summarised_income_rate,
    summarised_rate,
)

EXACT = 1e-8
DIVISOR = 139


def account(crediting, wage_growth, credited_rate, years=30):
    balance = 0.0
    for year in range(years):
        credits = 12 * contribution(5000 * (1 + wage_growth) ** year, 0.08)
        balance = crediting(balance, credited_rate, credits)
    return balance


def closed_form(g, r, n=30):
    """End-of-year credits of wages growing at g under interest r: 12cw[(1+r)^n-(1+g)^n]/(r-g)."""
    return 12 * 0.08 * 5000 * ((1 + r) ** n - (1 + g) ** n) / (r - g)


def test_account_credited_at_the_end_of_the_year():
    balance = account(account_end_year_crediting, 0.05, 0.06)
    assert balance == pytest.approx(682_343.4229, rel=EXACT)
    assert balance == pytest.approx(closed_form(0.05, 0.06), rel=EXACT)
    assert pension_of_account(balance, DIVISOR) == pytest.approx(4908.945489, rel=EXACT)


def test_account_credited_at_the_start_of_the_year():
    balance = account(account_start_year_crediting, 0.05, 0.06)
    assert balance == pytest.approx(723_284.0283, rel=EXACT)


def test_account_when_both_rates_are_equal():
    balance = account(account_end_year_crediting, 0.05, 0.05)
    assert balance == pytest.approx(592_723.5257, rel=EXACT)


def test_pool_pays_when_the_account_is_empty():
    """Without interest an account lasts 139 months; a life of L years from 60 needs 12 L."""
    assert 60 + DIVISOR / 12 == pytest.approx(71.58333333, rel=EXACT)
    balance = 139_000.0
    paid = pension_of_account(balance, DIVISOR) * 12 * np.array([15, 20, 22.5, 25])
    expected = [0.2277777778, 0.4208333333, 0.4851851852, 0.5366666667]
    assert 1 - balance / paid == pytest.approx(expected, rel=EXACT)


def fund():
    years = np.arange(26)
    return 100 * 1.04**years, 110 * 1.055**years


def test_fund_recursion():
    income, cost = fund()
    path = fund_path(1000, income, cost, 0.025, 0.5)
    expected = {0: 1000, 1: 1014.875, 5: 1055.073834, 10: 1041.990363, 15: 917.3921705}
    expected |= {20: 619.2255345, 25: 59.76504295}
    assert path[list(expected)] == pytest.approx(list(expected.values()), rel=EXACT)
    assert depletion_index(path) == 25
    assert np.isnan(depletion_index(path[:26]))


def test_fund_without_flows_is_compound_interest_with_any_path_of_rates():
    rates = np.array([[0.01, 0.03, 0.05], [0.0, 0.0, 0.0]])
    path = fund_path(np.array([100.0, 50.0]), np.zeros((2, 3)), np.zeros((2, 3)), rates, 0.5)
    assert path[0, -1] == pytest.approx(100 * 1.01 * 1.03 * 1.05, rel=1e-14)
    assert path[1].tolist() == [50.0] * 4


def test_gap_and_reserve():
    income, cost = fund()
    years = np.arange(2025, 2051)
    assert first_gap_year(income, cost, years) == 2025
    # 100 * 1.04^t against 90 * 1.055^t: t = ln(100 / 90) / ln(1.055 / 1.04) = 7.36
    assert first_gap_year(income, cost * 90 / 110, years) == 2033
    assert np.isnan(first_gap_year(income, income, years))
    assert reserve_months(1000.0, 110.0) == pytest.approx(109.0909, abs=1e-4)


class TestActuarialBalance:
    """Cost rate 14.7 + 0.05 t, income rate 13.0 + 0.01 t per cent, 75 years, fund 188 % of cost."""

    years = np.arange(75)
    payroll = 1.04**years
    cost_rate = 14.7 + 0.05 * years
    income_rate = 13.0 + 0.01 * years
    initial = 1.88 * 14.7
    target = (14.7 + 0.05 * 75) * 1.04**75

    def test_summarised_rates(self):
        income = summarised_income_rate(self.income_rate, self.payroll, 0.05, 0.5, self.initial)
        cost = summarised_cost_rate(self.cost_rate, self.payroll, 0.05, 0.5, self.target)
        assert income == pytest.approx(13.85215394, rel=EXACT)
        assert cost == pytest.approx(16.49918149, rel=EXACT)

    def test_balance(self):
        balance = actuarial_balance(
            self.income_rate, self.cost_rate, self.payroll, 0.05, self.initial, self.target
        )
        assert balance == pytest.approx(-2.647027546, rel=EXACT)

    def test_constant_rate_is_its_own_summary(self):
        rates = np.linspace(0.0, 0.08, 75)
        summary = summarised_rate(np.full(75, 0.24), self.payroll, rates, 0.5)
        assert summary == pytest.approx(0.24, rel=1e-13)

    def test_balance_is_zero_when_the_path_ends_at_the_target(self):
        """What is left at the end, discounted, is the balance: checked against the recursion."""
        mid_year = 1.05**0.5
        fund = self.initial
        for year in self.years:
            gap = (self.income_rate - self.cost_rate)[year] * self.payroll[year]
            fund = fund * 1.05 + gap * mid_year
        balance = actuarial_balance(
            self.income_rate, self.cost_rate, self.payroll, 0.05, self.initial, fund
        )
        assert balance == pytest.approx(0.0, abs=1e-10)
