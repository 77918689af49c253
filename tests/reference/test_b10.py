"""Unemployment benefit: months by the schedule of Guangdong, national ceiling, amount."""

import numpy as np

from rssim.rules.elementwise import half_up
from rssim.rules.unemployment import benefit, benefit_months, longest_benefit_months

GUANGDONG = {
    "minimum_months": 12,
    "first_period": 48,
    "first_step": 12,
    "later_step": 6,
    "cap": 24,
}
YEARS = np.array([0.9, 1, 2.7, 4, 4.4, 4.5, 5, 7.25, 10])
PAID = 12 * YEARS


def test_months_in_guangdong():
    assert benefit_months(PAID, **GUANGDONG).tolist() == [0, 1, 2, 4, 4, 5, 6, 10, 16]


def test_months_never_exceed_the_national_ceiling():
    ceiling = longest_benefit_months(PAID, (12, 60, 120), (12, 18, 24))
    assert ceiling.tolist() == [0, 12, 12, 12, 12, 12, 18, 18, 24]
    assert (benefit_months(PAID, **GUANGDONG) <= ceiling).all()


def test_monthly_amounts_in_guangzhou():
    minimum_wages = np.array([2100, 2300, 2500])
    assert half_up(benefit(minimum_wages, 0.9), 2).tolist() == [1890, 2070, 2250]
