"""Fifty award notices of 27 provinces: what offices paid, part by part.

The rows use the national text of the basic part (no low-index factor). Offices take years to two,
four or six decimals and round to the fen or the jiao; hence 0.6 yuan on the basic part.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from rssim.rules.annuities import annuity_divisor
from rssim.rules.employee_pension import account_pension, basic_pension, new_method_amount

DATA = Path(__file__).parent / "data"
# This office divided by 139, the divisor of 60 years, for a man of 60 years and 1 month.
WHOLE_AGE_IN_2025 = {"N08"}
FIRST_YEAR_BY_MONTH = 2025


def read(name):
    with open(DATA / name, encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture(scope="module")
def notices():
    rows = read("b04_award_notices.csv")
    assert len(rows) == 50
    return rows


def column(rows, name):
    return np.array([float(row[name]) for row in rows])


def test_basic_part(notices):
    ours = basic_pension(
        column(notices, "base_yuan"),
        column(notices, "average_index"),
        column(notices, "contribution_years"),
        0.01,
        0.0,
    )
    assert ours == pytest.approx(column(notices, "basic_pension"), abs=0.6)


def test_account_part(notices):
    ours = account_pension(column(notices, "account_balance"), column(notices, "divisor"))
    assert ours == pytest.approx(column(notices, "account_pension"), abs=0.06)


def transition_index(row):
    index = float(row["average_index"])
    if row["transition_form"] == "base*tindex":
        return float(row["transition_index"])
    return {
        "base*index": index,
        "base*(1+index)/2": (1 + index) / 2,
        "base*max(index,1)": max(index, 1.0),
    }[row["transition_form"]]


def test_arithmetic_of_the_transitional_part(notices):
    rows = [row for row in notices if row["transition_form"] != "none"]
    assert len(rows) == 40
    weighted = column(rows, "transition_years") * [transition_index(row) for row in rows]
    ours = new_method_amount(
        column(rows, "base_yuan"), weighted, column(rows, "transition_coefficient")
    )
    paid = column(rows, "transitional_pension")
    assert (np.abs(ours - paid) <= np.maximum(0.12, 3e-4 * paid)).all()
    without = [row for row in notices if row["transition_form"] == "none"]
    assert (column(without, "transitional_pension") == 0).all()


def test_parts_sum_to_the_total(notices):
    parts = ("basic_pension", "account_pension", "transitional_pension", "other_components")
    total = sum(column(notices, part) for part in parts)
    assert total == pytest.approx(column(notices, "total"), abs=0.06)


def test_divisor_follows_from_the_age(notices):
    rows = [row for row in notices if row["award_age_months"]]
    table = read("b03_annuity_divisors.csv")
    by_month = np.array([int(row["retire_month"][:4]) >= FIRST_YEAR_BY_MONTH for row in rows])
    by_month &= np.array([row["award"] not in WHOLE_AGE_IN_2025 for row in rows])
    divisors = annuity_divisor(
        column(rows, "award_age_months"),
        column(table, "age_years"),
        column(table, "divisor_months"),
        by_month,
    )
    assert len(rows) == 45
    assert divisors.tolist() == column(rows, "divisor").tolist()
