"""Business cycles of a matching market: expected match values, simulation, cyclical moments.

A state of the economy moves along a line of states: at each arrival of a Poisson clock it goes up,
down or stays. Values of matches look ahead over all states; between two arrivals everything is
constant, so that unemployment is integrated exactly and no time step is needed.

Source: Shimer (2005), The Cyclical Behavior of Equilibrium Unemployment and Vacancies, American
Economic Review 95(1), section II; Hodrick & Prescott (1997) for the filter.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from rssim.cohorts.matching import Market, solve_tightness
from rssim.errors import ParameterError
from rssim.rules.elementwise import Array, as_floats
from rssim.rules.matching import (
    job_finding_rate,
    nash_match_value,
    vacancy_cost,
)
from rssim.rules.worker_flows import unemployment_after

NEWTON_STEPS = 200
CONVERGED = 1e-12
# A step of Newton's method may take at most this part of what a match is worth.
LARGEST_CUT = 0.9
SHIMER_SMOOTHING = 1e5
# A series that moves by less than this part of its level moves by rounding only.
NOISE = 1e-12


@dataclass(frozen=True, eq=False)
class Chain:
    """States in a line and how the economy moves between them.

    values        (states,)  what a state stands for, in the caller's unit
    arrival_rate  [1/period] of the Poisson clock
    up, down      (states,)  probabilities [1] to go one state up or down at an arrival
    """

    values: Array
    arrival_rate: float
    up: Array
    down: Array

    def expected(self, of_states: Array) -> Array:
        """Expectation over the state after the next arrival, seen from each state."""
        higher = np.append(of_states[1:], of_states[-1])
        lower = np.insert(of_states[:-1], 0, of_states[0])
        stays = 1.0 - self.up - self.down
        return as_floats(self.up * higher + self.down * lower + stays * of_states)


def ornstein_uhlenbeck(states_each_side: int, mean_reversion: float, sd: float) -> Chain:
    """Chain around zero that tends to an Ornstein–Uhlenbeck process with many states.

    With n states on each side the clock rings n γ times a period and a move is σ / √(n γ); state
    i goes up with probability (1 − i/n) / 2. Drift −γ y and variance σ² hold exactly.

    mean_reversion  γ [1/period];  sd  σ, of the change over one period (in the limit of few)
    Source: Shimer (2005), section II.C.
    """
    n = states_each_side
    arrival = n * mean_reversion
    place = np.arange(-n, n + 1) / n
    step = sd / np.sqrt(arrival)
    return Chain(
        values=as_floats(n * place * step),
        arrival_rate=arrival,
        up=as_floats((1.0 - place) / 2.0),
        down=as_floats((1.0 + place) / 2.0),
    )


def deterministic(states: int, step: float) -> Chain:
    """Chain that goes through its states once, a step each on average, and stays in the last."""
    up = np.ones(states)
    up[-1] = 0.0
    return Chain(as_floats(np.arange(states) * step), 1.0 / step, up, np.zeros(states))


@dataclass(frozen=True, eq=False)
class StateValues:
    """A market in every state, all (states,).

    match_value [money], tightness [1], finding_rate [1/period], wage [money/period], and the
    output [money/period] and separation_rate [1/period] that make the state
    residual  [1]  what is left of the equilibrium condition, over the surplus flow
    """

    match_value: Array
    tightness: Array
    finding_rate: Array
    wage: Array
    output: Array
    separation_rate: Array
    residual: Array


def expected_match_values(market: Market, chain: Chain) -> StateValues:
    """A market whose firms and workers know the chain: the states stand on the draw axis.

    With M = (r+s+λ) J − λ E[J'] the bargain gives (1+τ_er) w = y + h − M and, in each state,
    (1−φρ)(y+h) − (1−φ)(1+τ_er) b⁰/n = M [1/(1−β) − φρ] + f(θ) J β/(1−β), κ = q(θ) (J + H).
    Solved for J in all states at once by Newton's method (the system is tridiagonal).

    market  one cell; seekers (states, 1); output and separation may differ by state
    Source: Shimer (2005), eq. for v/u in state (p, s), with charges and subsidies added.
    Limits: β, τ and n are the same in all states; no minimum wage and no rigidity.
    Raises ParameterError if a state has no surplus or no solution is found.
    """
    match = market.match
    states = len(chain.values)
    surplus = _flat(match.surplus_flow, states)
    if np.any(surplus <= 0.0):
        where = int(np.argmin(surplus))
        raise ParameterError(
            f"labour market, state {where}: a match has no surplus ({surplus[where]:.4g} a period)."
            " Output and subsidy must exceed the value of unemployment in every state."
        )
    share = _flat(match.bargaining_share, states)
    pull, rate = share / (1.0 - share), chain.arrival_rate
    own = 1.0 / (1.0 - share) - _flat(match.indexed, states)
    leaving = _flat(match.leaving_rate, states) + rate
    charged = 1.0 + _flat(match.employer_rate, states)
    power = _flat(market.elasticity, states)
    efficiency = _flat(market.efficiency, states)
    absolute, in_wages = (
        _flat(market.vacancy_cost, states),
        charged * _flat(market.vacancy_cost_wages, states),
    )
    bonus = _flat(market.hiring_subsidy, states)
    revenue = _flat(match.revenue, states)

    calm = solve_tightness(market)
    value = np.ravel(nash_match_value(match, calm.meeting_rate)) * np.ones(states)
    for _ in range(NEWTON_STEPS):
        kept = leaving * value - rate * chain.expected(value)
        wage = (revenue - kept) / charged
        cost = vacancy_cost(absolute, in_wages, wage)
        filling = cost / (value + bonus)
        tightness = (efficiency / filling) ** (1.0 / power)
        finding = job_finding_rate(tightness, efficiency, power)
        residual = surplus - own * kept - pull * finding * value
        # Where the clock rings often, the terms that cancel are larger than the surplus.
        if np.max(np.abs(residual) / (surplus + own * leaving * value)) < CONVERGED:
            break
        # Of f J: its change with J, and its change with M through a vacancy cost in wages.
        stretch = (1.0 - power) / power
        by_value = pull * finding * (1.0 + stretch * value / (value + bonus))
        by_kept = own + pull * finding * value * stretch * in_wages / (cost * charged)
        step = _newton_step(residual, by_value + by_kept * leaving, by_kept * rate, chain)
        value = np.maximum(value + step, value - LARGEST_CUT * value)
    else:
        raise ParameterError("labour market: no match values agree with expectations of them.")
    return StateValues(
        match_value=as_floats(value),
        tightness=as_floats(tightness),
        finding_rate=finding,
        wage=as_floats(wage),
        output=_flat(match.output, states),
        separation_rate=_flat(match.separation_rate, states),
        residual=as_floats(residual / surplus),
    )


@dataclass(frozen=True, eq=False)
class Simulation:
    """Simulated series, name -> (replications, periods).

    at_end  values on the last day of each period;  mean  means over each period
    Names: u unemployment rate, v vacancies per person, vu their ratio, f job finding [1/period],
    s separation [1/period], p output [money/period].
    """

    at_end: dict[str, Array]
    mean: dict[str, Array]


def simulate(
    values: StateValues, chain: Chain, periods: int, replications: int, burn_in: int, seed: int
) -> Simulation:
    """Replications of a market that moves through its states, exact in continuous time.

    burn_in  periods that are run first and dropped; the start is the middle state
    """
    random = np.random.default_rng(seed)
    tightness, finding = values.tightness, values.finding_rate
    separation, output = values.separation_rate, values.output
    state = np.full(replications, len(tightness) // 2)
    jobless = separation[state] / (separation[state] + finding[state])
    wait = random.exponential(1.0 / chain.arrival_rate, replications)
    names = ("u", "v", "f", "s", "p")
    at_end = {name: np.empty((replications, periods)) for name in names}
    mean = {name: np.zeros((replications, periods)) for name in names}
    for period in range(-burn_in, periods):
        left = np.ones(replications)
        while left.any():
            lasts = np.minimum(wait, left)
            f, s = finding[state], separation[state]
            jobless, idle = unemployment_after(jobless, s, f, lasts)
            if period >= 0:
                mean["u"][:, period] += idle
                mean["v"][:, period] += tightness[state] * idle
                mean["f"][:, period] += f * lasts
                mean["s"][:, period] += s * lasts
                mean["p"][:, period] += output[state] * lasts
            left = left - lasts
            wait = wait - lasts
            rings = wait <= 0.0
            where_to = random.random(replications)
            move = (where_to < chain.up[state]).astype(np.int64)
            move -= where_to >= 1.0 - chain.down[state]
            state = state + np.where(rings, move, 0)
            wait = np.where(rings, random.exponential(1.0 / chain.arrival_rate, replications), wait)
        if period >= 0:
            at_end["u"][:, period] = jobless
            at_end["v"][:, period] = tightness[state] * jobless
            at_end["f"][:, period] = finding[state]
            at_end["s"][:, period] = separation[state]
            at_end["p"][:, period] = output[state]
    for series in (at_end, mean):
        series["vu"] = series["v"] / series["u"]
    return Simulation(at_end, mean)


def hp_cycle(series: Array, smoothing: float = SHIMER_SMOOTHING) -> Array:
    """Deviation from the Hodrick–Prescott trend, in the unit of the series, same shape.

    The trend τ minimises Σ (x − τ)² + smoothing Σ (second difference of τ)².
    series  (..., periods), at least three
    Source: Hodrick & Prescott (1997); 100000 for quarterly data is the choice of Shimer (2005).
    """
    periods = series.shape[-1]
    second = np.diff(np.eye(periods), n=2, axis=0)
    penalty = smoothing * (second.T @ second)
    columns = np.moveaxis(series, -1, 0)
    trend = np.linalg.solve(np.eye(periods) + penalty, columns.reshape(periods, -1))
    return as_floats(np.moveaxis(columns - trend.reshape(columns.shape), 0, -1))


@dataclass(frozen=True, eq=False)
class Moments:
    """Means over replications of the moments of logarithms around their trend.

    sd, autocorrelation   name -> value;  correlation  "u_v" -> value
    sd_error              name -> standard deviation of the sd over replications
    """

    sd: dict[str, float]
    sd_error: dict[str, float]
    autocorrelation: dict[str, float]
    correlation: dict[str, float]

    def table(self) -> Any:
        """The moments as a data frame, in the form of tables 1, 3 and 4 of Shimer (2005)."""
        import pandas as pd

        frame = pd.DataFrame(
            {"sd": self.sd, "sd_error": self.sd_error, "autocorrelation": self.autocorrelation}
        ).T
        for pair, value in self.correlation.items():
            first, second = pair.split("_")
            frame.loc[f"correlation with {first}", second] = value
        return frame


def cyclical_moments(series: dict[str, Array], smoothing: float = SHIMER_SMOOTHING) -> Moments:
    """Standard deviations, autocorrelations and correlations of log deviations from trend.

    series  name -> (replications, periods), above zero; one that never moves is left out
    """
    cycles = {}
    for name, values in series.items():
        if np.ptp(values) > NOISE * np.max(np.abs(values)):
            cycles[name] = hp_cycle(np.log(values), smoothing)
    sds = {name: cycle.std(axis=1, ddof=1) for name, cycle in cycles.items()}
    return Moments(
        sd={name: float(sd.mean()) for name, sd in sds.items()},
        sd_error={
            name: float(sd.std(ddof=1)) if len(sd) > 1 else float("nan") for name, sd in sds.items()
        },
        autocorrelation={
            name: _correlation(cycle[:, 1:], cycle[:, :-1]) for name, cycle in cycles.items()
        },
        correlation={
            f"{first}_{second}": _correlation(cycles[first], cycles[second])
            for first, second in combinations(cycles, 2)
        },
    )


def _correlation(first: Array, second: Array) -> float:
    """Mean over replications of the correlation of two series (replications, periods)."""
    first = first - first.mean(axis=1, keepdims=True)
    second = second - second.mean(axis=1, keepdims=True)
    norm = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    return float(((first * second).sum(axis=1) / norm).mean())


def _flat(values: Any, states: int) -> Array:
    """A value of one cell as (states,)."""
    return as_floats(np.broadcast_to(np.ravel(as_floats(values)), (states,)))


def _newton_step(residual: Array, diagonal: Array, ahead: Array, chain: Chain) -> Array:
    """Solution d of diagonal d − ahead E[d'] = residual."""
    from scipy.linalg import solve_banded

    stays = 1.0 - chain.up - chain.down
    bands = np.zeros((3, len(residual)))
    bands[0, 1:] = -(ahead * chain.up)[:-1]
    bands[1] = diagonal - ahead * stays
    bands[2, :-1] = -(ahead * chain.down)[1:]
    return as_floats(solve_banded((1, 1), bands, residual))
