"""The annexed table of the 2024 decision, month of birth by month of birth. Exact."""

import csv
from pathlib import Path

import numpy as np
import pytest

from rssim.rules.retirement import (
    delay_months,
    month_index,
    original_month,
    reform_progress,
    retirement_month,
    statutory_age_months,
)

DATA = Path(__file__).parent / "data" / "b01_retirement_age.csv"
# Track: step in months of birth and longest delay.
LAW = {"men": (4, 36), "women_original_55": (4, 36), "women_original_50": (2, 60)}
START = month_index(2025, 1)


def rows():
    with open(DATA, encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def age_and_month(birth_year, birth_month, original_age, step, cap):
    progress = reform_progress(original_month(birth_year, birth_month, original_age), START, step)
    age = statutory_age_months(original_age, delay_months(progress, cap))
    return age, retirement_month(birth_year, birth_month, age)


def test_table_is_whole():
    categories = [row["category"] for row in rows()]
    assert {name: categories.count(name) for name in LAW} == {
        "men": 144,
        "women_original_55": 6,
        "women_original_50": 7,
    }


@pytest.mark.parametrize("category", LAW)
def test_age_and_month_of_retirement(category):
    table = [row for row in rows() if row["category"] == category]
    born = np.array([[int(part) for part in row["birth_month"].split("-")] for row in table])
    retired = np.array(
        [[int(part) for part in row["new_retirement_month"].split("-")] for row in table]
    )
    original_age = np.array([int(row["original_age"]) for row in table])
    age, month = age_and_month(born[:, 0], born[:, 1], original_age, *LAW[category])
    expected = [12 * int(row["new_age_years"]) + int(row["new_age_months"]) for row in table]
    assert age.tolist() == expected
    assert (age - 12 * original_age).tolist() == [int(row["delay_months"]) for row in table]
    assert month.tolist() == month_index(retired[:, 0], retired[:, 1]).tolist()


@pytest.mark.parametrize(
    ("born", "age", "month"), [((1964, 12), 720, (2024, 12)), ((1990, 6), 756, (2053, 6))]
)
def test_men_outside_the_table(born, age, month):
    assert age_and_month(*born, 60, *LAW["men"]) == (age, month_index(*month))
