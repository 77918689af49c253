"""Contribution years held: bands by hand, and a table of two runs."""

from __future__ import annotations

import numpy as np
import pytest

from rssim.axes import AWAY, CONTRIBUTING, DORMANT
from rssim.errors import ScenarioError
from rssim.inputs.scenario import load_scenario
from rssim.study.coverage import held_table, years_held
from tests.cohorts.cells import empty, with_members


def test_bands_by_hand():
    """4 years count below 5, 19 to the fourth band, 30 to the open one; those away do not count."""
    stocks = empty()
    for state, years, people in (
        (CONTRIBUTING, 4, 10.0),
        (DORMANT, 5, 20.0),
        (CONTRIBUTING, 14, 30.0),
        (CONTRIBUTING, 19, 40.0),
        (DORMANT, 30, 50.0),
        (AWAY, 30, 1_000.0),
    ):
        stocks = with_members(stocks, 47, state, people, years)
    stocks = with_members(stocks, 50, CONTRIBUTING, 500.0, 3)
    assert years_held(stocks, 45, 49).tolist() == [[10.0, 20.0, 30.0, 40.0, 50.0]]
    assert years_held(stocks, 50, 50).tolist() == [[500.0, 0.0, 0.0, 0.0, 0.0]]


def test_a_row_for_each_scenario_that_sums_to_all():
    names = ("baseline", "levers/flexible_coverage_down")
    plans = [load_scenario(name, place="guangzhou", end=2031) for name in names]
    header, *rows = held_table(plans, 2032, (25, 34))
    assert header == ["", "under 5", "5 to 9", "10 to 14", "15 to 19", "20 and more"]
    shares = np.array([[float(cell) for cell in row[1:]] for row in rows])
    assert shares.sum(axis=1) == pytest.approx(100.0, abs=0.3)
    assert rows[0] != rows[1]


def test_what_is_outside_is_refused():
    plan = load_scenario("baseline", place="guangdong", end=2026)
    with pytest.raises(ScenarioError, match="1 January 2040 lies outside the run, 2024 to 2027"):
        held_table([plan], 2040, (45, 49))
    with pytest.raises(ScenarioError, match="members are 15 to 74"):
        held_table([plan], 2026, (10, 20))
