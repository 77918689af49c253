"""Work-injury insurance: premiums, benefits by grade and payer, deaths, platforms, reserve.

Source: Regulations on Work-Injury Insurance (State Council Order 586 of 2010), articles 29 to 39;
Document 71 of 2015 of the Ministry of Human Resources and Social Security on rates; Regulations
of Guangdong on work-injury insurance. Grade 1 is the most severe, grade 10 the least.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssim.rules.contributions import assessed_base, base_limit
from rssim.rules.elementwise import (
    Array,
    Value,
    as_floats,
    expected_clip,
    share_below,
    where,
)
from rssim.rules.schedules import of_band, of_grade

# -- Premiums ------------------------------------------------------------------------------------


def premium_base(wage: Value, minimum_wage: Value) -> Array:
    """Wage on which the employer pays [yuan/month]: at least the minimum wage, without a cap."""
    return as_floats(np.maximum(wage, minimum_wage))


def expected_premium_base(mean_wage: Value, log_sd: Value, minimum_wage: Value) -> Array:
    """Mean of the wage on which the employer pays, in the unit of the wage: floor, no cap.

    mean_wage  mean of lognormal wages
    log_sd     [1]  standard deviation of their logarithm
    Source: as `premium_base`.
    """
    return expected_clip(mean_wage, log_sd, minimum_wage, np.inf)


def class_rate(risk_class: Value, rates: Sequence[Value]) -> Array:
    """Base rate of a risk class [1].

    risk_class  whole number, 1 (least risk) to 8
    rates       [1]  0.002, 0.004, 0.007, 0.009, 0.011, 0.013, 0.016, 0.019
    Source: Document 71 of 2015.
    """
    return of_grade(risk_class, rates)


def floating_factor(cost_ratio: Value, limits: Sequence[Value], factors: Sequence[Value]) -> Array:
    """Factor by which a firm's rate floats with its own claims [1].

    cost_ratio  [1]  benefits paid for the firm over its premiums
    limits      [1]  rising; set by the province
    factors     [1]  one more than limits: 1, 1.2, 1.5 in class 1; 0.5, 0.8, 1, 1.2, 1.5 in others
    Source: Document 71 of 2015 (the factors).
    """
    return of_band(cost_ratio, limits, factors)


def expected_floating_factor(
    mean_ratio: Value, log_sd: Value, limits: Sequence[Value], factors: Sequence[Value]
) -> Array:
    """Mean factor over firms whose cost ratios are lognormal, weighted by premiums [1].

    f_0 + sum_j (f_j - f_(j-1)) P(ratio >= limit_j)

    mean_ratio  [1]  benefits over premiums of all firms together
    log_sd      [1]  spread of the ratio over firms; at 0 all stand at the mean
    limits, factors  see `floating_factor`
    Limits: a firm's ratio does not depend on its size.
    """
    levels = np.stack([as_floats(factor) for factor in factors], axis=-1)
    steps = np.stack([as_floats(limit) for limit in limits], axis=-1)
    mean, spread = as_floats(mean_ratio)[..., np.newaxis], as_floats(log_sd)[..., np.newaxis]
    reached = 1.0 - share_below(mean, spread, steps)
    return as_floats(levels[..., 0] + (np.diff(levels, axis=-1) * reached).sum(axis=-1))


def reserve_cut(reserve_months: Value, limits: Sequence[Value], cuts: Sequence[Value]) -> Array:
    """Share by which premiums are cut while the reserve is large [1].

    reserve_months  [month]  see `fund.reserve_months`
    limits          [month]  18, 24
    cuts            [1]      0.2, 0.5; 0 below the first limit
    Source: Document 25 of 2018 of the Ministry of Human Resources and Social Security and its
    successors; recalled.
    """
    return of_band(reserve_months, limits, (0.0, *cuts))


def premium_rate(class_rate: Value, floating_factor: Value, reserve_cut: Value) -> Array:
    """Rate that the employer pays [1]: class rate, floated, less the cut; workers pay nothing."""
    return as_floats(class_rate * as_floats(floating_factor) * (1.0 - as_floats(reserve_cut)))


def platform_charge(orders: Value, charge_per_order: Value) -> Array:
    """Charges that platforms pay for riders and drivers without a contract [yuan/year].

    orders            [orders/year]
    charge_per_order  [yuan/order]  by kind of order
    Source: Document 110 of 2021 of the Ministry of Human Resources and Social Security.
    Limits: published counts of insured riders are cumulative, not a stock: use orders.
    """
    return as_floats(orders * as_floats(charge_per_order))


# -- Disability ----------------------------------------------------------------------------------


def benefit_wage(
    own_wage: Value, pool_wage: Value, lowest_ratio: Value, highest_ratio: Value
) -> Array:
    """Wage from which benefits are measured [yuan/month].

    own_wage       [yuan/month]  mean contribution wage of the twelve months before the accident
    pool_wage      [yuan/month]  average wage of the pooling area
    lowest_ratio   [1]           0.6
    highest_ratio  [1]           3
    Source: Regulations on Work-Injury Insurance, article 64.
    """
    lowest, highest = base_limit(pool_wage, lowest_ratio), base_limit(pool_wage, highest_ratio)
    return assessed_base(own_wage, lowest, highest)


def disability_lump_sum(benefit_wage: Value, grade: Value, months: Sequence[Value]) -> Array:
    """Lump sum for a disability [yuan], once, from the fund.

    months  [month]  27, 25, 23, 21, 18, 16, 13, 11, 9, 7 for grades 1 to 10
    Source: Regulations on Work-Injury Insurance, articles 35 to 37.
    """
    return as_floats(benefit_wage * of_grade(grade, months))


def disability_allowance(
    benefit_wage: Value, grade: Value, shares: Sequence[Value], minimum_wage: Value
) -> Array:
    """Monthly allowance for a disability [yuan/month], not below the minimum wage; 0 if none.

    shares        [1]           0.90, 0.85, 0.80, 0.75, 0.70, 0.60 for grades 1 to 6
    minimum_wage  [yuan/month]  of the place; the difference up to it is paid by the same payer
    Source: Regulations on Work-Injury Insurance, articles 35 and 36.
    Limits: grades 5 and 6 only while the employer has no suitable work.
    """
    share = of_grade(grade, shares)
    return where(share > 0.0, np.maximum(benefit_wage * share, minimum_wage), 0.0)


def allowance_by_payer(allowance: Value, grade: Value, last_grade: Value) -> tuple[Array, Array]:
    """Monthly allowance by payer: fund, employer [yuan/month].

    last_grade  4, the last grade whose allowance the fund pays
    """
    by_fund = as_floats(grade) <= as_floats(last_grade)
    return where(by_fund, allowance, 0.0), where(by_fund, 0.0, allowance)


def lump_sums_at_end_of_contract(
    benefit_wage: Value,
    grade: Value,
    fund_months: Sequence[Value],
    employer_months: Sequence[Value],
) -> tuple[Array, Array]:
    """Lump sums when the contract of a disabled worker ends, by payer: fund, employer [yuan].

    fund_months      [month]  for medical care: 10, 8, 6, 4, 2, 1 for grades 5 to 10, 0 before
    employer_months  [month]  for finding work: 50, 40, 25, 15, 8, 4 for grades 5 to 10, 0 before
    Source: Regulations of Guangdong on work-injury insurance, article on the end of the contract.
    """
    medical = benefit_wage * of_grade(grade, fund_months)
    employment = benefit_wage * of_grade(grade, employer_months)
    return as_floats(medical), as_floats(employment)


def top_up_at_retirement(allowance: Value, pension: Value) -> Array:
    """What the fund adds to a pension that is below the allowance [yuan/month], grades 1 to 4.

    Source: Regulations on Work-Injury Insurance, article 35.
    """
    return as_floats(np.maximum(0.0, as_floats(allowance) - pension))


def nursing_allowance(pool_wage: Value, need: Value, shares: Sequence[Value]) -> Array:
    """Allowance for nursing [yuan/month], from the fund.

    need    whole number: 1 full, 2 large, 3 partial need of care; 0 none
    shares  [1]  0.5, 0.4, 0.3 of the average wage of the pooling area
    Source: Regulations on Work-Injury Insurance, article 34.
    """
    return as_floats(pool_wage * of_grade(need, shares))


def wage_during_treatment(wage: Value, months: Value, longest: Value) -> Array:
    """Wage that the employer pays while an injured worker is treated [yuan].

    longest  [month]  12; 24 in severe cases
    Source: Regulations on Work-Injury Insurance, article 33.
    """
    return as_floats(wage * np.minimum(as_floats(months), longest))


# -- Death ---------------------------------------------------------------------------------------


def funeral_grant(pool_wage: Value, months: Value) -> Array:
    """Funeral grant [yuan], once: months (6) of the average wage of the pooling area."""
    return as_floats(pool_wage * as_floats(months))


def death_grant(national_income: Value, multiple: Value) -> Array:
    """Grant to the survivors of a worker who died at work [yuan], once.

    national_income  [yuan/year]  urban disposable income per head of the NATION, last year
    multiple         [year]       20
    Source: Regulations on Work-Injury Insurance, article 39.
    """
    return as_floats(national_income * as_floats(multiple))


def dependants_pension(
    benefit_wage: Value,
    spouses: Value,
    others: Value,
    alone: Value,
    shares: tuple[Value, Value, Value],
) -> Array:
    """Pension of all dependants of one worker [yuan/month], together not above the wage.

    wage min(1, s_spouse spouses + s_other others + s_alone alone)

    spouses  [persons]  0 or 1
    others   [persons]  children, parents and others who lived on the wage
    alone    [persons]  those of all dependants who are orphans or old people alone
    shares   [1]        for a spouse 0.4, for another 0.3, on top for one alone 0.1
    Source: Regulations on Work-Injury Insurance, article 39.
    """
    for_spouse, for_other, on_top = shares
    share = as_floats(spouses) * for_spouse + as_floats(others) * for_other
    return as_floats(benefit_wage * np.minimum(1.0, share + as_floats(alone) * on_top))


# -- Frequency, severity and the long tail -------------------------------------------------------


def mean_class_rate(shares: Value, rates: Value) -> Array:
    """Mean base rate of a payroll [1]; the last axis, of classes, is summed away.

    shares  (..., class) [1]  of the payroll, sum to 1
    rates   (..., class) [1]
    """
    return as_floats((as_floats(shares) * as_floats(rates)).sum(axis=-1))


def bills_paid(proper: Value, improper_share: Value, detection_share: Value) -> tuple[Array, Array]:
    """Improper bills that are paid, and those that a review finds and refuses [yuan/year].

    proper           [yuan/year]  treatment that was due
    improper_share   [1]          of all bills handed in, below 1
    detection_share  [1]          of the improper ones, refused
    """
    improper = as_floats(proper) * improper_share / (1.0 - as_floats(improper_share))
    refused = improper * as_floats(detection_share)
    return as_floats(improper - refused), as_floats(refused)


def expected_injuries(insured: Value, frequency: Value) -> Array:
    """Injuries of a year that bring a benefit [persons/year].

    insured    [persons]  mean of the year
    frequency  [1/year]   recognised injuries per insured person
    """
    return as_floats(insured * as_floats(frequency))


def expected_cost(injuries: Value, grade_shares: Value, grade_costs: Value) -> Array:
    """Cost of a year's injuries [yuan/year]; the last axis, of grades, is summed away.

    injuries      (...)          [persons/year]
    grade_shares  (..., grades)  [1]              sum to 1 with those without a grade
    grade_costs   (..., grades)  [yuan/person]
    """
    mean_cost = (as_floats(grade_shares) * as_floats(grade_costs)).sum(axis=-1)
    return as_floats(injuries * mean_cost)


def life_annuity_factor(survival: Value, growth: Value, interest: Value, timing: float) -> Array:
    """Present value of one yuan a year for life [year]; the last axis, of years, is summed away.

    sum_k survival_k (1 + growth)^k (1 + interest)^-(k + timing)

    survival  (..., years)  [1]       alive, on average, in year 0, 1, ... after the award
    growth    (...)         [1/year]  of the benefit
    interest  (...)         [1/year]
    timing                  [1]       share of the year that has passed at the mean payment: 0.5
    Limits: what is paid beyond the last year given is left out.
    """
    survival = as_floats(survival)
    steps = np.arange(survival.shape[-1], dtype=np.float64)
    growth = as_floats(growth)[..., np.newaxis]
    interest = as_floats(interest)[..., np.newaxis]
    value = survival * (1.0 + growth) ** steps * (1.0 + interest) ** -(steps + timing)
    return as_floats(value.sum(axis=-1))


def life_annuities_by_age(survival: Value, due: Value, growth: Value, interest: Value) -> Array:
    """Present value at each age of one yuan a year for life [year], the last axis is age.

    With l the survivors, g growth, i interest and the mean of a year paid at its middle:

    a_x = N_x / D_x,  D_x = l_x ((1 + g) / (1 + i))^x,  N_x = sum_(y >= x) D_y c_y,
    c_y = due_y (1 + p_y) / 2 (1 + i)^(-1/2)

    survival  (..., age) [1]       p, share alive a year later; the last age is open
    due       (..., age) [1]       share of the yuan that is paid at an age
    growth    (..., 1)   [1/year]  of the benefit
    interest  (..., 1)   [1/year]
    Source: commutation functions of life insurance; `life_annuity_factor` is the plain sum.
    Limits: survival of one period table for the whole future.
    """
    survival, due = as_floats(survival), as_floats(due)
    step = (1.0 + as_floats(growth)) / (1.0 + as_floats(interest))
    chain = survival[..., :-1] * step
    first = np.ones_like(chain[..., :1])
    alive = np.cumprod(np.concatenate([first, chain], axis=-1), axis=-1)
    paid = due * 0.5 * (1.0 + survival) * (1.0 + as_floats(interest)) ** -0.5
    value = alive * paid
    # In the open group one year is like the next: a geometric series.
    value[..., -1] = value[..., -1] / (1.0 - (survival * step)[..., -1])
    to_come = np.cumsum(value[..., ::-1], axis=-1)[..., ::-1]
    return as_floats(np.divide(to_come, alive, out=np.zeros_like(value), where=alive > 0.0))


def long_tail_reserve(persons: Value, benefit: Value, annuity_factor: Value) -> Array:
    """Money that covers the benefits for life that have been granted [yuan].

    persons         [persons]    who receive a monthly benefit
    benefit         [yuan/year]  per person, allowance and nursing
    annuity_factor  [year]       see `life_annuity_factor`
    """
    return as_floats(persons * as_floats(benefit) * annuity_factor)
