import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssim.rules.schedules import of_band, of_grade


def test_a_limit_belongs_to_the_band_above_it():
    values = np.array([0.0, 17.9, 18.0, 23.9, 24.0, 100.0])
    assert of_band(values, (18, 24), (0.0, 0.2, 0.5)).tolist() == [0, 0, 0.2, 0.2, 0.5, 0.5]


def test_a_divided_value_that_misses_its_limit_by_a_rounding_error():
    missed = 0.1 * 3 * 10 - 1e-15 * 4
    assert missed < 3.0
    assert of_band(missed, (3,), (1.0, 2.0)) == 2.0


def test_limits_and_levels_may_differ_by_cell():
    limits = (np.array([[1.0], [5.0]]),)
    levels = (0.0, np.array([[10.0], [20.0]]))
    assert of_band(np.array([2.0, 6.0]), limits, levels).tolist() == [[10, 10], [0, 20]]


def test_one_level_holds_everywhere():
    assert of_band(np.array([1.0, 2.0]), (), (7.0,)).tolist() == [7, 7]


def test_infinite_and_unknown_values():
    levels = of_band(np.array([np.inf, -np.inf, np.nan]), (18, 24), (0.0, 0.2, 0.5))
    assert levels[:2].tolist() == [0.5, 0.0]
    assert np.isnan(levels[2])
    assert np.isnan(of_grade(np.array([np.nan]), (1.0, 2.0))).all()


def test_number_of_levels_must_fit():
    with pytest.raises(ValueError):
        of_band(1.0, (1, 2), (0.0, 1.0))


def test_grades_outside_the_table_have_nothing():
    assert of_grade(np.array([0, 1, 2, 3, -1]), (27.0, 25.0)).tolist() == [0, 27, 25, 0, 0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_rising_levels_never_fall(values):
    levels = of_band(np.sort(values), (-100.0, 0.0, 1000.0), (1.0, 2.0, 3.0, 4.0))
    assert (np.diff(levels) >= 0).all()
