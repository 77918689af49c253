"""Matching, bargaining and worker flows: closed forms, elementwise, in any unit of time.

Rates are intensities per period and money is per period; the period is the caller's (the yearly
engine uses years, published calibrations quarters or months).

Source: Pissarides (2000), Equilibrium Unemployment Theory, ch. 1 (matching, job creation, wage)
and ch. 9 (taxes and subsidies); Petrongolo & Pissarides (2001) on the matching function.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rssim.rules.elementwise import (
    Array,
    Value,
    as_floats,
    below_limit,
    where,
)

ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Match:
    """What firm and worker of a cell bargain over; every field broadcasts against the others.

    output            y    [money/period]  product of a match
    outside_value     b⁰   [money/period]  flow value of unemployment that wages do not move
    discount_rate     r    [1/period]
    separation_rate   s    [1/period]
    bargaining_share  β    [1]             worker's share, 0 or more and below 1
    employer_rate     τ_er [1]             all employer contributions over the wage
    net_share         n    [1]             what a unit of wage is worth to the worker
    subsidy           h    [money/period]  paid to the firm as long as the match lasts
    indexed_share     φ    [1]             part of the value of unemployment that follows the wage
    replacement_rate  ρ    [1]             at this share of the net wage; φρ is below 1
    """

    output: Value
    outside_value: Value
    discount_rate: Value
    separation_rate: Value
    bargaining_share: Value
    employer_rate: Value = 0.0
    net_share: Value = 1.0
    subsidy: Value = 0.0
    indexed_share: Value = 0.0
    replacement_rate: Value = 0.0

    @cached_property
    def revenue(self) -> Array:
        """Output and subsidy of a match [money/period]."""
        return as_floats(as_floats(self.output) + self.subsidy)

    @cached_property
    def leaving_rate(self) -> Array:
        """Discounting and separation together, r + s [1/period]."""
        return as_floats(as_floats(self.discount_rate) + self.separation_rate)

    @cached_property
    def indexed(self) -> Array:
        """φρ [1]."""
        return as_floats(as_floats(self.indexed_share) * self.replacement_rate)

    @cached_property
    def outside_cost(self) -> Array:
        """Labour cost at which working is worth no more than b⁰ [money/period]."""
        gross_up = (1.0 + as_floats(self.employer_rate)) / self.net_share
        return as_floats((1.0 - as_floats(self.indexed_share)) * gross_up * self.outside_value)

    @cached_property
    def surplus_flow(self) -> Array:
        """What there is to share, (1 − φρ)(y + h) − (1 − φ)(1 + τ_er) b⁰ / n [money/period]."""
        return as_floats((1.0 - self.indexed) * self.revenue - self.outside_cost)


def net_share(employee_rate: Value, employer_rate: Value, deferred_share: Value) -> Array:
    """What a unit of gross wage is worth to the worker, n = 1 − τ_ee + λ (τ_ee + τ_er) [1].

    deferred_share  λ [1]  share of all contributions that workers see as deferred pay
    """
    own = as_floats(employee_rate)
    return as_floats(1.0 - own + as_floats(deferred_share) * (own + employer_rate))


# --- the matching function ----------------------------------------------------------------------


def searchers(
    unemployed: Value, flexible: Value, search_efficiency: Value, flexible_search: Value
) -> Array:
    """Searchers in units of full search effort, e (u + ζ g) [persons].

    flexible_search  ζ [1]  search of a flexible worker relative to an unemployed one
    """
    people = as_floats(unemployed) + as_floats(flexible_search) * flexible
    return as_floats(search_efficiency * people)


def matches(seekers: Value, vacancies: Value, efficiency: Value, elasticity: Value) -> Array:
    """Matches [persons/period], m = A S^α V^(1−α).

    seekers     S, in units of search effort; vacancies V
    efficiency  A [1/period];  elasticity  α of matches to searchers [1], between 0 and 1
    Source: Petrongolo & Pissarides (2001): constant returns; α mostly 0.5 to 0.7.
    """
    power = as_floats(elasticity)
    return as_floats(efficiency * as_floats(seekers) ** power * vacancies ** (1.0 - power))


def job_finding_rate(
    tightness: Value, efficiency: Value, elasticity: Value, search_efficiency: Value = 1.0
) -> Array:
    """Intensity at which a searcher meets a vacancy, f = e A θ^(1−α) [1/period]."""
    power = 1.0 - as_floats(elasticity)
    return as_floats(search_efficiency * (efficiency * as_floats(tightness) ** power))


def vacancy_filling_rate(tightness: Value, efficiency: Value, elasticity: Value) -> Array:
    """Intensity at which a vacancy meets a searcher, q = A θ^(−α) [1/period]."""
    return as_floats(efficiency * as_floats(tightness) ** -as_floats(elasticity))


def tightness_of_finding(
    finding_rate: Value, efficiency: Value, elasticity: Value, search_efficiency: Value = 1.0
) -> Array:
    """Tightness at which a searcher meets vacancies at a given intensity [1]."""
    base = as_floats(finding_rate) / (as_floats(search_efficiency) * efficiency)
    return as_floats(base ** (1.0 / (1.0 - as_floats(elasticity))))


# --- value of a match and wage ------------------------------------------------------------------


def nash_match_value(match: Match, finding_rate: Value) -> Array:
    """Value J of a filled job to the firm under Nash bargaining [money].

    J = [(1−φρ)(y+h) − (1−φ)(1+τ_er) b⁰/n] / [(r+s+βf)/(1−β) − φρ (r+s)]

    Nash's rule with charges gives the worker a surplus of β n J / ((1−β)(1+τ_er)).
    finding_rate  f [1/period]  of the worker if unemployed
    Source: Pissarides (2000), eq. 1.20 to 1.23, with charges as in ch. 9.
    Limits: negative where the match has no surplus; a one-off hiring subsidy is sunk when the two
    bargain, and the indexed part follows the wage of the cell, not the one under negotiation.
    """
    share, leaving = as_floats(match.bargaining_share), match.leaving_rate
    loss = (leaving + share * finding_rate) / (1.0 - share) - match.indexed * leaving
    return as_floats(match.surplus_flow / loss)


def wage_of_value(match: Match, match_value: Value) -> Array:
    """Wage that leaves the firm a given value, w = [y + h − (r+s) J] / (1+τ_er) [money/period]."""
    cost = match.revenue - match.leaving_rate * match_value
    return as_floats(cost / (1.0 + as_floats(match.employer_rate)))


def nash_wage(match: Match, finding_rate: Value) -> Array:
    """Bargained wage [money/period]; where there is no surplus, the most that a firm can pay."""
    return wage_of_value(match, np.maximum(nash_match_value(match, finding_rate), 0.0))


def match_value_of_wage(match: Match, wage: Value) -> Array:
    """Value of a match that pays a given wage, J = [y + h − (1+τ_er) w] / (r+s) [money]."""
    cost = (1.0 + as_floats(match.employer_rate)) * wage
    return as_floats((match.revenue - cost) / match.leaving_rate)


def unemployment_value(match: Match, wage: Value) -> Array:
    """Flow value of unemployment, b = φ ρ n w + (1−φ) b⁰ [money/period]."""
    fixed = (1.0 - as_floats(match.indexed_share)) * match.outside_value
    return as_floats(match.indexed * match.net_share * wage + fixed)


def output_of_wage(match: Match, wage: Value, finding_rate: Value) -> Array:
    """Output at which a given wage is the bargained one [money/period]; `match.output` is not read.

    The inverse of `nash_wage`, for calibration on an observed wage.
    Limits: the match must have a surplus.
    """
    share, leaving = as_floats(match.bargaining_share), match.leaving_rate
    loss = (leaving + share * finding_rate) / (1.0 - share) - match.indexed * leaving
    kept = leaving / loss
    cost = (1.0 + as_floats(match.employer_rate)) * wage
    revenue = (cost - kept * match.outside_cost) / (1.0 - kept * (1.0 - match.indexed))
    return as_floats(revenue - match.subsidy)


def highest_wage(match: Match) -> Array:
    """Wage at which a firm gains nothing from a match, (y + h) / (1 + τ_er) [money/period]."""
    return as_floats(match.revenue / (1.0 + as_floats(match.employer_rate)))


def rigid_wage(bargained: Value, last: Value, growth: Value, rigidity: Value, most: Value) -> Array:
    """Paid wage: weighted mean of the bargained and last year's uprated wage [money/period].

    growth    [1]  growth of the average wage since last year
    rigidity  [1]  weight of last year's wage, 0 to 1
    most      [money/period]  what a firm can pay: a norm that it could not is given up as far as
              needed, since both would lose by parting
    Source: Hall (2005), Employment Fluctuations with Equilibrium Wage Stickiness: a wage norm
    holds inside the bargaining set.
    Limits: whether the worker would rather quit is not checked.
    """
    weight = as_floats(rigidity)
    norm = (1.0 - weight) * bargained + weight * (as_floats(last) * (1.0 + growth))
    return as_floats(np.minimum(norm, most))


# --- free entry ---------------------------------------------------------------------------------


def vacancy_cost(absolute: Value, in_wages: Value, labour_cost: Value) -> Array:
    """Cost κ of keeping a vacancy open [money/period]: an amount and the time of staff.

    labour_cost  [money/period]  what an employee costs on average, contributions included: those
                 who recruit are employees too, so that a cut of charges lowers both sides
    """
    return as_floats(absolute + as_floats(in_wages) * labour_cost)


def free_entry_residual(filling_rate: Value, mean_match_value: Value, cost: Value) -> Array:
    """What a vacancy earns above its cost, q Σ ω (J + H) − κ [money/period]; 0 in equilibrium.

    Source: Pissarides (2000), eq. 1.9 (the job creation condition).
    """
    return as_floats(as_floats(filling_rate) * mean_match_value - cost)


# --- a minimum wage within a cell ---------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class FlooredMatch:
    """A cell's matches under a minimum wage; values before it is known how good a match is.

    value       E[J(x); made]: what the matches made are worth, before any hiring subsidy [money]
    made_share  share of meetings that become matches [1]
    mean_wage   mean paid wage of the matches made, 0 where none is made [money/period]
    floored_wage  mean of max(x w, w_min) over all qualities, made or not [money/period]
    """

    value: Array
    made_share: Array
    mean_wage: Array
    floored_wage: Array


@dataclass(frozen=True, eq=False)
class Threshold:
    """The quality above which matches are made, whatever the wage, and what lies above it.

    share, mass  share of qualities below it, and their part of the mean [1]
    """

    share: Array
    mass: Array


def match_threshold(
    match: Match, minimum_wage: Value, log_sd: Value, hiring_subsidy: Value = 0.0
) -> Threshold:
    """Quality at which a match at the floor is worth no more than the subsidy makes up for.

    x0 = [(1+τ_er) w_min − (r+s) H] / (y+h); the arguments are those of `floored_match`.
    """
    charged, revenue = 1.0 + as_floats(match.employer_rate), match.revenue
    carried = match.leaving_rate * hiring_subsidy
    needed = np.maximum(charged * as_floats(minimum_wage) - carried, 0.0)
    worth = (match.surplus_flow > 0.0) & (revenue > 0.0)
    lowest = np.divide(needed, revenue, out=_infinite(needed, revenue), where=worth)
    share, mass = below_limit(1.0, log_sd, lowest)
    return Threshold(share, mass)


def floored_match(
    match: Match,
    wage: Value,
    minimum_wage: Value,
    log_sd: Value,
    hiring_subsidy: Value = 0.0,
    threshold: Threshold | None = None,
) -> FlooredMatch:
    """Value, share and wage of matches whose quality x varies within the cell.

    J(x) = [x (y+h) − (1+τ_er) max(x w, w_min)] / (r+s),  made if J(x) + H > 0

    x is lognormal with mean one and scales all terms of the match but the floor, so every piece is
    a partial expectation and nothing is sampled. J + H rises in x, so all matches above
    x0 = [(1+τ_er) w_min − (r+s) H] / (y+h) are made.

    wage          [money/period]  paid at x = 1 if there were no floor
    minimum_wage  [money/period]  0 for none
    log_sd        [1]             standard deviation of ln x; 0 for a cell of equals
    hiring_subsidy  H [money]     paid once when a match is made
    threshold     that of `match_threshold`, where the caller has it already
    Limits: the floor does not move the bargain. Without surplus, or at a wage above what the firm
    can pay, no match of the cell is made, whatever is paid for making it: it would end at once.
    A firm that takes a subsidy for a match at the floor keeps it, since separations do not answer
    to losses.
    """
    wage, floor = as_floats(wage), as_floats(minimum_wage)
    charged, revenue = 1.0 + as_floats(match.employer_rate), match.revenue
    low = threshold or match_threshold(match, floor, log_sd, hiring_subsidy)
    some = (match.surplus_flow > 0.0) & (charged * wage <= (1.0 + ROUNDING) * revenue)
    kink = np.divide(floor, wage, out=_infinite(floor, wage), where=wage > 0.0)
    share_kink, mass_kink = below_limit(1.0, log_sd, kink)
    made = where(some, 1.0 - low.share, 0.0)
    above = 1.0 - mass_kink
    paid = where(some, floor * (share_kink - low.share) + wage * above, 0.0)
    profit = where(some, revenue * (1.0 - low.mass), 0.0) - charged * paid
    mean = np.divide(paid, made, out=np.zeros_like(paid + made), where=made > 0.0)
    return FlooredMatch(
        as_floats(profit / match.leaving_rate),
        made,
        as_floats(mean),
        as_floats(floor * share_kink + wage * above),
    )


def _infinite(*values: Array) -> Array:
    return np.full(np.broadcast_shapes(*(value.shape for value in values)), np.inf)


# --- elasticities of tightness ------------------------------------------------------------------


def tightness_elasticity_of_surplus(match: Match, finding_rate: Value, elasticity: Value) -> Array:
    """Elasticity of tightness to the surplus flow y − b [1], at a given vacancy cost.

    (r + s + βf) / (α (r + s) + βf)

    Source: Shimer (2005), eq. for the comparative static of v/u; Hagedorn & Manovskii (2008).
    Limits: no wage-indexed value of unemployment, no minimum wage, no hiring subsidy.
    """
    pull = as_floats(match.bargaining_share) * finding_rate
    leaving = match.leaving_rate
    return as_floats((leaving + pull) / (as_floats(elasticity) * leaving + pull))


def tightness_elasticity_of_output(match: Match, finding_rate: Value, elasticity: Value) -> Array:
    """Elasticity of tightness to output [1]: that of the surplus times y / (y − b)."""
    leverage = as_floats(match.output) / match.surplus_flow
    return as_floats(leverage * tightness_elasticity_of_surplus(match, finding_rate, elasticity))


def tightness_elasticity_of_separation(
    match: Match, finding_rate: Value, elasticity: Value
) -> Array:
    """Elasticity of tightness to the separation rate [1], −s / (α (r + s) + βf)."""
    pull = as_floats(match.bargaining_share) * finding_rate
    return as_floats(
        -as_floats(match.separation_rate) / (as_floats(elasticity) * match.leaving_rate + pull)
    )
