import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rssim.rules.indexation import (
    increase_parameters,
    increased,
    indexation_rate_mixed,
    yearly_increase,
)

SPLIT = (0.40, 0.35, 0.20, 0.05)
SHAPE = (2, 3, 4)
# Nobody, or at least a thousandth of a person: cells hold expected numbers.
counts = arrays(np.float64, SHAPE, elements=st.just(0.0) | st.floats(1e-3, 1e5))


@given(counts, counts, counts, counts, st.floats(0.0, 0.1))
def test_increments_spend_exactly_the_rate(amount, people, years, tilt, rate):
    """Draw by draw, whatever the cells hold: nobody old, nobody at all, no years."""
    increments = yearly_increase(amount, people, years, tilt, rate, *SPLIT, axes=(1, 2))
    spent = increments.sum(axis=(1, 2))
    assert spent == pytest.approx(rate * amount.sum(axis=(1, 2)), rel=1e-9, abs=1e-6)


@given(counts, st.floats(0.0, 0.1))
def test_purely_proportional_increase_is_the_rate(amount, rate):
    ones = np.ones(SHAPE)
    increments = yearly_increase(amount, ones, ones, ones, rate, 0, 0, 1, 0, axes=(1, 2))
    assert increments == pytest.approx(rate * amount, rel=1e-9, abs=1e-9)


def test_by_hand():
    """Two pensioners, 2,000 and 6,000 yuan, 20 and 40 years, the second above 70; rate 5 %.

    400 yuan to spend: 160 flat = 80 each; 140 over 60 years = 2.3333 a year; 80 over 8,000 yuan
    = 1 %; 20 for the one above 70.
    """
    parameters = increase_parameters(8000, 2, 60, 1, 0.05, *SPLIT)
    assert parameters.flat == pytest.approx(80)
    assert parameters.per_year == pytest.approx(140 / 60)
    assert parameters.proportional == pytest.approx(0.01)
    assert parameters.tilt == pytest.approx(20)
    amounts, years = np.array([2000, 6000]), np.array([20, 40])
    raised = increased(amounts, 1, years, np.array([0, 1]), parameters)
    assert raised == pytest.approx([2000 + 80 + 140 / 3 + 20, 6000 + 80 + 280 / 3 + 60 + 20])


def test_low_pensions_rise_faster():
    amounts = np.array([2000.0, 4000.0, 6000.0])
    ones = np.ones(3)
    increments = yearly_increase(amounts, ones, 30 * ones, 0 * ones, 0.02, *SPLIT, axes=(0,))
    growth = increments / amounts
    assert growth[0] > growth[1] > growth[2] > 0


def test_a_cell_is_the_sum_of_its_people():
    parameters = increase_parameters(8000, 2, 60, 1, 0.05, *SPLIT)
    apart = increased(np.array([2000, 6000]), 1, np.array([20, 40]), np.array([0, 1]), parameters)
    together = increased(8000, 2, 60, 1, parameters)
    assert together == pytest.approx(apart.sum(), rel=1e-12)
    assert together == pytest.approx(8000 * 1.05, rel=1e-12)


def test_mixed_rate():
    assert indexation_rate_mixed(0.05, 0.02, np.array([0.0, 0.5, 1.0])) == pytest.approx(
        [0.02, 0.035, 0.05]
    )
