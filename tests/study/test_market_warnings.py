"""A market that shuts a group out is run, and said to be one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import rssim
from rssim.study.market import MarketWarning, MarketYear, faults_of


@pytest.fixture(scope="module")
def base():
    return rssim.load("baseline", place="guangzhou", end=2027)


def test_a_floor_above_most_wages_names_years_and_groups(base):
    """Four times the floor is some 10,000 yuan: above most of what the low-skilled yield."""
    high = base.change("labour_law.minimum_wage_factor", {"2026-01-01": 4.0}, name="high")
    with pytest.warns(MarketWarning, match="2026 to 2027: the minimum wage") as told:
        rssim.run(high, bite="off")
    text = "\n".join(str(item.message) for item in told)
    assert "group registered_low" in text
    assert "high: " in text
    assert "labour_law.minimum_wage_factor" in text
    assert "registered_high" not in text


def test_the_baseline_is_told_nothing(base, recwarn):
    rssim.run(base, bite="off")
    assert not [item for item in recwarn if issubclass(item.category, MarketWarning)]


def test_a_group_without_seekers_is_named():
    people = np.array([100.0, 100.0, 0.0])
    calm = MarketYear(2025, people, np.array([5.0, 5.0, 0.0]), np.array([5.0, 4.0, 0.0]))
    idle = [replace(calm, year=year, seekers=np.array([5.0, 0.0, 0.0])) for year in (2026, 2028)]
    lines = faults_of([calm, *idle], ["a", "b", "c"])
    assert len(lines) == 1
    assert lines[0].startswith("2026 to 2028: nobody of the group b searches")


def test_half_of_the_meetings_that_fail_are_told():
    people = np.array([100.0, 100.0])
    year = MarketYear(2026, people, np.array([10.0, 10.0]), np.array([5.0, 4.9]))
    lines = faults_of([year], ["a", "b"])
    assert len(lines) == 1
    assert "the group b" in lines[0]
    assert "49%" in lines[0]


def test_a_market_that_no_vacancy_pays_in_names_year_and_levers(base):
    floor = base.change("labour_law.minimum_wage_m", {"2026-01-01": 900_000.0}, name="floor")
    with pytest.raises(rssim.ParameterError) as caught:
        rssim.run(floor, bite="off")
    text = str(caught.value)
    assert text.startswith("2026: labour market")
    assert "900,000 yuan a month (labour_law.minimum_wage_m" in text
