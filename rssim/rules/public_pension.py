"""The pension of government and public institutions: old formula, new formula, transition.

Source: State Council Document 2 of 2015; Document 28 of 2015 of the Ministry of Human Resources
and Social Security; State Council Office Document 18 of 2015 on occupational annuities. Amounts
are per month. The basic and the account part are those of `employee_pension`.
Limits: these documents are recalled, not read again, unless a function says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssim.rules.elementwise import Array, Condition, Value, as_floats, expected_clip, where
from rssim.rules.employee_pension import new_method_amount, weighted_years
from rssim.rules.schedules import of_band

# -- Old formula ---------------------------------------------------------------------------------


def service_share(service_years: Value, limits: Sequence[Value], shares: Sequence[Value]) -> Array:
    """Share M of basic pay that the old formula grants for years of service [1].

    service_years  [year]
    limits         [year]  years of service from which the next share holds, rising
    shares         [1]     one more than limits; between 0.6 and 0.9
    """
    return of_band(service_years, limits, shares)


def uprating_factor(growth: Value) -> Array:
    """Factor that carries the amount of 2014 to the year of retirement [1].

    prod_n (1 + growth_n) over the last axis, which is multiplied away

    growth  (..., years)  [1/year]  growth of on-post wages in the year before each year from 2015
                                    to the year of retirement; the first entry is 0 by law
    """
    return as_floats(np.prod(1.0 + as_floats(growth), axis=-1))


def old_formula_pension(
    basic_pay: Value, service_share: Value, subsidy: Value, increase: Value, uprating_factor: Value
) -> Array:
    """Pension by the old formula [yuan/month].

    (A M + B + C) prod_{n=2015}^{N} (1 + G_{n-1})

    basic_pay        [yuan/month]  A, basic pay of the post in September 2014
    service_share    [1]           M, see the function of that name
    subsidy          [yuan/month]  B, retirement subsidy of the post
    increase         [yuan/month]  C, increase of 2014
    uprating_factor  [1]           see the function of that name
    Source: Document 28 of 2015, section on the comparison of old and new benefits.
    """
    return as_floats((basic_pay * as_floats(service_share) + subsidy + increase) * uprating_factor)


# -- New formula ---------------------------------------------------------------------------------


def transitional_pension(
    calculation_base: Value, deemed_index: Value, deemed_years: Value, coefficient: Value
) -> Array:
    """Transitional part for service before October 2014 [yuan/month].

    P * deemed_index * deemed_years * coefficient

    calculation_base  [yuan/month]  P of the year in which the pension starts
    deemed_index      [1]           by post and grade, from the table of the province
    deemed_years      [year]
    coefficient       [1/year]      0.012 assumed; provinces set 0.010 to 0.014
    """
    years = weighted_years(deemed_index, deemed_years, 0.0)
    return new_method_amount(calculation_base, years, coefficient)


def new_formula_pension(
    basic: Value, account: Value, transitional: Value, occupational_annuity: Value
) -> Array:
    """Pension by the new formula with the occupational annuity in it [yuan/month].

    The comparison with the old formula is made on this sum; the basic scheme pays the first three
    parts, the annuity is paid out of its own account.
    """
    return as_floats(as_floats(basic) + account + transitional + occupational_annuity)


# -- The ten years of comparison -----------------------------------------------------------------


def compared_pension(new: Value, old: Value, excess_share: Value) -> Array:
    """Pension of people with service before October 2014, in the ten years [yuan/month].

    old where new is not above old; old + excess_share (new - old) otherwise

    excess_share  [1]  by date of retirement: 0.1 up to 2015, then 0.1 more each year, 1 in 2024
    Source: Document 28 of 2015.
    """
    return as_floats(old + excess_share * np.maximum(0.0, as_floats(new) - old))


def expected_compared_pension(
    mean_new: Value, old: Value, excess_share: Value, log_sd: Value
) -> Array:
    """Mean of `compared_pension` over people whose new amounts are lognormal [yuan/month].

    old + excess_share (E[max(new, old)] - old), exact

    mean_new  [yuan/month]  mean new amount of the people
    log_sd    [1]           standard deviation of its logarithm; at 0 all have the mean
    """
    old = as_floats(old)
    excess = expected_clip(mean_new, log_sd, old, np.inf) - old
    return as_floats(old + excess_share * excess)


def pension_at_retirement(
    new: Value, old: Value, excess_share: Value, in_window: Condition
) -> Array:
    """Pension of people with service before October 2014 [yuan/month].

    in_window  retires from October 2014 to September 2024; after it the new formula holds, and
               the old one is no floor any more
    """
    return where(in_window, compared_pension(new, old, excess_share), new)


def arrears(pension_due: Value, pension_paid: Value, months: Value) -> Array:
    """Money owed when a pension paid on account is set anew [yuan]; below 0 if too much was paid.

    (pension_due - pension_paid) months, without interest

    pension_due   [yuan/month]  by the final award
    pension_paid  [yuan/month]  on account, mostly the old amount
    months        [month]       since the first payment at this pair of amounts; where yearly
                                increases changed them, add the arrears of the years
    """
    return as_floats((as_floats(pension_due) - pension_paid) * months)


# -- Occupational annuity ------------------------------------------------------------------------


def employer_payment_at_retirement(notional_balance: Value, notional_share: Value) -> Array:
    """Money that the budget pays in when a notional account falls due [yuan].

    notional_balance  [yuan]  employer's part, accumulated at the recorded rate
                              (`accounts.account_after_full_year`)
    notional_share    [1]     part of it that was only recorded: 1 for units that the budget pays
                              in full, 0 for units that finance themselves
    Source: State Council Office Document 18 of 2015.
    """
    return as_floats(notional_balance * notional_share)


def annuity_balance(notional_balance: Value, funded_balance: Value) -> Array:
    """Occupational annuity of a person [yuan]: the notional and the invested part.

    funded_balance  [yuan]  worker's part and the employer's part that was paid in, see
                            `supplementary.funded_account`
    The instalments are those of `supplementary.instalment` and `paid_in_year`.
    """
    return as_floats(as_floats(notional_balance) + funded_balance)
