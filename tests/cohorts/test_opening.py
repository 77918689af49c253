"""Rights that a known history leaves: a closed form for constant coverage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rssim.axes import CONTRIBUTING, DORMANT
from rssim.cohorts.opening import (
    QUIET_YEARS,
    History,
    grown_rights,
    opening_macro,
    opening_shares,
    opening_stocks,
    read_history,
    scaled_pensioners,
    younger,
)
from rssim.cohorts.state import (
    BALANCE,
    INDEX_YEARS,
    PENSION,
    PENSIONERS,
    PEOPLE,
    YEARS,
    YEARS_BINS,
    over_bins,
)
from rssim.errors import CalibrationError, ScenarioError
from rssim.inputs.place import load_place
from rssim.inputs.scenario import load_scenario
from tests.cohorts.cells import CADRE, MALE, WORKER, number, one
from tests.laws.worlds import PLACES, baseline, calibrated, residents_agree


def test_people_at_the_age_that_they_had():
    ages = np.arange(101.0)
    assert younger(ages, 10)[:3].tolist() == [10.0, 11.0, 12.0]
    assert younger(ages, 10)[90:].tolist() == [100.0] + [0.0] * 10
    assert younger(ages, 0) is ages
    assert younger(ages, 200).sum() == 0.0


def flat_history(years, contributors=1.0, wage=1_000.0, credit=0.08, interest=0.0):
    columns = {
        "contributors": contributors,
        "reference_wage_m": wage,
        "account_credit_rate": credit,
        "account_interest_rate": interest,
        "increase_ceiling": 0.0,
        "calculation_base_m": wage,
        "pay_up_share": 0.0,
    }
    return History(
        tuple(range(2024 - years, 2024)),
        {name: np.full(years, value) for name, value in columns.items()},
    )


class TestConstantHistory:
    """As many people of every age, 100 of each; from 20 on 60 % of them contribute, for ever.

    Nobody stops, so those who contribute at an age have done so since 20, and the bins of years
    are one full bin for each age until the last, open one.
    """

    years = 25

    def grown(self, **changes):
        inputs = baseline("guangdong", 2026)
        first = inputs.years[0]
        quiet = replace(first.behaviour, exit_rate=one(0.0), return_rate=one(0.0))
        inputs = replace(
            inputs,
            population=np.full((1, 1, 2, 101), 100.0),
            years=(replace(first, behaviour=quiet), *inputs.years[1:]),
        )
        rate = np.where(np.arange(101) >= 20, 0.6, 0.0)
        waiting = ((1 - first.schedule.before) * _tracks(first)).sum(axis=-2)
        rate = np.broadcast_to(rate, inputs.population.shape)
        level = one((rate * inputs.population * waiting).sum())
        index = np.full(inputs.population.shape, 0.75)
        return grown_rights(inputs, flat_history(self.years, **changes), rate, index, level)

    def test_years_are_those_since_twenty(self):
        """Men: those of 30 on the opening day contributed at 20 to 29, ten years."""
        stocks = self.grown()
        people = stocks.rights[PEOPLE, CONTRIBUTING, :, 0, 0, MALE].sum(axis=-2)
        for age in (21, 25, 30, 35, 39):
            share = people[:, age - 15] / people[:, age - 15].sum()
            assert share[age - 20] == pytest.approx(1.0), age
            assert people[:, age - 15].sum() == pytest.approx(60.0)
        # All older ones have the longest recorded career: 25 years and the quiet ones before.
        mean = over_bins(stocks.rights[YEARS]) / np.maximum(over_bins(stocks.rights[PEOPLE]), 1e-9)
        for age, expected in ((30, 10), (45, 25), (58, 38)):
            found = mean[CONTRIBUTING, 0, 0, MALE, WORKER, age - 15]
            assert found == pytest.approx(expected), age
            assert mean[CONTRIBUTING, 0, 0, MALE, CADRE, age - 15] == pytest.approx(expected)
        assert self.years + QUIET_YEARS == 40

    def test_index_and_balance(self):
        """Ten years at 0.75 of a wage of 1,000, 8 % for 12 months: 7,200 a head."""
        stocks = self.grown()
        cell = (CONTRIBUTING, slice(None), 0, 0, MALE, WORKER, 30 - 15)
        heads = stocks.rights[(PEOPLE, *cell)].sum()
        assert stocks.rights[(INDEX_YEARS, *cell)].sum() / heads == pytest.approx(7.5)
        assert stocks.rights[(BALANCE, *cell)].sum() / heads == pytest.approx(
            10 * 0.08 * 0.75 * 1_000 * 12
        )

    def test_balance_with_interest_is_a_geometric_sum(self):
        """Half a year's interest on each year's credits, then whole years."""
        stocks = self.grown(interest=0.03)
        cell = (CONTRIBUTING, slice(None), 0, 0, MALE, WORKER, 30 - 15)
        heads = stocks.rights[(PEOPLE, *cell)].sum()
        credit = 720.0 * (1 + 0.03 * 1.083 / 2)
        assert stocks.rights[(BALANCE, *cell)].sum() / heads == pytest.approx(
            credit * (1.03**10 - 1) / 0.03
        )

    def test_nobody_rests_and_the_old_draw_a_pension(self):
        stocks = self.grown()
        waiting = stocks.rights[PEOPLE, DORMANT, :, 0, 0, MALE, :, : 59 - 15]
        assert waiting.sum() == pytest.approx(0.0, abs=1e-9)
        # Men of 62 to 70 had 60 at contributing; they left the fund for a pension.
        drawing = stocks.pensioners[PENSIONERS, 0, 0, MALE].sum(axis=-2)
        assert drawing[62:70] == pytest.approx(60.0)
        assert drawing[:59].sum() == 0.0


def _tracks(first):
    from rssim.cohorts.year import track_shares

    return track_shares(first)


def test_history_is_cut_at_the_opening_and_has_no_gaps():
    for name in PLACES:
        place = load_place(name)
        for opening in place.openings:
            found = read_history(place, opening)
            assert found.years == tuple(range(found.years[0], opening.year))
            assert (found.columns["contributors"] > 0).all()
            assert (found.columns["reference_wage_m"] > 0).all()
    assert read_history(load_place("china"), date(2016, 1, 1)).years[-1] == 2015


def test_opening_macro_is_that_of_the_two_years_before():
    macro = opening_macro(baseline("guangdong", 2026))
    assert number(macro.wage_1_m) == 9167.0
    assert number(macro.wage_2_m) == 8807.0
    assert number(macro.calculation_base_1_m) == 9028.0
    assert number(macro.price_index_1) == 1.0


def test_a_minimum_beyond_the_bins_is_refused():
    """Members are held in whole years up to 20; a longer minimum would find nobody eligible."""
    stocks = calibrated("guangdong").opening.pension
    assert stocks.rights.shape[2] == YEARS_BINS == 21
    base = load_scenario("baseline", place="guangdong", end=2030)
    assert base.change("employee_pension.minimum_years", {"2028-01-01": 20.0}).changes
    with pytest.raises(ScenarioError, match="25 is outside the allowed 1 to 20 years"):
        base.change("employee_pension.minimum_years", {"2028-01-01": 25.0})


@pytest.mark.parametrize("place", PLACES)
def test_pensioners_are_scaled_by_odds_and_pensions_alike(place):
    inputs, found = baseline(place, 2026), calibrated(place)
    stocks = found.opening.pension
    neutral = replace(found.constants, pensioner_scale=one(1.0), pension_scale=one(1.0))
    same = scaled_pensioners(stocks, inputs, neutral)
    np.testing.assert_allclose(
        same.pensioners[PENSIONERS], stocks.pensioners[PENSIONERS], rtol=1e-9, atol=1e-6
    )
    higher = scaled_pensioners(stocks, inputs, replace(neutral, pension_scale=one(1.1)))
    assert higher.pensioners[PENSION].sum() == pytest.approx(
        1.1 * stocks.pensioners[PENSION].sum(), rel=1e-9
    )
    more = scaled_pensioners(stocks, inputs, replace(neutral, pensioner_scale=one(3.0)))
    reached = inputs.population[..., None, :] * _tracks(inputs.years[0])
    reached = reached * inputs.years[0].schedule.before
    assert (more.pensioners[PENSIONERS] <= reached * (1 + 1e-12)).all()
    assert more.pensioners[PENSIONERS].sum() > stocks.pensioners[PENSIONERS].sum()


@pytest.mark.parametrize("place", PLACES)
def test_opening_day(place):
    inputs, opening = baseline(place, 2026), calibrated(place).opening
    np.testing.assert_allclose(opening.population, inputs.population, rtol=1e-12)
    assert opening.people.min() >= 0.0
    for quantity in opening.pension.rights:
        # What is left of a cell that all have left may be rounding.
        assert quantity.min() >= -1e-12 * quantity.sum()
    residents_agree(opening)


def test_states_of_a_cohort_are_those_of_a_life_under_the_rates():
    """Shares sum to one at every age; children and the youngest are out."""
    inputs, found = baseline("guangdong", 2026), calibrated("guangdong")
    drawing = found.opening.pension.pensioners[PENSIONERS].sum(axis=-2)
    shares, after = opening_shares(inputs, drawing, found.constants)
    np.testing.assert_allclose(shares.sum(axis=-2), 1.0, rtol=1e-12)
    assert (shares[..., 0, :16] == 1.0).all()
    assert (0.0 <= after).all()
    assert (after < 1.0).all()


def test_more_members_than_people_is_named():
    inputs, found = baseline("guangdong", 2026), calibrated("guangdong")
    grown = found.opening.pension
    doubled = replace(grown, rights=3.0 * grown.rights)
    with pytest.raises(CalibrationError, match=r"at age \d+ members and pensioners exceed"):
        opening_stocks(inputs, doubled, found.constants, one(1e12))
