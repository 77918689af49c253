"""The main levers move the balance the right way, up and down."""

from __future__ import annotations

import pytest

from rssim.inputs.scenario import load_scenario
from rssim.study.run import run

BALANCE = "employee_pension.balance"
FUND = "employee_pension"
YEAR = 2045
SINCE = "2026-01-01"


def delays(months: float, women_workers: float) -> dict:
    """A cap on the delay of retirement by sex and track [months]."""
    return {
        "male": {"cadre": months, "worker": months},
        "female": {"cadre": months, "worker": women_workers},
    }


# Lever, a value below the law's, one above it, and the sign of the balance when it rises.
LEVERS = [
    (f"{FUND}.employer_rate", 0.14, 0.18, 1),
    (f"{FUND}.employee_rate", 0.07, 0.09, 1),
    (f"{FUND}.accrual_rate", 0.008, 0.012, -1),
    (f"{FUND}.minimum_years", 10.0, 20.0, 1),
    ("earnings.collection_rate", 0.90, 1.0, 1),
    ("retirement.delay_cap_months", delays(0, 0), delays(72, 96), 1),
]


@pytest.fixture(scope="module")
def start():
    return load_scenario("baseline", place="guangzhou", end=YEAR)


@pytest.fixture(scope="module")
def centre(start):
    return run(start).series(BALANCE)


@pytest.mark.parametrize(
    ("lever", "below", "above", "sign"), LEVERS, ids=[row[0] for row in LEVERS]
)
def test_balance_moves_the_right_way_both_ways(start, centre, lever, below, above, sign):
    low = start.change(lever, {SINCE: below}, name="below")
    high = start.change(lever, {SINCE: above}, name="above")
    found = run([low, high], bite="off")
    lower, higher = (found.series(BALANCE, name) for name in ("below", "above"))
    assert sign * (centre.loc[YEAR] - lower.loc[YEAR]) > 0
    assert sign * (higher.loc[YEAR] - centre.loc[YEAR]) > 0
    # And nothing moves before the day of the change.
    assert lower.loc[2025] == higher.loc[2025] == centre.loc[2025]


def test_a_larger_increase_of_pensions_lowers_the_balance(start):
    nominal = start.change(f"{FUND}.indexation_rule", {SINCE: "nominal"})
    rates = (0.0, 0.02, 0.05)
    runs = [
        nominal.change(f"{FUND}.increase_nominal", {SINCE: rate}).named(f"{rate:g}")
        for rate in rates
    ]
    found = run(runs, bite="off").table(BALANCE, years=YEAR)[BALANCE].to_list()
    assert found[0] > found[1] > found[2]
