"""The one market in which all cells search: a root in tightness per draw.

Vacancies are for formal jobs and open to every searcher; free entry of vacancies sets tightness,
so that help to one group displaces others. Arrays are (draw, cell, ...), with the axes of cells in
any number; sums over cells are taken per draw, and a draw is frozen once its own root is found, so
that it never depends on its neighbours.

Source: Pissarides (2000), ch. 1; free entry with several kinds of workers as in ch. 9.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rssim.errors import ParameterError
from rssim.rules.elementwise import Array, Booleans, Value, as_floats, where
from rssim.rules.matching import (
    FlooredMatch,
    Match,
    Threshold,
    floored_match,
    highest_wage,
    job_finding_rate,
    match_threshold,
    nash_wage,
    output_of_wage,
    rigid_wage,
    vacancy_cost,
    vacancy_filling_rate,
)

# Tightness between e^-40 and e^40: nothing observed is near either end.
LOWEST_LOG, HIGHEST_LOG = -40.0, 40.0
# Every eighth step halves a bracket of width 80: 57 halvings reach the last digit.
HALVE = 8
STEPS = 57 * HALVE
# A root leaves a rounding; more is a jump of earnings, or no root.
SUSPECT = 1e-9
NARROW = 1e-15
EXACT = 1e-14


@dataclass(frozen=True, eq=False)
class Market:
    """A labour market of one period; a draw axis leads, cells follow.

    match               (draw, cell...)  terms of a match
    seekers             (draw, cell...)  searchers in units of effort, e (u + ζ g)   [persons]
    search_efficiency   (draw, cell...)  e                                           [1]
    efficiency          (draw, 1...)     A                                           [1/period]
    elasticity          (draw, 1...)     α of matches to searchers                   [1]
    vacancy_cost        (draw, 1...)     κ as an amount                              [money/period]
    vacancy_cost_wages  (draw, 1...)     and as a multiple of what an employee costs on average,
                                         wage and employer's contributions           [1]
    hiring_subsidy      (draw, cell...)  H, once, at the match                       [money]
    employed            (draw, cell...)  weights of the average wage                 [persons]
    minimum_wage        (draw, 1...)                                                 [money/period]
    log_sd              (draw, cell...)  spread of quality within the cell           [1]
    last_wage           (draw, cell...)  paid last period                            [money/period]
    wage_growth         (draw, 1...)     of the average wage since                   [1]
    rigidity            (draw, 1...)     weight of last period's wage                [1]
    """

    match: Match
    seekers: Array
    efficiency: Array
    elasticity: Array
    vacancy_cost: Value
    vacancy_cost_wages: Value = 0.0
    search_efficiency: Value = 1.0
    hiring_subsidy: Value = 0.0
    employed: Value = 1.0
    minimum_wage: Value = 0.0
    log_sd: Value = 0.0
    last_wage: Value = 0.0
    wage_growth: Value = 0.0
    rigidity: Value = 0.0


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """What the market settles on.

    tightness     (draw, 1...)     θ, vacancies per unit of search                 [1]
    filling_rate  (draw, 1...)     q                                               [1/period]
    vacancies     (draw, 1...)                                                     [persons]
    residual      (draw, 1...)     ln of what a vacancy earns over what it costs   [1]
    meeting_rate  (draw, cell...)  f of an unemployed person                       [1/period]
    finding_rate  (draw, cell...)  f times the share of meetings that match        [1/period]
    wage          (draw, cell...)  paid at mean quality if there were no floor     [money/period]
    matched       (draw, cell...)  value, share and mean wage of matches
    cost          (draw, 1...)     κ                                               [money/period]
    """

    tightness: Array
    filling_rate: Array
    vacancies: Array
    residual: Array
    meeting_rate: Array
    finding_rate: Array
    wage: Array
    matched: FlooredMatch
    cost: Array


def solve_tightness(market: Market) -> Equilibrium:
    """The equilibrium of free entry, κ(θ) = q(θ) Σ ω (J + H), one root per draw.

    The logarithm of earnings over cost falls in ln θ with a slope of about −1 to −α. Secant steps
    within a bracket, which is halved where a step leaves it and now and then; a draw whose root
    is found is frozen.

    Raises ParameterError if no tightness balances costs and earnings of a draw.
    """
    seekers = as_floats(market.seekers)
    column = seekers.shape[:1] + (1,) * (seekers.ndim - 1)
    low, high = np.full(column, LOWEST_LOG), np.full(column, HIGHEST_LOG)
    _check_seekers(market)
    threshold = threshold_of(market)
    before, at_before = np.zeros(column), np.zeros(column)
    guess, root, gap = np.zeros(column), np.zeros(column), np.full(column, np.inf)
    found = np.zeros(column, dtype=bool)
    for step in range(STEPS):
        there = market_at(market, as_floats(np.exp(guess)), threshold)
        value = there.residual
        root, gap = where(found, root, guess), where(found, gap, value)
        low, high = where(value > 0.0, guess, low), where(value > 0.0, high, guess)
        found = found | (np.abs(value) <= EXACT) | (high - low <= NARROW * (1.0 + np.abs(guess)))
        if found.all():
            break
        # The first step takes the slope to be −1.
        # Where no match pays at either, the difference is not a number and of no use.
        with np.errstate(invalid="ignore"):
            rise, run = (value - at_before, guess - before) if step else (-value, value)
        usable = np.isfinite(rise) & (rise * run < 0.0)
        slope = np.divide(rise, run, out=np.full(column, -np.inf), where=usable)
        ahead = guess - np.where(usable, value, 0.0) / slope
        inside = usable & (ahead > low) & (ahead < high) & (step % HALVE != HALVE - 1)
        before, at_before = guess, value
        guess = where(found, root, where(inside, ahead, 0.5 * (low + high)))
    if not np.all(np.abs(gap) <= SUSPECT):
        _check_ends(market, threshold)
    if np.array_equal(guess, root):
        return there
    return market_at(market, as_floats(np.exp(root)), threshold)


def threshold_of(market: Market) -> Threshold:
    """The quality above which matches are made; it does not depend on tightness."""
    return match_threshold(market.match, market.minimum_wage, market.log_sd, market.hiring_subsidy)


def market_at(market: Market, tightness: Array, threshold: Threshold | None = None) -> Equilibrium:
    """The market at a given tightness (draw, 1...); its residual tells how far from free entry.

    threshold  that of `threshold_of`, where the caller has it already
    """
    meeting = job_finding_rate(
        tightness, market.efficiency, market.elasticity, market.search_efficiency
    )
    filling = vacancy_filling_rate(tightness, market.efficiency, market.elasticity)
    wage = rigid_wage(
        nash_wage(market.match, meeting),
        market.last_wage,
        market.wage_growth,
        market.rigidity,
        highest_wage(market.match),
    )
    matched = floored_match(
        market.match,
        wage,
        market.minimum_wage,
        market.log_sd,
        market.hiring_subsidy,
        threshold or threshold_of(market),
    )
    total = _sum(market.seekers, market)
    # Differences of shares may miss zero by a rounding; a firm never makes a match at a loss.
    promised = np.maximum(matched.value + matched.made_share * market.hiring_subsidy, 0.0)
    value = _sum(market.seekers * promised, market) / total
    employed = as_floats(market.employed)
    labour_cost = (1.0 + as_floats(market.match.employer_rate)) * matched.floored_wage
    average = _sum(employed * labour_cost, market) / _sum(employed, market)
    cost = vacancy_cost(market.vacancy_cost, market.vacancy_cost_wages, average)
    # No match pays: earnings are zero and their logarithm is minus infinity, as meant.
    with np.errstate(divide="ignore"):
        residual = np.log(filling) + np.log(value) - np.log(cost)
    return Equilibrium(
        tightness=tightness,
        filling_rate=filling,
        vacancies=as_floats(tightness * total),
        residual=as_floats(residual),
        meeting_rate=meeting,
        finding_rate=as_floats(meeting * matched.made_share),
        wage=wage,
        matched=matched,
        cost=cost,
    )


def calibrate_market(market: Market, tightness: Array, finding_rate: Array, wage: Array) -> Market:
    """The market whose equilibrium is an observed one, before any minimum wage or rigidity.

    Search efficiency, output and vacancy cost are set, in closed form; efficiency A is kept, since
    only e A is identified. A cost in wages stays one: its multiple is set if it was not zero.

    tightness     (draw, 1...)     openings per unit of search, observed  [1]
    finding_rate  (draw, cell...)  of an unemployed person                [1/period]
    wage          (draw, cell...)                                         [money/period]
    Limits: with a minimum wage or rigidity the observed wage is taken as the bargained one at mean
    quality, so meetings that fail at the floor lower job finding below the observed rate.
    """
    unit = job_finding_rate(tightness, market.efficiency, market.elasticity)
    output = output_of_wage(market.match, wage, finding_rate)
    set_up = replace(
        market,
        match=replace(market.match, output=output),
        search_efficiency=as_floats(finding_rate / unit),
    )
    in_wages = as_floats(market.vacancy_cost_wages)
    there = market_at(replace(set_up, vacancy_cost=1.0, vacancy_cost_wages=0.0), tightness)
    earned = np.exp(there.residual)
    per_wage = market_at(replace(set_up, vacancy_cost=0.0, vacancy_cost_wages=1.0), tightness).cost
    return replace(
        set_up,
        vacancy_cost=where(in_wages > 0.0, 0.0, earned),
        vacancy_cost_wages=where(in_wages > 0.0, earned / per_wage, 0.0),
    )


def _sum(values: Value, market: Market) -> Array:
    """Sum over cells, (draw, 1...): contiguous and per draw, so that blocks of draws agree."""
    shape = as_floats(market.seekers).shape
    whole = np.ascontiguousarray(np.broadcast_to(as_floats(values), shape))
    sums = whole.reshape(shape[0], -1).sum(axis=-1)
    return as_floats(sums.reshape(shape[:1] + (1,) * (len(shape) - 1)))


def _check_seekers(market: Market) -> None:
    """Refuse a market in which there is nobody to meet."""
    if (draw := _first(~(_sum(market.seekers, market) > 0.0))) is not None:
        raise ParameterError(
            f"labour market, draw {draw}: nobody searches. Some seekers are needed."
        )


def _check_ends(market: Market, threshold: Threshold) -> None:
    """Refuse a market that no tightness balances."""
    shape = as_floats(market.seekers).shape
    column = shape[:1] + (1,) * (len(shape) - 1)
    at_low, at_high = (
        market_at(market, np.full(column, np.exp(end)), threshold).residual
        for end in (LOWEST_LOG, HIGHEST_LOG)
    )
    if (draw := _first(~(at_low > 0.0))) is not None:
        raise ParameterError(
            f"labour market, draw {draw}: no vacancy pays even where it is filled at once. "
            "Output and subsidy must exceed the labour cost at which working is worthwhile, and "
            "the minimum wage with charges must leave some matches."
        )
    if (draw := _first(~(at_high < 0.0))) is not None:
        raise ParameterError(
            f"labour market, draw {draw}: vacancies pay at any tightness. "
            "The vacancy cost must be above zero."
        )


def _first(bad: Booleans) -> int | None:
    """First draw of which something is true."""
    hit = np.flatnonzero(bad.reshape(bad.shape[0], -1).any(axis=1))
    return int(hit[0]) if hit.size else None
