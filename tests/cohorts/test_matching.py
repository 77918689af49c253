"""One market with many cells: the root, its laws and its refusals."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from rssim.cohorts.matching import (
    Equilibrium,
    Market,
    calibrate_market,
    market_at,
    solve_tightness,
)
from rssim.errors import ParameterError
from rssim.rules.matching import Match, floored_match, nash_wage, searchers

CELLS = (6, 2, 5)


def random_market(seed, draws=4, cells=CELLS, **values):
    """A market with admissible terms in all cells: charges, subsidies, floor and rigid wages."""
    random = np.random.default_rng(seed)
    shape, one = (draws, *cells), (draws,) + (1,) * len(cells)

    def between(low, high, form=shape):
        return random.uniform(low, high, form)

    output = between(0.8, 2.0)
    effort = between(0.5, 1.5)
    match = Match(
        output=output,
        outside_value=between(0.2, 0.7) * output,
        discount_rate=0.04,
        separation_rate=between(0.05, 0.4),
        bargaining_share=between(0.2, 0.8, one),
        employer_rate=between(0.0, 0.3, one),
        net_share=between(0.85, 1.0, one),
        subsidy=between(0.0, 0.05),
        indexed_share=between(0.0, 1.0, one),
        replacement_rate=between(0.0, 0.6, one),
    )
    market = Market(
        match=match,
        seekers=searchers(between(0.0, 10.0), between(0.0, 30.0), effort, 0.1),
        efficiency=between(1.0, 5.0, one),
        elasticity=between(0.4, 0.75, one),
        vacancy_cost=between(0.05, 0.3, one),
        vacancy_cost_wages=between(0.0, 0.3, one),
        search_efficiency=effort,
        hiring_subsidy=between(0.0, 0.02),
        employed=between(1.0, 100.0),
        minimum_wage=between(0.0, 0.6, one),
        log_sd=between(0.1, 0.6),
        last_wage=0.7 * output,
        wage_growth=between(-0.02, 0.08, one),
        rigidity=between(0.0, 0.8, one),
    )
    return replace(market, **values)


def rows(record, chosen):
    """The same record with some draws only; values that all draws share stay."""
    picked = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Match):
            value = rows(value, chosen)
        elif isinstance(value, np.ndarray) and value.ndim:
            value = value[chosen]
        picked[field.name] = value
    return type(record)(**picked)


def flat(equilibrium):
    parts = [
        getattr(equilibrium, field.name) for field in fields(Equilibrium) if field.name != "matched"
    ]
    return [*parts, equilibrium.matched.value, equilibrium.matched.made_share]


def independent_root(market):
    """Tightness of a market of one draw by another root finder, with sums written out as loops."""

    def gap(log_theta):
        theta = np.exp(log_theta)
        a, alpha = market.efficiency.item(), market.elasticity.item()
        finding = market.search_efficiency * a * theta ** (1 - alpha)
        wage = nash_wage(market.match, finding)
        weight = market.rigidity.item()
        paid = (1 - weight) * wage + weight * market.last_wage * (1 + market.wage_growth.item())
        made = floored_match(market.match, paid, market.minimum_wage, market.log_sd)
        # The mean of floored wages by simulation of quantiles, not by the closed form.
        chances = (np.arange(20_000) + 0.5) / 20_000
        from scipy.special import ndtri

        earned = paid_out = people = seekers = 0.0
        for cell in np.ndindex(market.seekers.shape):
            n, e = market.seekers[cell], market.employed[cell]
            promised = made.value[cell] + made.made_share[cell] * market.hiring_subsidy[cell]
            earned, seekers = earned + n * promised, seekers + n
            sd = market.log_sd[cell]
            x = np.exp(sd * ndtri(chances) - sd**2 / 2)
            floored = np.maximum(x * paid[cell], market.minimum_wage.item()).mean()
            charges = np.broadcast_to(market.match.employer_rate, market.seekers.shape)[cell]
            paid_out, people = paid_out + e * (1 + charges) * floored, people + e
        cost = market.vacancy_cost + market.vacancy_cost_wages * paid_out / people
        return float((a * theta**-alpha * earned / seekers - cost).item())

    return np.exp(brentq(gap, np.log(1e-4), np.log(1e4), xtol=1e-10))


@pytest.mark.parametrize("seed", range(4))
def test_root_against_another_finder(seed):
    market = random_market(seed, draws=1, cells=(3, 2))
    # Twenty thousand quantiles give the mean of a lognormal to about 1e-4.
    assert solve_tightness(market).tightness.item() == pytest.approx(
        independent_root(market), rel=5e-4
    )


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_residual_is_zero_and_accounts_close(seed):
    market = random_market(seed)
    found = solve_tightness(market)
    assert np.max(np.abs(found.residual)) < 1e-12
    # Meetings counted by searchers and by vacancies are the same.
    by_people = (market.seekers * found.meeting_rate / market.search_efficiency).sum((1, 2, 3))
    by_posts = (found.vacancies * found.filling_rate).ravel()
    assert by_people == pytest.approx(by_posts, rel=1e-12)
    # What vacancies cost is what firms gain from the matches, and with subsidies from the purse.
    flow = market.seekers / market.search_efficiency
    gains = flow * (
        found.meeting_rate * found.matched.value + found.finding_rate * market.hiring_subsidy
    )
    spent = (found.vacancies * found.cost).ravel()
    assert gains.sum((1, 2, 3)) == pytest.approx(spent, rel=1e-11)
    assert np.all((found.matched.made_share >= 0) & (found.matched.made_share <= 1))
    assert all(np.all(np.isfinite(part)) for part in flat(found))


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_earnings_fall_in_tightness(seed):
    market = random_market(seed, draws=1)
    residuals = [
        market_at(market, np.full((1, 1, 1, 1), theta)).residual.item()
        for theta in np.geomspace(1e-6, 1e6, 60)
    ]
    assert np.all(np.diff(residuals) < 0)


def test_draws_at_once_are_single_runs():
    market = random_market(11, draws=7)
    together = flat(solve_tightness(market))
    for draw in range(7):
        alone = flat(solve_tightness(rows(market, slice(draw, draw + 1))))
        for whole, single in zip(together, alone, strict=True):
            assert np.array_equal(whole[draw : draw + 1], single)
    backwards = flat(solve_tightness(rows(market, slice(None, None, -1))))
    for whole, turned in zip(together, backwards, strict=True):
        assert np.array_equal(whole[::-1], turned)


def test_arguments_are_not_touched():
    market = random_market(12)
    before = {field.name: np.array(getattr(market, field.name)) for field in fields(Market)[1:]}
    output = np.array(market.match.output)
    solve_tightness(market)
    assert np.array_equal(output, market.match.output)
    for name, value in before.items():
        assert np.array_equal(value, getattr(market, name)), name


def test_twice_the_people():
    market = random_market(13)
    once = solve_tightness(market)
    twice = solve_tightness(
        replace(market, seekers=2 * market.seekers, employed=2 * market.employed)
    )
    assert twice.tightness == pytest.approx(once.tightness, rel=1e-12)
    assert twice.vacancies == pytest.approx(2 * once.vacancies, rel=1e-12)


def test_twice_the_money():
    market = random_market(14)
    once = solve_tightness(market)
    match = market.match
    double = replace(
        match,
        output=2 * match.output,
        outside_value=2 * match.outside_value,
        subsidy=2 * match.subsidy,
    )
    names = ("vacancy_cost", "hiring_subsidy", "minimum_wage", "last_wage")
    values = {name: 2 * getattr(market, name) for name in names}
    twice = solve_tightness(replace(market, match=double, **values))
    assert twice.tightness == pytest.approx(once.tightness, rel=1e-11)
    assert twice.wage == pytest.approx(2 * once.wage, rel=1e-11)


def test_permuted_groups():
    market = random_market(15, draws=2)
    order = [3, 0, 5, 1, 4, 2]

    def permuted(value):
        whole = np.asarray(value)
        return whole[:, order] if whole.ndim > 1 and whole.shape[1] == 6 else value

    match = Match(**{f.name: permuted(getattr(market.match, f.name)) for f in fields(Match)})
    other = Market(
        match=match,
        **{f.name: permuted(getattr(market, f.name)) for f in fields(Market) if f.name != "match"},
    )
    once, turned = solve_tightness(market), solve_tightness(other)
    assert turned.tightness == pytest.approx(once.tightness, rel=1e-12)
    assert turned.finding_rate == pytest.approx(once.finding_rate[:, order], rel=1e-12)


def two_groups(**values):
    match = Match(np.ones((1, 2)), 0.5, 0.04, 0.2, 0.5)
    market = Market(
        match=match,
        seekers=np.array([[4.0, 6.0]]),
        efficiency=np.array([[3.0]]),
        elasticity=np.array([[0.6]]),
        vacancy_cost=np.array([[0.2]]),
        search_efficiency=np.array([[1.0, 1.0]]),
    )
    return replace(market, **values)


def test_help_to_one_group_displaces_the_other():
    before = solve_tightness(two_groups()).finding_rate
    effort = np.array([[1.3, 1.0]])
    after = solve_tightness(
        two_groups(search_efficiency=effort, seekers=np.array([[4.0, 6.0]]) * effort)
    ).finding_rate
    assert after[0, 0] > before[0, 0]
    assert after[0, 1] < before[0, 1]


def test_a_hiring_subsidy_opens_vacancies_for_all():
    before = solve_tightness(two_groups()).finding_rate
    after = solve_tightness(two_groups(hiring_subsidy=np.array([[0.05, 0.0]]))).finding_rate
    assert np.all(after > before)


def test_cells_without_surplus_make_no_matches():
    output = np.array([[1.0, 0.45]])
    found = solve_tightness(two_groups(match=Match(output, 0.5, 0.04, 0.2, 0.5)))
    assert found.matched.made_share.tolist() == [[1.0, 0.0]]
    assert found.finding_rate[0, 1] == 0.0
    # Vacancies that meet them go on: earnings are those of the other six tenths (by hand).
    alone = solve_tightness(two_groups(seekers=np.array([[10.0, 0.0]]), vacancy_cost=0.2 / 0.4))
    assert found.tightness == pytest.approx(alone.tightness, rel=1e-12)


def test_a_cost_in_wages_equals_the_same_amount():
    in_wages = two_groups(vacancy_cost=0.0, vacancy_cost_wages=np.array([[0.25]]))
    found = solve_tightness(in_wages)
    again = solve_tightness(two_groups(vacancy_cost=0.25 * found.wage[:, :1]))
    assert again.tightness == pytest.approx(found.tightness, rel=1e-12)


@pytest.mark.parametrize("in_wages", [0.0, 0.5])
def test_calibration_runs_backwards(in_wages):
    """Observed tightness, job finding and wages go in and come out of the equilibrium."""
    random = np.random.default_rng(21)
    tightness = random.uniform(0.5, 2.0, (3, 1, 1, 1))
    finding = random.uniform(1.0, 4.0, (3, *CELLS))
    wage = random.uniform(0.7, 1.5, (3, *CELLS))
    market = random_market(21, draws=3, vacancy_cost_wages=in_wages, rigidity=0.0, minimum_wage=0.0)
    market = replace(market, match=replace(market.match, outside_value=0.4 * wage))
    observed = calibrate_market(market, tightness, finding, wage)
    found = solve_tightness(observed)
    assert found.tightness == pytest.approx(tightness, rel=1e-11)
    assert found.finding_rate == pytest.approx(finding, rel=1e-11)
    assert found.wage == pytest.approx(wage, rel=1e-11)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"seekers": np.zeros((1, 2))}, "nobody searches"),
        ({"match": Match(np.full((1, 2), 0.4), 0.5, 0.04, 0.2, 0.5)}, "no vacancy pays"),
        ({"minimum_wage": 1.2}, "no vacancy pays"),
        ({"vacancy_cost": 0.0}, "pay at any tightness"),
        ({"vacancy_cost": np.nan}, "draw 0"),
    ],
)
def test_a_market_without_equilibrium_is_refused(values, says):
    with pytest.raises(ParameterError, match=says), np.errstate(divide="ignore"):
        solve_tightness(two_groups(**values))


def test_the_refusal_names_the_draw():
    market = random_market(16, draws=3)
    output = np.array(market.match.output)
    output[1] = 0.0
    with pytest.raises(ParameterError, match="draw 1"):
        solve_tightness(replace(market, match=replace(market.match, output=output)))
