"""Gross replacement rates of the OECD for China, Pensions at a Glance 2019 and 2021.

Assumptions of the OECD: entry at 22, earnings a constant multiple of the average wage, real wages
growing 1.25 %, a real return of 3 % on the account, credits at the start of the year, 90 % of the
balance converted. The published figures for women follow only from the divisor of age 60.
"""

import numpy as np
import pytest

from rssim.rules.accounts import (
    account_end_year_crediting,
    account_start_year_crediting,
    pension_of_account,
)
from rssim.rules.contributions import assessed_base, contribution
from rssim.rules.employee_pension import basic_pension
from rssim.study.indicators import gross_replacement_rate

WAGE_GROWTH, RETURN, CONVERSION = 0.0125, 0.03, 0.9
ENTRY, CAP, MULTIPLES = 22, 3.0, np.array([0.5, 1.0, 2.0])


def percent(retirement_age, divisor, crediting=account_start_year_crediting, wage_month=0):
    """Basic part, account part and total in per cent of earnings in the year of retirement.

    wage_month tells from which month of the year the wage is taken that a credit is paid on.
    """
    years = retirement_age - ENTRY
    balance = np.zeros(3)
    for year in range(years):
        wage_m = (1 + WAGE_GROWTH) ** (year + wage_month / 12)
        base_m = assessed_base(MULTIPLES * wage_m, 0.0, CAP * wage_m)
        balance = crediting(balance, RETURN, 12 * contribution(base_m, 0.08))
    average_m = (1 + WAGE_GROWTH) ** years
    basic = basic_pension(average_m, MULTIPLES, years, 0.01, 0.0)
    account = pension_of_account(CONVERSION * balance, divisor)
    earnings_m = MULTIPLES * average_m
    return tuple(
        100 * gross_replacement_rate(part, earnings_m) for part in (basic, account, basic + account)
    )


@pytest.mark.parametrize(
    ("age", "divisor", "basic", "account", "total"),
    [
        (60, 139, (57.0, 38.0, 28.5), 33.58, (90.58, 71.58, 62.08)),
        (55, 139, (49.5, 33.0, 24.75), 27.82, (77.32, 60.82, 52.57)),
        (55, 170, (49.5, 33.0, 24.75), 22.74, (72.24, 55.74, 47.49)),
    ],
    ids=["men", "women as published", "women with the legal divisor"],
)
def test_recomputed(age, divisor, basic, account, total):
    ours = percent(age, divisor)
    assert ours[0] == pytest.approx(basic, abs=0.02)
    assert ours[1] == pytest.approx([account] * 3, abs=0.02)
    assert ours[2] == pytest.approx(total, abs=0.02)


def test_published():
    assert percent(60, 139)[2] == pytest.approx([90.6, 71.6, 62.1], abs=0.2)
    assert percent(55, 139)[2][1] == pytest.approx(60.8, abs=0.2)


def test_crediting_at_the_end_of_the_year_misses_the_published_rate():
    """Credits of the last day on the wage of that day: 71.0 for the average man, not 71.6."""
    total = percent(60, 139, account_end_year_crediting, wage_month=12)[2]
    assert total[1] == pytest.approx(71.0, abs=0.05)
