"""Reservation wages of McCall (A04), published and by value iteration."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import betabinom

from rssim.study.labour import JobSearch

sys.path.insert(0, str(Path(__file__).parent))

from labour_cases import case

A04 = case("a04_mccall")
WAGES = np.linspace(10, 60, 51)
CHANCES = betabinom.pmf(np.arange(51), 50, 200, 100)
SEARCH = JobSearch(WAGES, CHANCES)


def test_mean_offer():
    assert WAGES @ CHANCES == pytest.approx(A04["expected"]["offer_mean"], abs=1e-8)


@pytest.mark.parametrize("row", A04["expected"]["results"])
def test_reservation_wage(row):
    ours = SEARCH.reservation_wage(row["benefit"], row["beta"])
    assert ours == pytest.approx(row["reservation_wage"], abs=A04["tolerance"]["absolute"])
    taken = SEARCH.acceptance_probability(row["benefit"], row["beta"])
    assert taken == pytest.approx(row["acceptance_probability"], abs=1e-9)


@pytest.mark.parametrize("row", A04["inputs"]["pairs"])
def test_value_iteration(row):
    """The seeker's Bellman equation, iterated until nothing moves."""
    benefit, beta = row["benefit"], row["beta"]
    value = WAGES / (1 - beta)
    for _ in range(20_000):
        later = np.maximum(WAGES / (1 - beta), benefit + beta * (CHANCES @ value))
        if np.max(np.abs(later - value)) < 1e-12:
            break
        value = later
    waits = (1 - beta) * (benefit + beta * (CHANCES @ value))
    assert SEARCH.reservation_wage(benefit, beta) == pytest.approx(waits, abs=1e-9)


def test_benefit_and_patience_raise_the_wage():
    by_benefit = [SEARCH.reservation_wage(benefit, 0.95) for benefit in (0, 20, 40, 60)]
    by_patience = [SEARCH.reservation_wage(25, beta) for beta in (0.0, 0.5, 0.9, 0.99)]
    assert np.all(np.diff(by_benefit) > 0)
    assert np.all(np.diff(by_patience) > 0)
    assert by_patience[0] == 25  # who does not look ahead takes what beats the benefit
    assert by_benefit[-1] == 60  # and nothing beats a benefit at the best offer
