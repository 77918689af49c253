"""Legal divisors at whole ages, and the awards at ages in months that were published."""

import csv
from pathlib import Path

import numpy as np
import pytest

from rssim.rules.annuities import annuity_divisor

DATA = Path(__file__).parent / "data" / "b03_annuity_divisors.csv"
# Whole ages that a second source confirms (OECD country profiles and published calculators).
CONFIRMED = {45: 216, 50: 195, 55: 170, 56: 164, 57: 158, 58: 152, 59: 145, 60: 139}
CONFIRMED |= {61: 132, 62: 125, 63: 117, 64: 109, 65: 101, 70: 56}
# Sources differ at 47 (207 or 208).
DISPUTED = 47


@pytest.fixture(scope="module")
def table():
    with open(DATA, encoding="utf-8") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    ages = np.array([float(row["age_years"]) for row in rows])
    return ages, np.array([float(row["divisor_months"]) for row in rows])


@pytest.mark.parametrize("by_month", [True, False])
def test_whole_ages(table, by_month):
    ages, months = table
    assert ages.tolist() == list(range(40, 71))
    tested = ages != DISPUTED
    divisors = annuity_divisor(ages * 12, ages, months, by_month)
    assert divisors[tested].tolist() == months[tested].tolist()
    for age, divisor in CONFIRMED.items():
        assert annuity_divisor(age * 12, ages, months, by_month) == divisor


@pytest.mark.parametrize(("age", "divisor"), [((60, 1), 138.4), ((50, 1), 194.6), ((55, 1), 169.5)])
def test_ages_in_months(table, age, divisor):
    years, months = age
    assert annuity_divisor(12 * years + months, *table, True) == divisor
