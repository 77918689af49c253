"""Wages and assessed bases of cells, by hand and by numerical integration."""

from __future__ import annotations

import numpy as np
import pytest

from rssim.axes import FLEXIBLE, FORMAL, UNEMPLOYED
from rssim.cohorts.earnings import covered_share, earnings_year, mean_wage
from rssim.errors import ParameterError
from tests.cohorts.cells import amounts, constants, law, number


def found(people=None, relative=None, references=None, fixed=None, **changes):
    settings = {
        "earnings__log_sd": 0.0,
        "earnings__declared_share": 1.0,
        "earnings__flexible_base_tier": 0.65,
        "labour__coverage_formal": 1.0,
        "labour__coverage_flexible": 0.25,
    } | changes
    years = np.zeros((1, 1, 2, 4, 101))
    for (sex, state, age), count in (people or {(0, FORMAL, 40): 100.0}).items():
        years[0, 0, sex, state, age] = count
    pay = np.ones((1, 1, 2, 101))
    for (sex, age), value in (relative or {}).items():
        pay[0, 0, sex, age] = value
    references = references or amounts(productivity_m=12_000.0)
    anchor = references.productivity_m / mean_wage(years[..., FORMAL, :], pay)
    return earnings_year(
        years,
        anchor * pay,
        references,
        law(**settings),
        fixed or constants(coverage=0.8, declared_share=0.5),
    )


def test_mean_wage_is_the_place_s_average():
    """100 men at 1.5 and 300 women at 0.5: mean 0.75; so wages are 24,000 and 8,000."""
    earned = found({(0, FORMAL, 40): 100.0, (1, FORMAL, 30): 300.0}, {(0, 40): 1.5, (1, 30): 0.5})
    assert number(earned.average_wage_m) == pytest.approx(12_000.0)
    assert earned.wage_m[0, 0, 0, 40] == pytest.approx(24_000.0)
    assert earned.wage_m[0, 0, 1, 30] == pytest.approx(8_000.0)
    assert (100 * 24_000 + 300 * 8_000) / 400 == 12_000.0


def test_base_without_spread_is_the_declared_pay_between_floor_and_cap():
    """Half of 12,000 is declared: 6,000. Half of 120,000 meets the cap, of 6,000 the floor."""
    relative = {(0, 41): 10.0, (0, 42): 0.5}
    earned = found(relative=relative)
    assert earned.formal_base_m[0, 0, 0, 40] == pytest.approx(6_000.0)
    assert earned.formal_base_m[0, 0, 0, 41] == pytest.approx(27_000.0)
    assert earned.formal_base_m[0, 0, 0, 42] == pytest.approx(5_400.0)
    assert earned.at_floor[0, 0, 0, 40:43].tolist() == [0.0, 0.0, 1.0]
    assert earned.at_cap[0, 0, 0, 40:43].tolist() == [0.0, 1.0, 0.0]
    assert earned.index[0, 0, 0, 40] == pytest.approx(6_000 / 9_000)


def test_spread_against_numerical_integration():
    """E[min(max(W, floor), cap)] of a lognormal with mean 6,000 and log-sd 0.5."""
    from scipy.integrate import quad
    from scipy.stats import norm

    spread = 0.5
    centre = np.log(6_000) - spread**2 / 2

    def base(z):
        return np.clip(np.exp(centre + spread * z), 5_400, 27_000) * norm.pdf(z)

    edges = [(np.log(limit) - centre) / spread for limit in (5_400, 27_000)]
    expected = quad(base, -12, 12, points=edges, epsrel=1e-12)[0]
    earned = found(earnings__log_sd=spread)
    assert earned.formal_base_m[0, 0, 0, 40] == pytest.approx(expected, rel=1e-9)
    assert earned.at_floor[0, 0, 0, 40] == pytest.approx(norm.cdf(edges[0]), rel=1e-9)
    assert earned.at_cap[0, 0, 0, 40] == pytest.approx(norm.sf(edges[1]), rel=1e-9)
    # A cell is not a person: the base of the mean wage would be 6,000.
    assert expected > 6_600


def test_flexible_workers_choose_a_base_and_the_floor_holds():
    assert found().flexible_base_m[0, 0, 0, 40] == pytest.approx(0.65 * 9_000)
    low = found(earnings__flexible_base_tier=0.4)
    assert low.flexible_base_m[0, 0, 0, 40] == pytest.approx(5_400.0)
    high = found(
        earnings__flexible_base_tier=3.0,
        references=amounts(cap_m=20_000.0, productivity_m=12_000.0),
    )
    assert high.flexible_base_m[0, 0, 0, 40] == pytest.approx(20_000.0)


def test_coverage_by_hand():
    """60 formal at 0.8 and 30 flexible at 0.2 are 54 contributors of 100 in the labour force."""
    people = {(0, FORMAL, 40): 60.0, (0, FLEXIBLE, 40): 30.0, (0, UNEMPLOYED, 40): 10.0}
    earned = found(people)
    assert earned.coverage[0, 0, 0, 40] == pytest.approx(0.54)
    assert earned.formal_weight[0, 0, 0, 40] == pytest.approx(48 / 54)
    assert earned.base_m[0, 0, 0, 40] == pytest.approx((48 * 6_000 + 6 * 5_850) / 54)


def test_empty_cells_are_no_numbers_apart():
    earned = found()
    assert earned.coverage[0, 0, 1, 50] == 0.0
    assert all(np.isfinite(item).all() for item in vars(earned).values())


def test_more_than_everyone_cannot_be_insured():
    year = law(labour__coverage_formal=1.3)
    assert number(covered_share(constants(coverage=0.7), year)) == pytest.approx(0.91)
    with pytest.raises(ParameterError, match=r"104\.0 %.*at most 1\.25 is possible"):
        covered_share(constants(coverage=0.8), year)
