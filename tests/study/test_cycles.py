"""Chains, expectations of match values, simulation, filter and moments."""

import numpy as np
import pytest

from rssim.errors import ParameterError
from rssim.study.cycles import (
    Chain,
    cyclical_moments,
    hp_cycle,
    ornstein_uhlenbeck,
    simulate,
)
from rssim.study.labour import shimer_2005

CHAIN = Chain(
    values=np.array([0.0, 1.0, 2.0]),
    arrival_rate=0.5,
    up=np.array([0.6, 0.3, 0.0]),
    down=np.array([0.0, 0.2, 0.7]),
)
OUTPUT = np.array([0.9, 1.0, 1.15])
MATRIX = np.array([[0.4, 0.6, 0.0], [0.2, 0.5, 0.3], [0.0, 0.7, 0.3]])


@pytest.mark.parametrize("side", [5, 100])
def test_drift_and_variance_are_those_of_the_process(side):
    chain = ornstein_uhlenbeck(side, mean_reversion=0.2, sd=0.03)
    y = chain.values
    drift = chain.arrival_rate * (chain.expected(y) - y)
    assert drift == pytest.approx(-0.2 * y, abs=1e-13)
    spread = chain.arrival_rate * (chain.expected(y**2) - 2 * y * chain.expected(y) + y**2)
    assert spread == pytest.approx(0.03**2, rel=1e-9)


def test_expectation_over_neighbours():
    of_states = np.array([3.0, -1.0, 7.0])
    assert CHAIN.expected(of_states) == pytest.approx(MATRIX @ of_states, rel=1e-15)


CHARGES = {
    "employer_rate": 0.25,
    "employee_rate": 0.1,
    "deferred_share": 0.4,
    "subsidy": 0.02,
    "hiring_subsidy": 0.01,
    "indexed_share": 0.5,
    "replacement_rate": 0.4,
    "vacancy_cost_wages": 0.1,
}


@pytest.mark.parametrize("charges", [{}, CHARGES], ids=["plain", "charged"])
@pytest.mark.parametrize("separation", [None, np.array([0.12, 0.1, 0.07])])
def test_bellman_and_nash_in_every_state(charges, separation):
    """At its wages and job finding, values from linear systems obey Nash and free entry."""
    market = shimer_2005().change(**charges)
    found = market.in_states(CHAIN, OUTPUT, separation)
    s = np.full(3, market.separation_rate) if separation is None else separation
    r, arrivals, beta = market.discount_rate, CHAIN.arrival_rate, market.bargaining_share
    er, ee, seen = market.employer_rate, market.employee_rate, market.deferred_share
    net = 1 - ee + seen * (ee + er)
    benefit = (
        market.indexed_share * market.replacement_rate * net * found.wage
        + (1 - market.indexed_share) * market.outside_value
    )
    moves = arrivals * (np.eye(3) - MATRIX)
    profit = OUTPUT + market.subsidy - (1 + er) * found.wage
    firm = np.linalg.solve(np.diag(r + s) + moves, profit)
    assert found.match_value == pytest.approx(firm, rel=1e-9)
    worker = np.linalg.solve(
        np.diag(r + s + found.finding_rate) + moves, net * found.wage - benefit
    )
    # A wage that differs until the next arrival moves both values; Nash's product is at its top.
    lasts = r + s + arrivals
    for nudge in (-1e-4, 1e-4):
        changed = (worker + net * nudge / lasts) ** beta * (firm - (1 + er) * nudge / lasts) ** (
            1 - beta
        )
        assert np.all(changed < worker**beta * firm ** (1 - beta))
    slope = beta * net / worker - (1 - beta) * (1 + er) / firm
    assert slope == pytest.approx(0.0, abs=1e-7 * np.max(net / worker))
    filling = market.efficiency * found.tightness**-market.matching_elasticity
    cost = market.vacancy_cost + market.vacancy_cost_wages * (1 + er) * found.wage
    assert filling * (firm + market.hiring_subsidy) == pytest.approx(cost, rel=1e-9)


def test_states_that_are_alike_are_the_steady_state():
    market = shimer_2005().change(**CHARGES)
    found, rest = market.in_states(CHAIN), market.steady_state()
    assert found.tightness == pytest.approx(rest.tightness, rel=1e-10)
    assert found.wage == pytest.approx(rest.wage, rel=1e-12)


def test_rare_and_frequent_changes():
    """Seldom: each state is its own steady state. Often: all are one."""
    market = shimer_2005()
    alone = market.comparative_statics("output", list(OUTPUT))["tightness"].to_numpy()
    seldom = Chain(CHAIN.values, 1e-9, CHAIN.up, CHAIN.down)
    assert market.in_states(seldom, OUTPUT).tightness == pytest.approx(alone, rel=1e-7)
    often = Chain(CHAIN.values, 1e5, CHAIN.up, CHAIN.down)
    spread = np.ptp(market.in_states(often, OUTPUT).tightness)
    assert spread < 1e-4 * np.ptp(alone)


def test_a_state_without_surplus_is_refused():
    with pytest.raises(ParameterError, match="state 1"):
        shimer_2005().in_states(CHAIN, np.array([1.0, 0.3, 1.0]))
    with pytest.raises(ParameterError, match="2 values for 3 states"):
        shimer_2005().in_states(CHAIN, np.array([1.0, 1.1]))
    with pytest.raises(ParameterError, match="minimum wage"):
        shimer_2005().change(minimum_wage=0.5, log_sd=0.2).in_states(CHAIN, OUTPUT)


def test_simulated_shares_are_the_stationary_ones():
    """Of a chain with stationary shares 7/37, 21/37, 9/37: .6 a = .2 b and .3 b = .7 c."""
    shares = np.array([7.0, 21.0, 9.0]) / 37.0
    assert shares @ MATRIX == pytest.approx(shares)
    values = shimer_2005().in_states(CHAIN, OUTPUT)
    run = simulate(values, CHAIN, periods=400, replications=500, burn_in=30, seed=5)
    by_replication = run.mean["p"].mean(axis=1)
    error = by_replication.std(ddof=1) / np.sqrt(500)
    assert by_replication.mean() == pytest.approx(shares @ OUTPUT, abs=4 * error)
    shown = [(run.at_end["p"] == level).mean(axis=1) for level in OUTPUT]
    for share, part in zip(shares, shown, strict=True):
        assert part.mean() == pytest.approx(share, abs=4 * part.std(ddof=1) / np.sqrt(500))


def test_unemployment_in_the_simulation_obeys_flow_balance():
    """Over a long time as many lose a job as find one, whatever the shocks."""
    values = shimer_2005().in_states(CHAIN, OUTPUT)
    run = simulate(values, CHAIN, periods=2000, replications=50, burn_in=20, seed=6)
    change = run.at_end["u"][:, -1] - run.at_end["u"][:, 0]
    # Separation is the same in all states, so inflow is a product of means; job finding is not,
    # but it lies between that of the worst and that of the best state.
    lost = (run.mean["s"] * (1 - run.mean["u"]))[:, 1:].sum(axis=1)
    found = lost - change
    lowest, highest = values.finding_rate.min(), values.finding_rate.max()
    time = run.mean["u"][:, 1:].sum(axis=1)
    assert np.all((found > lowest * time) & (found < highest * time))


def test_without_shocks_nothing_moves():
    still = Chain(np.zeros(1), 1.0, np.zeros(1), np.zeros(1))
    market = shimer_2005()
    run = market.simulate(still, periods=5, replications=2, burn_in=3, seed=1)
    rest = market.steady_state()
    for series in (run.at_end, run.mean):
        assert series["u"] == pytest.approx(rest.unemployment_rate, rel=1e-12)
        assert series["v"] == pytest.approx(rest.vacancy_rate, rel=1e-10)
    assert cyclical_moments(run.mean).sd == {}


def test_the_seed_makes_the_run():
    values = shimer_2005().in_states(CHAIN, OUTPUT)
    first, again, other = (
        simulate(values, CHAIN, 20, 5, 2, seed).at_end["u"] for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_filter_solves_its_least_squares():
    random = np.random.default_rng(4)
    series = random.normal(size=(3, 2, 40)).cumsum(axis=-1)
    second = np.diff(np.eye(40), n=2, axis=0)
    stacked = np.vstack([np.eye(40), np.sqrt(1600.0) * second])
    cycle = hp_cycle(series, 1600.0)
    for place in np.ndindex(3, 2):
        target = np.concatenate([series[place], np.zeros(38)])
        trend = np.linalg.lstsq(stacked, target, rcond=None)[0]
        assert cycle[place] == pytest.approx(series[place] - trend, abs=1e-9)


def test_filter_leaves_a_line_alone():
    line = 3.0 + 0.01 * np.arange(212)
    assert hp_cycle(line[None, :]) == pytest.approx(np.zeros((1, 212)), abs=1e-9)


def test_moments_by_hand():
    """Without a trend to remove (smoothing without end takes out a line), moments of logarithms."""
    angle = 2 * np.pi * np.arange(400) / 40
    wave = np.exp(0.1 * np.cos(angle))[None, :]
    moments = cyclical_moments({"u": wave, "v": 1.0 / wave}, smoothing=1e14)
    assert moments.sd["u"] == pytest.approx(0.1 / np.sqrt(2), rel=0.01)
    assert moments.autocorrelation["u"] == pytest.approx(np.cos(2 * np.pi / 40), abs=0.003)
    assert moments.correlation["u_v"] == pytest.approx(-1.0, abs=1e-9)
    table = moments.table()
    assert table.loc["correlation with u", "v"] == moments.correlation["u_v"]
    assert table.loc["sd", "u"] == moments.sd["u"]
