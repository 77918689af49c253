"""Indicators of pension finance, as functions of bare arrays; time is the last axis.

They need no run: the same functions serve results, book pages and published cases.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rssim.rules.fund import reserve_months

Array = NDArray[np.float64]
Value = Array | float

__all__ = [
    "actuarial_balance",
    "balanced_rate",
    "coverage_rate",
    "dependency_ratio",
    "depletion_index",
    "discount_factors",
    "first_gap_year",
    "fund_path",
    "gross_replacement_rate",
    "internal_rate_of_return",
    "mean_benefit",
    "reserve_months",
    "settling_factors",
    "stable_dependency_ratio",
    "stable_dependency_ratio_continuous",
    "summarised_cost_rate",
    "summarised_income_rate",
    "summarised_rate",
    "support_ratio",
    "trust_fund_ratio",
]

# Halvings after which the bracket of a rate of return is below 1e-15 of its first width. A fixed
# number, so that one cash flow gives the same bits alone and among others.
_HALVINGS = 60


def balanced_rate(replacement: Value, dependency: Value) -> Array:
    """Contribution rate at which pay-as-you-go income equals cost [1].

    rate = replacement * dependency

    replacement  [1]  mean pension over mean contribution wage
    dependency   [1]  pensioners per contributor
    """
    return _array(replacement * dependency)


def dependency_ratio(retired: Value, workers: Value) -> Array:
    """Retired persons per worker [1]; `workers` above 0."""
    return _array(_array(retired) / workers)


def support_ratio(workers: Value, retired: Value) -> Array:
    """Contributing workers per pensioner [1]; `retired` above 0.

    Published participants of the employee scheme include pensioners: take them off first.
    """
    return _array(_array(workers) / retired)


def coverage_rate(insured: Value, people: Value) -> Array:
    """Insured persons per person of the group that should be insured [1]; `people` above 0.

    Above 1 where people insured at the place are counted in the group of another one.
    """
    return _array(_array(insured) / people)


def mean_benefit(expenditure: Value, beneficiaries: Value) -> Array:
    """Expenditure per beneficiary [yuan/year]; `beneficiaries` above 0.

    expenditure    [yuan/year]  published totals also hold funeral grants and transfers
    beneficiaries  [persons]    at the end of the year in Chinese statistics
    """
    return _array(_array(expenditure) / beneficiaries)


def stable_dependency_ratio(
    growth: Value, entry_age: int, retirement_age: int, final_age: int
) -> Array:
    """Retired per worker in a stable population of yearly cohorts, all alive to the end [1].

    sum_{a=retirement}^{final-1} (1 + n)^-a / sum_{a=entry}^{retirement-1} (1 + n)^-a

    growth  [1/year]  n, growth of the population; ages in completed years
    """
    ages = np.arange(entry_age, final_age)
    people = (1.0 + _array(growth)[..., np.newaxis]) ** -ages.astype(np.float64)
    working = people[..., ages < retirement_age].sum(axis=-1)
    return dependency_ratio(_array(people[..., ages >= retirement_age].sum(axis=-1)), working)


def stable_dependency_ratio_continuous(
    growth: Value, entry_age: Value, retirement_age: Value, final_age: Value
) -> Array:
    """Retired per worker in a continuous stable population, all alive to the end [1].

    integral_R^T exp(-n a) da / integral_E^R exp(-n a) da
    = exp(-n (R - E)) (1 - exp(-n (T - R))) / (1 - exp(-n (R - E))),  (T - R) / (R - E) at n = 0

    growth  [1/year]  n, continuous growth of the population
    """
    work = _array(retirement_age) - entry_age
    retirement = _array(final_age) - retirement_age
    growth = _array(growth)
    still = growth == 0.0
    rate = np.where(still, 1.0, growth)
    # expm1 keeps its digits where growth is small.
    moving = np.exp(-rate * work) * np.expm1(-rate * retirement) / np.expm1(-rate * work)
    return _array(np.where(still, retirement / work, moving))


def internal_rate_of_return(cash_flows: Array, lowest: float = -0.5, highest: float = 1.0) -> Array:
    """Rate at which the present value of the flows is zero [1 per step].

    sum_t cash_flows_t (1 + rate)^-t = 0

    cash_flows  (..., time)  paid in negative, received positive; one change of sign
    lowest, highest          bracket of the rate; NaN where no root lies within it
    """
    steps = np.arange(cash_flows.shape[-1], dtype=np.float64)

    def present_value(rate: Array) -> Array:
        return _array((cash_flows * (1.0 + rate[..., np.newaxis]) ** -steps).sum(axis=-1))

    low = np.full(cash_flows.shape[:-1], lowest)
    high = np.full(cash_flows.shape[:-1], highest)
    sign_low = np.sign(present_value(low))
    has_root = sign_low * np.sign(present_value(high)) < 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        same_side = np.sign(present_value(middle)) == sign_low
        low = np.where(same_side, middle, low)
        high = np.where(same_side, high, middle)
    return _array(np.where(has_root, (low + high) / 2.0, np.nan))


def fund_path(initial: Value, income: Array, cost: Array, interest: Value, timing: float) -> Array:
    """Balances of a fund, the first one included: (..., time + 1) [yuan].

    F_{t+1} = F_t (1 + i_t) + (income_t - cost_t) (1 + timing i_t)

    initial   (...)        [yuan]
    income    (..., time)  [yuan/year]  without interest
    cost      (..., time)  [yuan/year]
    interest  (..., time)  [1/year]     or one rate
    timing                 [1]          share of the year for which flows earn: 0.5 at mid-year
    """
    rates = np.broadcast_to(_array(interest), np.broadcast_shapes(income.shape, cost.shape))
    flows = (income - cost) * (1.0 + timing * rates)
    balances = [np.broadcast_to(_array(initial), flows.shape[:-1])]
    for year in range(flows.shape[-1]):
        balances.append(balances[-1] * (1.0 + rates[..., year]) + flows[..., year])
    return _array(np.stack(balances, axis=-1))


def trust_fund_ratio(path: Array, cost: Array) -> Array:
    """Assets at the start of each year over the cost of that year: (..., time) [1].

    path  (..., time + 1)  [yuan]       balances, see `fund_path`; the last one has no cost
    cost  (..., time)      [yuan/year]  above 0
    Source: US Social Security Trustees, definition of the trust fund ratio.
    """
    return _array(path[..., :-1] / cost)


def depletion_index(path: Array) -> Array:
    """Index of the year during which a fund runs dry [year]; NaN where it never does.

    path  (..., time + 1)  balances at the start of year 0, 1, ...; a fund that starts below zero
                           is dry in year 0
    """
    is_dry = path < 0.0
    during = np.maximum(is_dry.argmax(axis=-1) - 1, 0)
    return _array(np.where(is_dry.any(axis=-1), during, np.nan))


def first_gap_year(income: Array, cost: Array, years: NDArray[np.int64]) -> Array:
    """First year in which cost exceeds income [year]; NaN where there is none.

    income  (..., time)  [yuan/year]
    cost    (..., time)  [yuan/year]
    years   (time,)      [year]
    """
    is_gap = cost > income
    return _array(np.where(is_gap.any(axis=-1), years[is_gap.argmax(axis=-1)], np.nan))


def discount_factors(interest: Value, years: int, timing: float) -> Array:
    """Present value of one yuan of each year: (..., years) [1].

    v_t = (1 + i_t)^-timing prod_{s<t} (1 + i_s)^-1

    interest  (..., years)  [1/year]  or one rate
    timing                  [1]       0 at the start of the year, 0.5 in the middle, 1 at the end
    """
    interest = _array(interest)
    shape = np.broadcast_shapes(interest.shape, (years,))
    growth = 1.0 + np.broadcast_to(interest, shape)
    to_end = np.cumprod(growth, axis=-1)
    return _array(1.0 / (to_end / growth * growth**timing))


def settling_factors(interest: Array) -> Array:
    """What one yuan paid evenly over each year takes of a fund on the first day: (..., time) [1].

    v_t = (1 + i_t / 2) prod_{s<=t} (1 + i_s)^-1

    interest  (..., time)  [1/year]
    The account's own recursion: a fund of sum_t v_t cost_t that pays all costs ends at zero.
    """
    return _array((1.0 + interest / 2.0) / np.cumprod(1.0 + interest, axis=-1))


def summarised_rate(rate: Array, payroll: Array, interest: Value, timing: float) -> Array:
    """Rate of a period: present value of the flow over present value of payroll [1].

    sum_t v_t rate_t payroll_t / sum_t v_t payroll_t

    rate      (..., time)  [1]          flow over payroll, year by year
    payroll   (..., time)  [yuan/year]
    interest, timing                    see `discount_factors`
    """
    discounted = payroll * discount_factors(interest, payroll.shape[-1], timing)
    return _array((rate * discounted).sum(axis=-1) / discounted.sum(axis=-1))


def summarised_income_rate(
    income_rate: Array, payroll: Array, interest: Value, timing: float, initial_fund: Value
) -> Array:
    """Summarised income rate with the fund at the start counted as income [1].

    initial_fund  (...)  [yuan]; the other arguments are those of `summarised_rate`
    Source: US Social Security Trustees, definition of the actuarial balance.
    """
    payroll_value = _payroll_value(payroll, interest, timing)
    return _array(
        summarised_rate(income_rate, payroll, interest, timing) + initial_fund / payroll_value
    )


def summarised_cost_rate(
    cost_rate: Array, payroll: Array, interest: Value, timing: float, target_fund: Value
) -> Array:
    """Summarised cost rate with the fund wanted at the end counted as cost [1].

    target_fund  (...)  [yuan]  at the end of the period: the cost of the year after it
    The other arguments are those of `summarised_rate`.
    Source: US Social Security Trustees, definition of the actuarial balance.
    """
    payroll_value = _payroll_value(payroll, interest, timing)
    at_end = discount_factors(interest, payroll.shape[-1], 1.0)[..., -1]
    return _array(
        summarised_rate(cost_rate, payroll, interest, timing) + target_fund * at_end / payroll_value
    )


def actuarial_balance(
    income_rate: Array,
    cost_rate: Array,
    payroll: Array,
    interest: Value,
    initial_fund: Value,
    target_fund: Value,
    timing: float = 0.5,
) -> Array:
    """Actuarial balance of a period in shares of payroll [1], by the US Trustees' definition.

    summarised income rate (with the initial fund) - summarised cost rate (with the target fund)

    Source: US Social Security Trustees, annual report, section on long-range estimates.
    """
    income = summarised_income_rate(income_rate, payroll, interest, timing, initial_fund)
    return _array(income - summarised_cost_rate(cost_rate, payroll, interest, timing, target_fund))


def gross_replacement_rate(pension: Value, earnings: Value) -> Array:
    """Gross pension over gross earnings [1]; both per month or both per year."""
    return _array(_array(pension) / earnings)


def _payroll_value(payroll: Array, interest: Value, timing: float) -> Array:
    """Present value of payroll [yuan]."""
    return _array((payroll * discount_factors(interest, payroll.shape[-1], timing)).sum(axis=-1))


def _array(values: Value) -> Array:
    """The same values as an array of floats."""
    return np.asarray(values, dtype=np.float64)
