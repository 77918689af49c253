"""Four award notices of Guangdong: low-index factor, transitional part and its phase-in.

The notices print the index with four decimals and the years with two to four; the law counts
months, so that 27.92 years are read as 335 months. They list the adjustment apart from the
transitional part; the rule holds both.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from rssim.rules.employee_pension import (
    account_pension,
    basic_pension,
    new_method_amount,
    old_amount_with_allowance,
    old_method_amount,
    transitional_adjustment,
    transitional_pension,
    whole_years,
)

DATA = Path(__file__).parent / "data" / "b05_guangdong_awards.csv"
FLAT, YEAR_ALLOWANCE, COEFFICIENT, OLD_DIVISOR = 100, 4, 0.012, 120


@pytest.fixture(scope="module")
def notices():
    with open(DATA, encoding="utf-8") as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert len(rows) == 4
    return rows


def column(rows, name):
    return np.array([float(row[name] or 0) for row in rows])


def contribution_years(rows):
    return np.round(12 * column(rows, "contribution_years")) / 12


def in_shenzhen(rows):
    return np.array([row["region"] == "Shenzhen" for row in rows])


def basic(rows):
    return basic_pension(
        column(rows, "base_yuan"),
        column(rows, "average_index"),
        contribution_years(rows),
        0.01,
        np.where(in_shenzhen(rows), 0.0, 0.6),
    )


def old_amount(rows):
    """Shenzhen pays a share of an old indexed wage, the rest of Guangdong a deemed account."""
    elsewhere = old_method_amount(column(rows, "deemed_account_amount"), OLD_DIVISOR)
    shenzhen = column(rows, "old_indexed_wage") * column(rows, "old_entitlement_ratio")
    return np.where(in_shenzhen(rows), shenzhen, elsewhere)


def amounts(rows):
    weighted = column(rows, "new_method_weighted_years")
    new = new_method_amount(column(rows, "base_yuan"), weighted, COEFFICIENT)
    return new, old_amount(rows), whole_years(contribution_years(rows))


def test_basic_part(notices):
    assert basic(notices) == pytest.approx(column(notices, "basic_pension"), abs=0.25)


def test_account_part(notices):
    ours = account_pension(column(notices, "account_balance"), column(notices, "divisor"))
    assert ours == pytest.approx(column(notices, "account_pension"), abs=0.02)


def test_transitional_part_and_adjustment(notices):
    new, old, years = amounts(notices)
    guaranteed = old_amount_with_allowance(old, years, YEAR_ALLOWANCE)
    adjustment = transitional_adjustment(new, guaranteed, column(notices, "phase_in_rate"))
    assert FLAT + guaranteed == pytest.approx(column(notices, "transitional_pension"), abs=0.05)
    assert adjustment == pytest.approx(column(notices, "adjustment_amount"), abs=0.05)


def test_total(notices):
    new, old, years = amounts(notices)
    phase = column(notices, "phase_in_rate")
    ours = (
        basic(notices)
        + account_pension(column(notices, "account_balance"), column(notices, "divisor"))
        + transitional_pension(new, old, years, FLAT, YEAR_ALLOWANCE, phase)
        + column(notices, "adjustment_fund")
        + column(notices, "local_supplement")
    )
    assert ours == pytest.approx(column(notices, "total"), abs=0.1)
