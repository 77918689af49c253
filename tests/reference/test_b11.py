"""Work injury: lump sums and allowances by grade, national law and Guangdong."""

from datetime import date

import numpy as np
import pytest

from rssim.inputs.place import load_place
from rssim.rules.elementwise import half_up
from rssim.rules.work_injury import (
    benefit_wage,
    disability_allowance,
    disability_lump_sum,
    lump_sums_at_end_of_contract,
)

GRADES = np.arange(1, 11)
MONTHS = (27, 25, 23, 21, 18, 16, 13, 11, 9, 7)
SHARES = (0.90, 0.85, 0.80, 0.75, 0.70, 0.60)
MEDICAL = (0, 0, 0, 0, 10, 8, 6, 4, 2, 1)
EMPLOYMENT = (0, 0, 0, 0, 50, 40, 25, 15, 8, 4)


@pytest.fixture
def wage():
    """8 000, which lies within 60 and 300 % of the average wage of the pooling area."""
    return benefit_wage(8000, 9000, 0.6, 3)


def test_lump_sums(wage):
    sums = disability_lump_sum(wage, GRADES, MONTHS)
    expected = [216_000, 200_000, 184_000, 168_000, 144_000, 128_000, 104_000, 88_000]
    assert sums.tolist() == [*expected, 72_000, 56_000]


def test_monthly_allowances(wage):
    """90, 85, 80, 75, 70 and 60 % of 8 000; nothing from grade 7 on."""
    allowances = half_up(disability_allowance(wage, GRADES, SHARES, 2300), 2)
    assert allowances.tolist() == [7200, 6800, 6400, 6000, 5600, 4800, 0, 0, 0, 0]


def test_end_of_contract_in_guangdong(wage):
    fund, employer = lump_sums_at_end_of_contract(wage, GRADES, MEDICAL, EMPLOYMENT)
    assert (fund / 8000).tolist() == list(MEDICAL)
    assert (employer / 8000).tolist() == list(EMPLOYMENT)
    total = disability_lump_sum(wage, GRADES, MONTHS) + fund + employer
    assert total[8:].tolist() == [152_000, 96_000]


def test_the_law_files_of_guangdong_say_the_same():
    """Months by grade as retrieved; grades 5 and 6 of the lump sums at the end are recalled."""
    day = date(2026, 1, 1)
    place = load_place("guangdong")

    def table(name):
        return list(place.entry(f"work_injury.{name}").dated.on(day).values())

    assert table("lump_sum_months") == [27, 25, 23, 21, 18, 16, 13, 11, 9, 7]
    assert table("allowance_shares") == [0.9, 0.85, 0.8, 0.75, 0.7, 0.6]
    assert table("medical_months") == [0, 0, 0, 0, 10, 8, 6, 4, 2, 1]
    assert table("employment_months") == [0, 0, 0, 0, 50, 40, 25, 15, 8, 4]
