"""Unemployment insurance: contributions, benefit, what it pays besides, and its reserve.

Source: Social Insurance Law, articles 44 to 52; Regulations of Guangdong on unemployment insurance
(amended January 2025). Amounts are per month where `_m` or the first line says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssim.rules.contributions import assessed_base, base_limit
from rssim.rules.elementwise import (
    MONTHS_PER_YEAR,
    Array,
    Booleans,
    Condition,
    Value,
    as_floats,
    where,
    whole_down,
)
from rssim.rules.schedules import of_band, of_grade

# -- Contributions -------------------------------------------------------------------------------


def contribution_base(
    wage: Value, minimum_wage: Value, on_post_wage: Value, cap_ratio: Value
) -> Array:
    """Contribution base of one wage [yuan/month], between minimum wage and cap.

    wage          [yuan/month]
    minimum_wage  [yuan/month]  of the city
    on_post_wage  [yuan/month]  average wage of on-post staff of the city, last year; not the
                                provincial wage that limits pension contributions
    cap_ratio     [1]           3
    Source: Regulations of Guangdong on unemployment insurance. For people with spread wages use
    `contributions.expected_assessed_base` with the same two limits.
    """
    return assessed_base(wage, minimum_wage, base_limit(on_post_wage, cap_ratio))


def performance_coefficient(
    claims_ratio: Value, limits: Sequence[Value], coefficients: Sequence[Value]
) -> Array:
    """Coefficient by which a firm's rate is lowered for few claims [1].

    claims_ratio  [1]  claims of the firm's former staff over its contributions
    limits        [1]  rising
    coefficients  [1]  one more than limits; 0.4 to 1
    Limits: used in Guangdong until April 2023; the bands of claims are not at hand.
    """
    return of_band(claims_ratio, limits, coefficients)


def employer_rate(base_rate: Value, coefficient: Value) -> Array:
    """Rate that an employer pays [1]: the rate in force times the performance coefficient."""
    return as_floats(base_rate * as_floats(coefficient))


def contributions_by_payer(
    base: Value, employer_rate: Value, worker_rate: Value
) -> tuple[Array, Array]:
    """Contributions of employer and worker, in the unit of the base.

    A flexible worker who joins pays both.
    """
    return as_floats(base * as_floats(employer_rate)), as_floats(base * as_floats(worker_rate))


# -- Benefit -------------------------------------------------------------------------------------


def benefit(minimum_wage: Value, share: Value) -> Array:
    """Unemployment benefit [yuan/month]: a share (0.9) of the city's minimum wage.

    It does not depend on the former wage.
    Source: Regulations of Guangdong on unemployment insurance.
    """
    return as_floats(minimum_wage * as_floats(share))


def eligible(
    is_involuntary: Condition, is_registered: Condition, paid_months: Value, minimum_months: Value
) -> Booleans:
    """Whether an unemployed person has a claim.

    is_involuntary  the job did not end by the worker's own will
    is_registered   registered as unemployed and looking for work
    paid_months     [month]  since the last claim
    minimum_months  [month]  12
    Source: Social Insurance Law, article 45.
    """
    has_paid = as_floats(paid_months) >= as_floats(minimum_months)
    return np.asarray(has_paid & is_involuntary & is_registered, dtype=np.bool_)


def benefit_months(
    paid_months: Value,
    minimum_months: Value,
    first_period: Value,
    first_step: Value,
    later_step: Value,
    cap: Value,
) -> Array:
    """Months for which the benefit is granted, schedule of Guangdong [month].

    0 below minimum_months; one month per completed first_step up to first_period, one more per
    completed later_step beyond it, at most cap

    paid_months     [month]  since the last claim
    minimum_months  [month]  12
    first_period    [month]  48
    first_step      [month]  12
    later_step      [month]  6
    cap             [month]  24
    Source: Regulations of Guangdong on unemployment insurance, article on duration.
    """
    paid = as_floats(paid_months)
    first = whole_down(np.minimum(paid, first_period) / first_step)
    later = whole_down(np.maximum(0.0, paid - first_period) / later_step)
    return where(paid >= minimum_months, np.minimum(cap, first + later), 0.0)


def longest_benefit_months(
    paid_months: Value, limits: Sequence[Value], months: Sequence[Value]
) -> Array:
    """Longest duration that the national law allows [month].

    limits  [month]  12, 60, 120
    months  [month]  12, 18, 24; 0 below the first limit
    Source: Social Insurance Law, article 46.
    """
    return of_band(paid_months, limits, (0.0, *months))


def with_unused_months(granted: Value, unused: Value, cap: Value) -> Array:
    """Months granted together with those left from the last claim [month], at most the cap.

    unused  [month]  granted for the last claim and not drawn
    Source: Social Insurance Law, article 46.
    """
    return as_floats(np.minimum(cap, as_floats(granted) + unused))


def months_until_pension(granted: Value, months_to_age: Value, limit: Value) -> Array:
    """Months of benefit of a recipient who grows old [month].

    Not longer than to the statutory age; and up to that age for those who have a claim and would
    run out of it less than `limit` before it.

    granted        [month]  see `benefit_months`
    months_to_age  [month]  from the first benefit to the statutory age
    limit          [month]  12
    Source: Decision of 13 September 2024 and its measures, on recipients of unemployment benefit.
    """
    granted, months_to_age = as_floats(granted), as_floats(months_to_age)
    extended = np.logical_and(granted > 0.0, months_to_age - granted < limit)
    return where(extended, np.maximum(0.0, months_to_age), granted)


# -- What the fund pays besides ------------------------------------------------------------------


def medical_contributions(base: Value, rate: Value, months: Value) -> Array:
    """Medical contributions that the fund pays for a recipient [yuan].

    base    [yuan/month]  set by the place
    rate    [1]           of employer and worker together
    months  [month]       months of benefit
    Source: Social Insurance Law, article 48.
    """
    return as_floats(base * as_floats(rate) * months)


def pension_contribution_months(months: Value, months_to_age: Value, limit: Value) -> Array:
    """Months of benefit for which the fund also pays pension contributions [month].

    The months within `limit` of the statutory age, while the retirement age rises.

    months         [month]  see `months_until_pension`
    months_to_age  [month]  from the first benefit to the statutory age
    limit          [month]  12
    Source: Decision of 13 September 2024 and its measures, on recipients of unemployment benefit.
    """
    months = as_floats(months)
    before = np.maximum(0.0, as_floats(months_to_age) - limit)
    return as_floats(np.maximum(0.0, np.minimum(months, months_to_age) - before))


def pension_contributions(base: Value, rate: Value, months: Value) -> Array:
    """Pension contributions that the fund pays for a recipient near retirement [yuan].

    base    [yuan/month]  set by the place, between floor and cap of the pension base
    rate    [1]           of the flexible worker (0.2), assumed
    months  [month]       see `pension_contribution_months`
    """
    return as_floats(base * as_floats(rate) * months)


def death_payment(on_post_wage: Value, funeral_months: Value, survivor_months: Value) -> Array:
    """Payment at a recipient's death [yuan], once: funeral grant and grant to the survivors.

    on_post_wage     [yuan/month]  average wage of on-post staff of the city
    funeral_months   [month]       3
    survivor_months  [month]       6
    Source: Regulations of Guangdong on unemployment insurance.
    """
    return as_floats(on_post_wage * (as_floats(funeral_months) + survivor_months))


# -- Active measures -----------------------------------------------------------------------------


def may_have_refund(
    layoff_rate: Value,
    limit: Value,
    staff: Value,
    small_staff: Value,
    small_limit: Value,
) -> Booleans:
    """Whether a firm laid off few enough to have a retention refund.

    layoff_rate  [1]        of the last year
    limit        [1]        target of the surveyed unemployment rate of the nation (0.055)
    staff        [persons]  insured at the end of the year before
    small_staff  [persons]  30, up to which `small_limit` (0.2) holds
    Source: Document 40 of 2024 and its successors of the Ministry of Human Resources and Social
    Security on job retention.
    """
    is_small = as_floats(staff) <= as_floats(small_staff)
    return np.asarray(as_floats(layoff_rate) <= where(is_small, small_limit, limit), dtype=np.bool_)


def retention_refund(contributions_last_year: Value, ratio: Value, qualifies: Value) -> Array:
    """Refund to a firm that keeps its staff [yuan/year].

    contributions_last_year  [yuan/year]  of employer and workers, paid in the year BEFORE
    ratio                    [1]          by size: 0.6 small and medium, 0.3 large firms
    qualifies                [1]          1 or 0 from `may_have_refund`; in a cell the share of
                                          contributions from firms that qualify and apply
    """
    return as_floats(contributions_last_year * as_floats(ratio) * qualifies)


def hiring_subsidy(hires: Value, paid_months: Value, minimum_months: Value, amount: Value) -> Array:
    """Subsidy to employers that hire graduates and young unemployed [yuan].

    hires           [persons]      of the target group
    paid_months     [month]        months paid for them so far
    minimum_months  [month]        3
    amount          [yuan/person]  at most 1 500
    """
    is_due = as_floats(paid_months) >= as_floats(minimum_months)
    return where(is_due, as_floats(hires) * amount, 0.0)


def skill_subsidy(
    rank: Value,
    amounts: Sequence[Value],
    paid_months: Value,
    minimum_months: Value,
) -> Array:
    """Subsidy for one certificate of skill [yuan].

    rank            whole number: 1 primary (grade 5), 2 intermediate (4), 3 senior (3); 0 none
    amounts         [yuan]   1 000, 1 500, 2 000 at most
    paid_months     [month]  paid by the worker in all
    minimum_months  [month]  12; 36 until 2018
    Source: Document 40 of 2017 of the Ministry of Human Resources and Social Security.
    """
    has_paid = as_floats(paid_months) >= as_floats(minimum_months)
    return where(has_paid, of_grade(rank, amounts), 0.0)


# -- Reserve -------------------------------------------------------------------------------------


def high_cost_rate(cost_rates: Value, years: int) -> Array:
    """Mean of the highest yearly cost rates of a period [1]; the last axis is taken away.

    cost_rates  (..., time)  [1]     benefits over covered wages, at least as many as `years`
    years                    [year]  3
    Source: United States, 20 CFR 606.32, average high cost rate.
    """
    ranked = np.sort(as_floats(cost_rates), axis=-1)
    return as_floats(ranked[..., -years:].mean(axis=-1))


def high_cost_multiple(balance: Value, payroll: Value, high_cost_rate: Value) -> Array:
    """Years of benefits at the high cost rate that the reserve can pay [year].

    (balance / payroll) / high_cost_rate

    balance         [yuan]       at the end of the year
    payroll         [yuan/year]  covered wages of that year
    high_cost_rate  [1/year]     see the function of that name; above 0
    Source: United States, 20 CFR 606.32; a multiple of 1 is the usual minimum.
    """
    return as_floats(as_floats(balance) / payroll / high_cost_rate)


def counter_cyclical_rate(
    normal_rate: Value,
    unemployment_rate: Value,
    normal_unemployment_rate: Value,
    response: Value,
    lowest: Value,
    highest: Value,
) -> Array:
    """Contribution rate that falls in bad times and rises in good ones [1].

    normal_rate - response (unemployment_rate - normal_unemployment_rate), within its limits

    response  [1]  points of contribution per point of unemployment
    Limits: not in force anywhere in China; a lever.
    """
    gap = as_floats(unemployment_rate) - normal_unemployment_rate
    rate = as_floats(normal_rate) - response * gap
    return as_floats(np.minimum(highest, np.maximum(lowest, rate)))


def stressed_reserve_months(
    balance: Value, expenditure: Value, revenue: Value, cost_factor: Value
) -> Array:
    """Months until the reserve is used up if expenditure jumps [month]; infinite if never.

    12 balance / (cost_factor expenditure - revenue)

    balance      [yuan]       0 or more
    expenditure  [yuan/year]  of a usual year
    revenue      [yuan/year]
    cost_factor  [1]          stressed over usual expenditure
    """
    gap = cost_factor * as_floats(expenditure) - revenue
    runs_down = gap > 0.0
    months = as_floats(balance) * MONTHS_PER_YEAR / np.where(runs_down, gap, 1.0)
    return where(runs_down, months, np.inf)
