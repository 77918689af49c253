"""Participation and the working states, by hand and in closed form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rssim.axes import FLEXIBLE, FORMAL, OUT, UNEMPLOYED
from rssim.cohorts.jobs import exogenous_intensities
from rssim.cohorts.labour import (
    labour_year,
    new_urban_employment,
    next_age,
    participation,
    scaled_odds,
)
from rssim.cohorts.year import track_shares
from tests.cohorts.cells import constants, law, number
from tests.laws.worlds import baseline

SHAPE = (1, 1, 2, 101)


def labour(start, at_end, death, attrition, year, fixed):
    """A labour year with job finding as calibrated."""
    intensities = exogenous_intensities(year, fixed)
    return labour_year(start, at_end, death, attrition, year, intensities, fixed)


def test_scaled_odds_by_hand():
    """0.5 has odds 1; three times that is 3 to 1."""
    assert scaled_odds(np.array([0.0, 0.5, 1.0]), 3.0) == pytest.approx([0.0, 0.75, 1.0])


def part(table, reached, original, response=0.7, ratio=0.5, drawing=0.0):
    """Participation of a cell whose every age has the same numbers."""
    year = law(behaviour__retirement_response=response, behaviour__work_after_pension_ratio=ratio)
    shape = (1, 1, 2, 2, 101)
    schedule = replace(
        year.schedule,
        before=np.full(shape, reached),
        within=np.zeros(shape),
        original_past=np.full(shape, original),
    )
    year = replace(year, schedule=schedule)
    people = np.full(SHAPE, 100.0)
    found = participation(
        np.full(SHAPE, table), people, drawing * people, year, track_shares(year), constants()
    )
    return [
        number(item[0, 0, 0, 50]) for item in (found.at_end, found.before_claim, found.after_claim)
    ]


def test_one_cell_by_hand():
    """The table 0.4 holds people past 60 who work half as much: w = 0.8.

    A reform lets 25 % reach their date. Of the 75 % who wait, 70 % work on like before, 30 % as if
    retired: 0.8 x (0.525 + 0.5 x 0.225) / 0.75 = 0.68.
    """
    at_end, before, after = part(table=0.4, reached=0.25, original=1.0, drawing=0.25)
    assert before == pytest.approx(0.68)
    assert after == pytest.approx(0.4)
    # A quarter draws a pension, so all others are those who wait.
    assert at_end == pytest.approx(0.68)


@pytest.mark.parametrize(("response", "overall"), [(0.0, 0.4), (0.7, 0.61), (1.0, 0.7)])
def test_response_share(response, overall):
    """Nobody responds: the table. All respond: 0.75 x 0.8 + 0.25 x 0.4."""
    _, before, after = part(0.4, 0.25, 1.0, response)
    assert 0.75 * before + 0.25 * after == pytest.approx(overall)


def test_people_past_their_date_without_a_pension_work_like_pensioners():
    """10 % draw one, 25 % have reached their date: 15 of 90 people work like the retired."""
    at_end, before, after = part(0.4, 0.25, 1.0, drawing=0.1)
    assert at_end == pytest.approx((75 * before + 15 * after) / 90)


def test_no_reform_gives_back_the_table():
    for original in (0.0, 0.3, 1.0):
        _, before, after = part(0.4, original, original)
        assert (1 - original) * before + original * after == pytest.approx(0.4)


def test_the_table_before_the_reform():
    """China 2017, before any delay: participation of all is the table, age by age.

    Where it cannot be: in the year in which the age is met (the table is smooth, the date is
    not), and past it where the table has more people at work than the ratio of the retired
    allows; there those before their date are at the bound.
    """
    opening = date(2016, 1, 1)
    inputs = baseline("china", 2020, opening)
    year = inputs.years[1]
    most = year.labour.highest_participation
    found = participation(
        inputs.participation,
        inputs.population,
        np.zeros_like(inputs.population),
        year,
        track_shares(year),
        constants(),
    )
    tracks = track_shares(year)
    reached = ((year.schedule.before + year.schedule.within) * tracks).sum(axis=-2)
    whole = (1 - reached) * found.before_claim + reached * found.after_claim
    table = next_age(inputs.participation)
    work_age = np.arange(101) >= 15
    original = (next_age(year.schedule.original_past) * tracks).sum(axis=-2)
    bound = found.after_claim[..., :] >= 0.4 * most - 1e-12
    free = work_age & (np.abs(original - reached) < 1e-12) & ~bound
    assert free.sum() > 2 * 70
    np.testing.assert_allclose(whole[free], table[free], rtol=1e-12)
    held = work_age & bound & (reached == 1.0)
    assert (whole[held] <= table[held] + 1e-12).all()
    assert (found.before_claim <= most + 1e-12).all()


def market(**changes):
    rates = {
        "labour__separation_rate": 0.1,
        "labour__formal_to_flexible_rate": 0.03,
        "labour__flexible_to_formal_rate": 0.06,
        "labour__flexible_exit_rate": 0.08,
        "labour__finding_rate": 1.0,
        "labour__flexible_entry_rate": 1.0,
    }
    return law(**(rates | changes))


def cell(states):
    start = np.zeros((1, 1, 2, 4, 101))
    start[0, 0, 0, :, 40] = states
    return start


def test_stationary_distribution():
    """Without entry, exit and death the three states tend to the null vector of the chain."""
    year, fixed = market(), constants(finding_rate=1.5, flexible_entry_rate=0.4)
    flows = np.array(
        [[-0.13, 0.03, 0.10], [0.06, -0.14, 0.08], [1.5, 0.4, -1.9]]
    )  # formal, flexible, unemployed
    equations = np.vstack([flows.T[:2], np.ones(3)])
    expected = np.linalg.solve(equations, [0.0, 0.0, 1.0])
    start, everyone = cell([0.0, 10.0, 20.0, 70.0]), np.ones(SHAPE)
    for _ in range(150):
        found = labour(start, everyone, np.zeros(SHAPE), np.zeros(1), year, fixed)
        start = found.end
    np.testing.assert_allclose(start[0, 0, 0, FORMAL:, 40], 100.0 * expected, rtol=1e-9)
    # In it, hires replace exactly what leaves formal work.
    assert found.hires.sum() == pytest.approx(0.13 * 100 * expected[0], rel=1e-9)
    assert found.separations.sum() == pytest.approx(0.10 * 100 * expected[0], rel=1e-9)
    assert found.from_flexible.sum() == pytest.approx(0.14 * 100 * expected[1], rel=1e-9)
    assert found.entries.sum() == found.exits.sum() == 0.0


@pytest.mark.parametrize("goal", [0.05, 0.6, 0.8, 0.97])
def test_a_year_ends_at_its_participation(goal):
    start = cell([30.0, 40.0, 20.0, 10.0])
    death = np.full(SHAPE, 0.02)
    found = labour(
        start, np.full(SHAPE, goal), death, np.zeros(1), market(), constants(finding_rate=1.5)
    )
    end = found.end[0, 0, 0, :, 40]
    assert end.sum() == pytest.approx(100 * np.exp(-0.02), rel=1e-12)
    assert end[FORMAL:].sum() / end.sum() == pytest.approx(goal, rel=1e-10)
    assert (found.entries.sum() > 0) == (goal > 0.7)
    assert (found.exits.sum() > 0) == (goal < 0.7)


def test_entrants_start_as_the_shares_say():
    """Nobody moves between jobs; 30 people outside, at the end 15: shares of the entries."""
    none = dict.fromkeys(
        (
            "labour__separation_rate",
            "labour__formal_to_flexible_rate",
            "labour__flexible_to_formal_rate",
            "labour__flexible_exit_rate",
        ),
        0.0,
    )
    year = market(**none, labour__entry_formal_share=0.5, labour__entry_flexible_share=0.35)
    idle = constants(finding_rate=1e-15, flexible_entry_rate=1e-15)
    found = labour(
        cell([30.0, 70.0, 0.0, 0.0]), np.full(SHAPE, 0.85), np.zeros(SHAPE), np.zeros(1), year, idle
    )
    end = found.end[0, 0, 0, :, 40]
    assert end[OUT] == pytest.approx(15.0)
    assert end[FORMAL] == pytest.approx(70 + 7.5)
    assert end[FLEXIBLE] == pytest.approx(0.35 * 15)
    assert end[UNEMPLOYED] == pytest.approx(0.15 * 15)
    # Half of the entries are starts of formal jobs.
    assert found.hires.sum() == pytest.approx(7.5)


def test_children_only_die():
    start = np.zeros((1, 1, 2, 4, 101))
    start[0, 0, 0, OUT, 5] = 100.0
    death = np.full(SHAPE, 0.01)
    found = labour(start, np.ones(SHAPE), death, np.zeros(1), market(), constants())
    assert found.end[0, 0, 0, OUT, 5] == pytest.approx(100 * np.exp(-0.01), rel=1e-14)
    assert found.person_years[0, 0, 0, OUT, 5] == pytest.approx(
        100 * (1 - np.exp(-0.01)) / 0.01, rel=1e-12
    )
    assert found.entries.sum() == 0.0


def test_new_urban_employment_is_hires_registered_less_attrition():
    hires = np.full(SHAPE, 2.0)
    share = constants(registration_share=0.35)
    found = new_urban_employment(hires, np.array([30.0]), share)
    assert number(found) == pytest.approx(0.35 * 404 - 30)


@pytest.mark.parametrize("path", [30.0, 60.0, 200.0])
def test_a_given_path_of_new_employment_is_met(path):
    """Job finding is scaled so that the indicator is the path, and unemployment answers."""
    start, everyone = cell([0.0, 600.0, 200.0, 100.0]), np.ones(SHAPE)
    fixed = constants(finding_rate=1.5, registration_share=0.9)
    attrition = np.array([20.0])
    free = labour(start, everyone, np.zeros(SHAPE), attrition, market(), fixed)
    year = market(labour__new_urban_employment_path=path)
    found = labour(start, everyone, np.zeros(SHAPE), attrition, year, fixed)
    made = number(new_urban_employment(found.hires, attrition, fixed))
    by_itself = number(new_urban_employment(free.hires, attrition, fixed))
    factor = number(found.finding_factor)
    if path == 200.0:
        # More than all unemployed could fill: the widest factor, and the path is missed.
        assert factor == pytest.approx(50.0, rel=1e-4)
        assert made < path
    else:
        assert made == pytest.approx(path, rel=1e-9)
        assert (factor > 1.0) == (path > by_itself)
        assert (found.end[..., UNEMPLOYED, :].sum() < free.end[..., UNEMPLOYED, :].sum()) == (
            path > by_itself
        )
    assert number(free.finding_factor) == 1.0


def test_next_age():
    ages = np.arange(101.0)[None, None, None]
    assert next_age(ages)[0, 0, 0].tolist() == [*range(1, 101), 100]
