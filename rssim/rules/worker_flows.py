"""Stocks and flows of workers: steady states, time aggregation, the lake model, job search.

Source: Shimer (2012), Reassessing the Ins and Outs of Unemployment; McCall (1970), Economics of
Information and Job Search. Rates are per period; each function says whether a rate is an intensity
(events per person and period) or a probability over one period: the two differ.
"""

from __future__ import annotations

import numpy as np

from rssim.rules.elementwise import Array, Value, as_floats


def unemployment_rate(unemployed: Value, employed: Value) -> Array:
    """Unemployed as a share of the labour force [1]."""
    return as_floats(as_floats(unemployed) / (as_floats(unemployed) + employed))


def labour_force_of(unemployed: Value, rate: Value) -> Array:
    """Labour force [persons] behind a published count of unemployed and its rate [1]."""
    return as_floats(as_floats(unemployed) / rate)


def steady_unemployment_rate(separation: Value, finding: Value) -> Array:
    """Unemployment rate at which inflow equals outflow, s / (s + f) [1].

    Two intensities, or two probabilities of one period; without entry and exit.
    """
    return as_floats(as_floats(separation) / (as_floats(separation) + finding))


def separation_rate_at(base: Value, demand: Value, response: Value) -> Array:
    """Separations when output per match is off its path, s = s0 d^(−ε) [1/period].

    base      s0 [1/period]  at demand on its path
    demand    d [1]          output of a match relative to its path, above 0
    response  ε [1]          elasticity, 0 or more
    Source: Shimer (2005), table 1, for the size: separations move against productivity.
    """
    return as_floats(base * as_floats(demand) ** -as_floats(response))


def half_life(separation: Value, finding: Value) -> Array:
    """Periods in which half a gap of the unemployment rate closes, given intensities."""
    return as_floats(np.log(2.0) / (as_floats(separation) + finding))


def half_life_of_probabilities(separation: Value, finding: Value) -> Array:
    """Periods in which half a gap closes if so many move in each period [period].

    The gap shrinks by |1 − s − f| a period; zero if it closes at once.
    """
    left = np.abs(1.0 - as_floats(separation) - finding)
    with np.errstate(divide="ignore"):
        return as_floats(-np.log(2.0) / np.log(left))


def transition_probabilities(
    finding: Value, separation: Value, periods: Value = 1.0
) -> tuple[Array, Array]:
    """Probabilities to have a job, and to have none, a while after having none, or one [1].

    f / (s + f) (1 − e^(−(s+f) t)) and s / (s + f) (1 − e^(−(s+f) t)): who loses a job may find
    another before the count, so the second is below 1 − e^(−s t).

    finding, separation  [1/period]  intensities, not both zero
    Source: Shimer (2012), section 2.
    """
    total = as_floats(finding) + separation
    moved = -np.expm1(-total * periods) / total
    return as_floats(finding * moved), as_floats(separation * moved)


def hazards(
    finding_probability: Value, losing_probability: Value, periods: Value = 1.0
) -> tuple[Array, Array]:
    """Intensities (finding, separation) behind probabilities seen over so many periods [1/period].

    The inverse of `transition_probabilities`: the matrix logarithm of the two-state chain.
    Raises nothing; where the probabilities add up to one or more no chain exists: nan.
    """
    moved = as_floats(finding_probability) + losing_probability
    possible = (moved > 0.0) & (moved < 1.0)
    safe = np.where(possible, moved, 0.5)
    scale = np.where(possible, -np.log1p(-safe) / safe / periods, np.where(moved == 0.0, 0, np.nan))
    return as_floats(finding_probability * scale), as_floats(losing_probability * scale)


def unemployment_after(
    start: Value, separation: Value, finding: Value, periods: Value = 1.0
) -> tuple[Array, Array]:
    """Unemployment rate after a while [1], and unemployed time per person in it [period].

    separation, finding  [1/period]  constant intensities; exact, whatever the length
    """
    total = as_floats(separation) + finding
    goal = as_floats(separation) / total
    gap = as_floats(start) - goal
    closed = -np.expm1(-total * periods)
    return as_floats(start - gap * closed), as_floats(goal * periods + gap * closed / total)


def separation_response(separation: float, finding: float, shock: Array) -> Array:
    """Change of the unemployment rate after small changes of separation [1], (periods,).

    du_t = (1 − s − f) du_(t−1) + (1 − u) ds_t, to first order; the shock of a period moves
    workers in that same period. separation and finding are probabilities of one period.
    shock  (periods,)  change of the separation probability in each period
    """
    kept = 1.0 - separation - finding
    employed = 1.0 - float(steady_unemployment_rate(separation, finding))
    change = 0.0
    path = np.empty(len(shock))
    for period, size in enumerate(shock):
        change = kept * change + employed * float(size)
        path[period] = change
    return path


# --- the lake model -----------------------------------------------------------------------------


def lake_step(
    unemployed: Value,
    employed: Value,
    separation: Value,
    finding: Value,
    entry: Value,
    leave: Value,
) -> tuple[Array, Array]:
    """Unemployed and employed a period later [persons].

    U' = (1−d)(1−f) U + s (1−d) E + b (U+E);  E' = (1−d) f U + (1−s)(1−d) E

    separation s, finding f, leave d  [1]  probabilities of one period
    entry  b [1]  entrants, all unemployed, as a share of the labour force
    Source: the lake model of Ljungqvist & Sargent, Recursive Macroeconomic Theory.
    """
    jobless, working, stay = as_floats(unemployed), as_floats(employed), 1.0 - as_floats(leave)
    found, lost = finding * jobless, separation * working
    later = stay * (jobless - found + lost) + entry * (jobless + working)
    return as_floats(later), as_floats(stay * (working + found - lost))


def lake_unemployment_rate(separation: Value, finding: Value, entry: Value, leave: Value) -> Array:
    """Unemployment rate of the lake in the long run, (b + s(1−d)) / (b + (s+f)(1−d)) [1]."""
    stay = 1.0 - as_floats(leave)
    inflow = as_floats(entry) + separation * stay
    return as_floats(inflow / (inflow + finding * stay))


def lake_growth(entry: Value, leave: Value) -> Array:
    """Growth of the labour force of the lake, b − d [1/period]."""
    return as_floats(as_floats(entry) - leave)


def lake_persistence(separation: Value, finding: Value, entry: Value, leave: Value) -> Array:
    """Share of a gap of the unemployment rate that is left after a period [1].

    The second eigenvalue of the map of rates, (1−d)(1−s−f) / (1 + b − d).
    """
    left = (1.0 - as_floats(leave)) * (1.0 - as_floats(separation) - finding)
    return as_floats(left / (1.0 + lake_growth(entry, leave)))


# --- job search ---------------------------------------------------------------------------------


def reservation_wage(
    offers: Array, probabilities: Array, benefit: Value, discount_factor: Value
) -> Array:
    """Lowest wage worth taking when jobs last for ever [money/period].

    w* − c = β/(1−β) E[max(w − w*, 0)]. The right-hand side is the best of all rules "take the k
    best offers", so w* = max_k (c + γ S_k) / (1 + γ P_k), γ = β/(1−β), with P_k the probability
    of the k best offers and S_k their sum of wage times probability: exact, no iteration.

    offers, probabilities  (n,)   wages and how often they are offered
    benefit                (...)  c, income of a period without work
    discount_factor        (...)  β [1], below 1
    Source: McCall (1970).
    """
    order = np.argsort(offers)[::-1]
    chance = np.concatenate([[0.0], np.cumsum(probabilities[order])])
    mass = np.concatenate([[0.0], np.cumsum((offers * probabilities)[order])])
    patience = (as_floats(discount_factor) / (1.0 - as_floats(discount_factor)))[..., np.newaxis]
    income = as_floats(benefit)[..., np.newaxis]
    return as_floats(((income + patience * mass) / (1.0 + patience * chance)).max(axis=-1))


def acceptance_probability(offers: Array, probabilities: Array, wage: Value) -> Array:
    """Probability that an offer is at or above a reservation wage [1].

    wage  (...)
    """
    taken = np.asarray(offers) >= as_floats(wage)[..., np.newaxis]
    return as_floats((taken * probabilities).sum(axis=-1))


# --- estimation ---------------------------------------------------------------------------------


def fit_matching_function(
    matched: Array, seekers: Array, vacancies: Array
) -> tuple[float, float, float]:
    """Efficiency A and the elasticities to seekers and to vacancies that fit best.

    Least squares on ln m = ln A + a ln S + b ln V; constant returns are not imposed.
    matched, seekers, vacancies  (n,)  all above zero, at least three and not proportional
    Source: Petrongolo & Pissarides (2001), section 4.
    Limits: no trend and no instruments; tightness that answers to shocks of A biases it.
    """
    columns = np.column_stack([np.ones(len(seekers)), np.log(seekers), np.log(vacancies)])
    fitted, _, _, _ = np.linalg.lstsq(columns, np.log(matched), rcond=None)
    return float(np.exp(fitted[0])), float(fitted[1]), float(fitted[2])
