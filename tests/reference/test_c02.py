"""National accounts of the employee and the residents' pension, 2015 to 2023.

Balances follow from flows but for other income and transfers, most of all in 2018 and 2020.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from rssim.study.indicators import fund_path, mean_benefit, reserve_months, support_ratio

DATA = Path(__file__).parent / "data"
YEARS = list(range(2015, 2024))


def read(name):
    with open(DATA / name, encoding="utf-8") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}


@pytest.fixture(scope="module")
def employees():
    return read("c02_employee_pension.csv")


@pytest.fixture(scope="module")
def residents():
    return read("c02_residents_pension.csv")


def gaps(accounts):
    """Published balance less the one that the flows give, year by year; interest is revenue."""
    balance = accounts["year_end_balance_100m"]
    income, cost = accounts["revenue_100m"][1:, None], accounts["expenditure_100m"][1:, None]
    return balance[1:] - fund_path(balance[:-1], income, cost, 0.0, 0.0)[:, 1]


def test_years_are_complete(employees, residents):
    assert employees["year"].tolist() == residents["year"].tolist() == YEARS


@pytest.mark.parametrize(("scheme", "limit"), [("employees", 0.015), ("residents", 0.010)])
def test_balances_follow_from_flows(scheme, limit, request):
    accounts = request.getfixturevalue(scheme)
    share = np.abs(gaps(accounts)) / accounts["year_end_balance_100m"][1:]
    assert share.max() <= limit


def test_years_that_need_other_income(employees):
    by_year = dict(zip(YEARS[1:], gaps(employees).tolist(), strict=True))
    assert [by_year[year] for year in (2018, 2020, 2021)] == [493, 619, 283]


def test_path_from_2015_to_2023_with_the_flows_alone(employees):
    """Eight years of unexplained items together stay below 3 % of the last balance."""
    balance = employees["year_end_balance_100m"]
    income, cost = employees["revenue_100m"][1:], employees["expenditure_100m"][1:]
    path = fund_path(balance[0], income, cost, 0.0, 0.0)
    assert path[-1] == pytest.approx(balance[-1], rel=0.03)
    assert path[-1] != pytest.approx(balance[-1], rel=0.001)


def at(values, *years):
    return [values[YEARS.index(year)] for year in years]


def test_ratios(employees):
    support = support_ratio(employees["workers_10k"], employees["retirees_10k"])
    assert at(support, 2015, 2019, 2023) == pytest.approx([2.868, 2.533, 2.672], abs=5e-4)
    benefit = 1e4 * mean_benefit(employees["expenditure_100m"], employees["retirees_10k"])
    assert at(benefit, 2015, 2019, 2023) == pytest.approx([28_236, 39_990, 44_912], abs=0.5)
    months = reserve_months(employees["year_end_balance_100m"], employees["expenditure_100m"])
    assert at(months, 2015, 2019, 2023) == pytest.approx([16.4, 13.3, 12.0], abs=0.05)


def test_dip_of_2020(employees):
    """Employers paid no contributions for part of the year: revenue -16 %, balance -11.5 %."""
    revenue, balance = employees["revenue_100m"], employees["year_end_balance_100m"]
    before, after = at(revenue, 2019, 2020)
    assert after / before - 1 == pytest.approx(-0.16, abs=0.005)
    before, after = at(balance, 2019, 2020)
    assert after / before - 1 == pytest.approx(-0.115, abs=0.0005)
