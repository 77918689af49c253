"""Unemployment benefit: months by the schedule of Guangdong, national ceiling, amount."""

from datetime import date

import numpy as np
import pytest

from rssim.inputs.place import load_place
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


def in_force(place, lever, day):
    return load_place(place).entry(lever).dated.on(day)


@pytest.mark.parametrize("place", ["guangdong", "guangzhou"])
def test_the_law_files_give_the_same_months(place):
    schedule = [
        in_force(place, f"unemployment_insurance.{name}", date(2026, 1, 1))
        for name in ("minimum_months", "first_period", "first_step", "later_step", "cap_months")
    ]
    assert benefit_months(PAID, *schedule).tolist() == [0, 1, 2, 4, 4, 5, 6, 10, 16]


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2018, 7, 1), 1890),
        (date(2021, 12, 1), 2070),
        (date(2025, 3, 1), 2250),
        (date(2026, 9, 1), 2412),
    ],
)
def test_the_law_files_of_guangzhou_give_the_published_amounts(day, amount):
    wage = in_force("guangzhou", "labour_law.minimum_wage_m", day)
    share = in_force("guangzhou", "unemployment_insurance.benefit_share", day)
    assert half_up(benefit(wage, share), 2) == amount
