"""Employed persons of Guangzhou 2010-2019: the published series, and the back-cast against it.

Source: Guangzhou Statistical Yearbook 2022, table 3-3. The case allows 4 % after four years; it
also has the share of services (2.5 points), which a model without sectors cannot give.
"""

from __future__ import annotations

import pytest

from rssim.inputs.place import Place, load_place
from rssim.study import labour_backcast as study
from rssim.study.labour_published import persons, published, trend

LEVELS = {2015: 9_279_100, 2017: 10_371_700, 2019: 11_258_900}
GROWTH = {(2010, 2015): 4.83074479, (2015, 2019): 4.953645149}
ALLOWED = 0.04
WIDER = 0.08
"""Bound on the gap where the case is not met: the page must print it, and it may not grow."""


@pytest.fixture(scope="module")
def place() -> Place:
    return load_place("guangzhou")


@pytest.fixture(scope="module")
def tables() -> study.Backcast:
    return study.backcast()


def test_the_published_series(place):
    found = persons(published(place, "employed"))
    assert {year: found[year] for year in LEVELS} == LEVELS
    for (first, last), percent in GROWTH.items():
        yearly = (found[last] / found[first]) ** (1 / (last - first)) - 1
        assert 100 * yearly == pytest.approx(percent, rel=1e-8)


def test_a_pure_trend_is_half_a_per_cent_low(place):
    guess = trend(place, 2010, 2015, 2019)
    assert guess == pytest.approx(11.21e6, abs=0.005e6)
    assert guess / LEVELS[2019] - 1 == pytest.approx(-0.005, abs=5e-4)


def test_four_years_from_2010_meet_the_case(tables, place):
    found = study.case_table(place, tables.employment).set_index("run")
    assert found["year"].at["from 2010"] == 2014
    assert abs(found["gap"].at["from 2010"]) <= ALLOWED
    assert bool(found["met"].at["from 2010"])


def test_four_years_from_2015_do_not_meet_the_case(tables, place):
    """Not met: the table says so, with the trend that does better."""
    found = study.case_table(place, tables.employment).set_index("run")
    assert found["year"].at["from 2015"] == 2019
    gap = found["gap"].at["from 2015"]
    assert not found["met"].at["from 2015"]
    assert -WIDER < gap < -ALLOWED
    assert abs(found["trend_gap"].at["from 2015"]) < abs(gap)


@pytest.mark.parametrize("run", ["from 2010", "from 2015", "first census only"])
def test_gaps_of_every_official_year_are_printed_and_bounded(tables, run):
    part = tables.employment[tables.employment["run"] == run]
    official = part[part["evidence"] == "official"]
    first = 2015 if run == "from 2015" else 2010
    assert list(official["year"]) == list(range(first, 2020))
    assert official["gap"].notna().all()
    assert official["gap"].abs().max() < WIDER


def test_the_revision_of_residents_is_worth_more_than_the_gap(tables):
    """With the total of 2019 as first published, 3.0 million lower, the gap trebles."""
    frame = tables.employment.set_index(["run", "year"])["gap"]
    assert frame.at[("first published residents", 2019)] < 2 * frame.at[("from 2010", 2019)]


def test_the_yearbook_leaves_the_census(tables):
    """As many as the census counted in 2010, a tenth more in 2020 (yearbook figure recalled)."""
    parts = tables.parts.set_index("year")
    assert abs(parts["concept"].at[2010]) < 0.03
    assert parts["concept"].at[2020] < -0.10
    assert abs(parts["ages"].at[2020]) < 0.01
