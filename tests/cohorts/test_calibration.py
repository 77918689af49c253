"""Calibration forwards and backwards: moments are met, and known constants come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rssim.cohorts import calibration as module
from rssim.cohorts.calibration import calibrate, measure
from rssim.cohorts.engine import survival_of
from rssim.cohorts.moments import moment
from rssim.cohorts.year import year
from rssim.errors import CalibrationError
from rssim.study.measures import published_balance
from tests.laws.worlds import arrays, baseline, calibrated, draw_axis, owner_of

OPENINGS = [
    ("china", date(2016, 1, 1)),
    ("china", date(2024, 1, 1)),
    ("guangdong", date(2024, 1, 1)),
    ("guangzhou", date(2024, 1, 1)),
]
ids = [f"{place} {opening.year}" for place, opening in OPENINGS]
openings = pytest.mark.parametrize(("place", "opening"), OPENINGS, ids=ids)


def inputs_of(place, opening, **values):
    """The baseline's inputs with other observed moments."""
    inputs = baseline(place, opening.year + 1, opening)
    table = inputs.place.calibration
    lines = dict(table[opening])
    for name, value in values.items():
        lines[name] = lines.get(name, {}) | {"value": value}
    return replace(inputs, place=replace(inputs.place, calibration=table | {opening: lines}))


@openings
def test_every_moment_is_met(place, opening):
    found = calibrated(place, opening)
    assert len(found.lines) >= 8
    for line in found.lines:
        assert line.model == pytest.approx(line.observed, rel=1e-8), line.moment


@openings
def test_constants_are_admissible(place, opening):
    constants = calibrated(place, opening).constants
    values = {
        name: float(item.squeeze())
        for name, item in vars(constants).items()
        if isinstance(item, np.ndarray)
    }
    assert 0.0 < values["coverage"] <= 1.0
    assert 0.0 < values["registration_share"] <= 1.0
    assert 0.2 < values["declared_share"] < 1.5
    assert 0.5 < values["pensioner_scale"] < 2.0
    assert 0.5 < values["pension_scale"] < 2.0
    assert 0.1 < values["finding_rate"] < 12.0


def as_calibrated(inputs):
    """The first year with the intensities that the calibration finds, not those of the market."""
    first = inputs.years[0]
    return replace(first, jobs=replace(first.jobs, closure="exogenous"))


@openings
def test_the_market_for_jobs_settles_on_the_observed_first_year(place, opening):
    """With and without the market the first year has the same jobs, wages and contributions."""
    inputs, found = inputs_of(place, opening), calibrated(place, opening)
    survival = survival_of(inputs)[0]
    market, _ = year(found.opening, inputs.years[0], survival, inputs, found.constants)
    given, _ = year(found.opening, as_calibrated(inputs), survival, inputs, found.constants)
    assert market.jobs is not None
    assert given.jobs is None
    for name in ("hires", "separations", "to_flexible", "end"):
        np.testing.assert_allclose(
            getattr(market.labour, name).sum(), getattr(given.labour, name).sum(), rtol=1e-8
        )
    np.testing.assert_allclose(market.earnings.wage_m, given.earnings.wage_m, rtol=1e-8)
    np.testing.assert_allclose(
        market.ledger.pension.revenue, given.ledger.pension.revenue, rtol=1e-8
    )


def revenue_before(place, opening, moments, ratio):
    """The revenue of the year before the opening that implies a mean base ratio (affine)."""

    def implied(revenue):
        given = inputs_of(place, opening, **(moments | {"revenue": revenue}))
        return float(module._mean_base_ratio(given).squeeze())

    low, high = implied(1e12), implied(2e12)
    return 1e12 * (1.0 + (float(ratio.squeeze()) - low) / (high - low))


@openings
def test_backwards(place, opening):
    """Known constants; their moments; and the calibration of these moments gives them back."""
    start = calibrated(place, opening)
    inputs = inputs_of(place, opening)
    shift = {
        "participation_odds": 1.04,
        "finding_rate": 0.95,
        "flexible_entry_rate": 1.06,
        "coverage": 0.97,
        "pensioner_scale": 0.98,
        "pension_scale": 1.03,
        "declared_share": 1.05,
    }
    shifted = {name: getattr(start.constants, name) * factor for name, factor in shift.items()}
    known = replace(start.constants, **shifted)
    wanted = {}
    # The history depends on moments too (insured workers, mean base), so it is grown twice.
    for _ in range(40):
        given = inputs_of(place, opening, **wanted)
        grown = module._history(
            given, module._solve_participation(given, np.zeros_like(given.population), known)
        )
        balance = published_balance(start.opening)[:, None, None, None]
        opened = module.opening_stocks(given, grown, known, balance)
        flows, after = year(opened, as_calibrated(given), survival_of(given)[0], given, known)
        measured = measure(given, known, opened, flows, after)
        fresh = {
            name: float(value.squeeze())
            for name, value in measured.items()
            if moment(inputs, name) is not None
        }
        if fresh.get("revenue") and moment(inputs, "revenue")["at"] == "year_before_opening":
            fresh["revenue"] = revenue_before(place, opening, fresh, measured["mean_base_ratio"])
        settled = bool(wanted) and all(
            abs(fresh[name] / wanted[name] - 1.0) < 1e-13 for name in fresh
        )
        wanted = fresh
        if settled:
            break
    again = calibrate(inputs_of(place, opening, **wanted))
    for name in shift:
        expected = float(getattr(known, name).squeeze())
        found = float(getattr(again.constants, name).squeeze())
        assert found == pytest.approx(expected, rel=1e-6), name
    assert float(published_balance(again.opening)[0]) == pytest.approx(
        float(published_balance(start.opening)[0]), rel=1e-6
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("retirees", 80e6),
        ("contributors", 120e6),
        ("employed", 130e6),
        ("unemployment_rate", 1.5),
        ("flexible_share", 0.0),
        ("revenue", 1e11),
    ],
)
def test_moments_that_cannot_be_met_are_named(name, value):
    opening = date(2024, 1, 1)
    with pytest.raises(CalibrationError, match=name):
        calibrate(inputs_of("guangdong", opening, **{name: value}))


@pytest.mark.parametrize("name", module.REQUIRED)
def test_a_missing_moment_is_named(name):
    opening = date(2024, 1, 1)
    inputs = inputs_of("guangdong", opening)
    table = {key: value for key, value in inputs.place.calibration[opening].items() if key != name}
    place = replace(inputs.place, calibration={opening: table})
    with pytest.raises(CalibrationError, match=f"the moment {name} is missing"):
        calibrate(replace(inputs, place=place))


def test_the_same_inputs_give_the_same_constants_to_the_bit():
    opening = date(2024, 1, 1)
    first, second = (calibrate(inputs_of("guangdong", opening)).constants for _ in range(2))
    other = arrays(second)
    for path, value in arrays(first).items():
        np.testing.assert_array_equal(value, other[path], err_msg=path)


@pytest.mark.parametrize("place", ["guangdong", "guangzhou"])
def test_draws_are_calibrated_one_by_one(place):
    """Three populations at once give what each of them gives alone."""
    inputs = baseline(place, 2025)
    rng = np.random.default_rng(5)
    populations = [inputs.population * rng.uniform(0.99, 1.01) for _ in range(3)]
    together = arrays(calibrate(replace(inputs, population=np.concatenate(populations))).opening)
    for draw, population in enumerate(populations):
        alone = calibrate(replace(inputs, population=population)).opening
        for path, value in arrays(alone).items():
            axis = draw_axis(*owner_of(path))
            many = together[path]
            found = np.take(many, [draw], axis) if many.shape[axis] == 3 else many
            # Sums over cells may differ in the last digit: the order depends on the layout.
            np.testing.assert_allclose(found, value, rtol=1e-12, atol=1e-6, err_msg=path)
