"""A man born 1990-06 with 48 months paid, all growth and interest zero, seen from 2026-10."""

import pytest

from rssim.rules.accounts import account_at_award
from rssim.rules.annuities import annuity_divisor
from rssim.rules.contributions import contribution, contribution_index
from rssim.rules.employee_pension import account_pension, basic_pension, eligible, minimum_months
from rssim.rules.retirement import (
    delay_months,
    month_index,
    original_month,
    reform_progress,
    retirement_month,
    statutory_age_months,
)
from rssim.study.indicators import gross_replacement_rate

BORN = (1990, 6)
PAID_MONTHS, BALANCE, WAGE, AVERAGE = 48, 50_000, 20_000, 12_116
# Age at which work stops: months still paid, all months, whether a pension is due.
STOPS = {63: (320, 368, True), 40: (44, 92, False), 50: (164, 212, False), 55: (224, 272, True)}


def future_months(stop_age):
    """Months from October 2026 up to the birthday, which is no longer paid."""
    return retirement_month(*BORN, 12 * stop_age) - month_index(2026, 10)


def account(stop_age):
    credits = future_months(stop_age) * contribution(WAGE, 0.08)
    return account_at_award(BALANCE, 0.0, 12, credits)


def basic(stop_age):
    years = (PAID_MONTHS + future_months(stop_age)) / 12
    return basic_pension(AVERAGE, contribution_index(WAGE, AVERAGE), years, 0.01, 0.0)


def divisor():
    return annuity_divisor(756, [62, 63, 64], [125, 117, 109], True)


def test_start():
    progress = reform_progress(original_month(*BORN, 60), month_index(2025, 1), 4)
    age = statutory_age_months(60, delay_months(progress, 36))
    assert age == 756
    assert retirement_month(*BORN, age) == month_index(2053, 6)


@pytest.mark.parametrize("stop_age", STOPS)
def test_months_and_eligibility(stop_age):
    future, total, is_due = STOPS[stop_age]
    required = minimum_months(2053, 2029, 180, 6, 240)
    assert required == 240
    assert future_months(stop_age) == future
    assert PAID_MONTHS + future_months(stop_age) == total
    assert eligible(total, required) == is_due


@pytest.mark.parametrize(
    ("stop_age", "balance", "account_part", "basic_part"),
    [(63, 562_000.0, 4803.42, 4924.45), (40, 120_400.0, 1029.06, 1231.11)],
)
def test_parts(stop_age, balance, account_part, basic_part):
    assert account(stop_age) == pytest.approx(balance, abs=0.01)
    assert account_pension(account(stop_age), divisor()) == pytest.approx(account_part, abs=0.01)
    assert basic(stop_age) == pytest.approx(basic_part, abs=0.01)


def test_total_and_replacement():
    total = basic(63) + account_pension(account(63), divisor())
    assert total == pytest.approx(9727.87, abs=0.01)
    assert 100 * gross_replacement_rate(total, WAGE) == pytest.approx(48.64, abs=0.01)
