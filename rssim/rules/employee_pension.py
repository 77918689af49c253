"""The basic pension of employees: award, eligibility, death, incapacity and leaving.

Source: State Council Document 38 of 2005; Social Insurance Law, articles 15 to 19; for the
transitional pension of Guangdong its reply Yuefuhan [2021] 294. Amounts are per month.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssim.rules.accounts import pension_of_account
from rssim.rules.elementwise import (
    Array,
    Booleans,
    Condition,
    Value,
    as_floats,
    expected_clip,
    where,
    whole_down,
    whole_up,
)

# -- Who may draw --------------------------------------------------------------------------------

SMALL_SPAN = 1e-8


def minimum_months(
    year: Value,
    start_year: Value,
    start_months: Value,
    step_months_per_year: Value,
    cap: Value,
) -> Array:
    """Minimum contribution period of those who reach the statutory age in a year [month].

    min(cap, start_months + step_months_per_year max(0, year - start_year))

    start_year            [year]        last year of the old minimum (2029)
    start_months          [month]       old minimum (180)
    step_months_per_year  [month/year]  6
    cap                   [month]       240
    Source: Decision of 13 September 2024, annex on the minimum contribution period.
    """
    passed = np.maximum(as_floats(year) - start_year, 0.0)
    return as_floats(np.minimum(cap, start_months + step_months_per_year * passed))


def eligible(contributed: Value, minimum: Value) -> Booleans:
    """Whether the contribution period reaches the minimum; both in months, or both in years."""
    return np.asarray(as_floats(contributed) >= as_floats(minimum), dtype=np.bool_)


# -- Basic part and account part -----------------------------------------------------------------


def low_index_factor(index: Value, threshold: Value) -> Array:
    """Factor a that lowers the average-wage half of the basic part for low contributors [1].

    a = min(1, index / threshold); 1 where the threshold is 0, as in the national text

    Source: applied in Guangdong outside Shenzhen (threshold 0.6); read off award notices.
    """
    threshold = as_floats(threshold)
    applies = threshold > 0.0
    ratio = as_floats(index) / np.where(applies, threshold, 1.0)
    return where(applies, np.minimum(1.0, ratio), 1.0)


def expected_low_index_factor(mean_index: Value, log_sd: Value, threshold: Value) -> Array:
    """Mean of `low_index_factor` over people with a lognormal index [1], exact.

    E[min(I, threshold)] / threshold; 1 where the threshold is 0

    mean_index  [1]  mean index of the cell
    log_sd      [1]  standard deviation of the log index within the cell
    """
    threshold = as_floats(threshold)
    applies = threshold > 0.0
    scale = np.where(applies, threshold, 1.0)
    return where(applies, expected_clip(mean_index, log_sd, 0.0, scale) / scale, 1.0)


def basic_pension(
    calculation_base: Value,
    index: Value,
    years: Value,
    accrual_rate: Value,
    low_index_threshold: Value,
) -> Array:
    """Basic part of the pension [yuan/month].

    P (a + I) / 2 * Y * accrual_rate, with a = low_index_factor(I)

    calculation_base     [yuan/month]  P of the year in which the pension starts; not the wage
    index                [1]           I, average contribution wage index
    years                [year]        Y, contribution years with their fraction, deemed included
    accrual_rate         [1/year]      0.01
    low_index_threshold  [1]           0.6 in Guangdong, 0 where the national text holds
    Source: State Council Document 38 of 2005, section 6.
    """
    factor = low_index_factor(index, low_index_threshold)
    return basic_pension_with_factor(calculation_base, factor, index, years, accrual_rate)


def basic_pension_with_factor(
    calculation_base: Value,
    low_index_factor: Value,
    index: Value,
    years: Value,
    accrual_rate: Value,
) -> Array:
    """Basic part of the pension for a given low-index factor [yuan/month].

    For cells: linear in factor and index, so that their means may be put in, the factor's from
    `expected_low_index_factor`. The other arguments are those of `basic_pension`.
    """
    mean_of_both = (as_floats(low_index_factor) + index) / 2.0
    return as_floats(calculation_base * mean_of_both * years * accrual_rate)


def account_pension(balance: Value, divisor: Value) -> Array:
    """Account part of the pension [yuan/month]; paid for life, beyond the end of the balance.

    balance  [yuan]   account at award
    divisor  [month]  see `annuities.annuity_divisor`
    """
    return pension_of_account(balance, divisor)


# -- Transitional part of Guangdong --------------------------------------------------------------


def whole_years(years: Value) -> Array:
    """Completed contribution years [year]."""
    return whole_down(years)


def weighted_years(deemed_index: Value, deemed_years: Value, index_years: Value) -> Array:
    """Index-weighted years before the reform of 1998-07 [year].

    deemed_index  [1]     index of the place for years without records (Guangzhou 1.191)
    deemed_years  [year]  deemed years and contribution years up to 1993-12
    index_years   [year]  sum of own index times length from 1994-01 to 1998-06
    """
    return as_floats(deemed_index * deemed_years + index_years)


def new_method_amount(calculation_base: Value, weighted_years: Value, coefficient: Value) -> Array:
    """Transitional amount of the new method [yuan/month].

    coefficient  [1/year]  0.012
    Source: Yuefuhan [2021] 294.
    """
    return as_floats(calculation_base * weighted_years * coefficient)


def deemed_account_estimate(
    weighted_years: Value, amount_per_weighted_year: Value, accumulation: Value
) -> Array:
    """Deemed account of a person for whom none is recorded [yuan].

    amount_per_weighted_year  [yuan/year]  at mid-1998: 11 % of 12 months of the average wage 853
    accumulation              [1]          product of (1 + recorded rate) since then
    Limits: an estimate, within about 2 % of the one notice that prints the account.
    """
    return as_floats(weighted_years * amount_per_weighted_year * accumulation)


def old_method_amount(deemed_account: Value, old_divisor: Value) -> Array:
    """Transitional amount of the old method [yuan/month]: deemed account over divisor (120)."""
    return as_floats(as_floats(deemed_account) / old_divisor)


def old_amount_with_allowance(
    old_amount: Value, whole_years: Value, year_allowance: Value
) -> Array:
    """Old amount and the allowance per completed contribution year [yuan/month].

    whole_years     [year]             see `whole_years`
    year_allowance  [yuan/month/year]  4
    """
    return as_floats(old_amount + year_allowance * whole_years)


def transitional_adjustment(
    new_amount: Value, old_with_allowance: Value, phase_share: Value
) -> Array:
    """Part of the gain from the new method that is paid in the year of retirement [yuan/month].

    phase_share  [1]  0.3, 0.5, 0.7, 0.9 in 2021 to 2024, then 1
    Source: Yuefuhan [2021] 294.
    """
    return as_floats(phase_share * np.maximum(0.0, as_floats(new_amount) - old_with_allowance))


def transitional_pension(
    new_amount: Value,
    old_amount: Value,
    whole_years: Value,
    flat: Value,
    year_allowance: Value,
    phase_share: Value,
) -> Array:
    """Transitional part of the pension [yuan/month]; new retirees without old years get it too.

    A = old_amount + year_allowance whole_years
    T = flat + A + phase_share max(0, new_amount - A)

    flat  [yuan/month]  100; not indexed in the law
    The other arguments are those of the functions above.
    Limits: Guangdong outside Shenzhen; Shenzhen has an old amount of its own.
    """
    guaranteed = old_amount_with_allowance(old_amount, whole_years, year_allowance)
    gain = transitional_adjustment(new_amount, guaranteed, phase_share)
    return as_floats(flat + guaranteed + gain)


def transitional_pension_allowance_on_top(
    new_amount: Value, old_amount: Value, whole_years: Value, flat: Value, year_allowance: Value
) -> Array:
    """Transitional part if the allowance per year is paid beside the new amount [yuan/month].

    T = flat + year_allowance whole_years + max(new_amount, old_amount)

    Limits: an alternative reading for retirements from 2025 on, which no published text settles.
    """
    larger = np.maximum(new_amount, old_amount)
    return as_floats(
        flat + old_amount_with_allowance(as_floats(larger), whole_years, year_allowance)
    )


# -- Death ---------------------------------------------------------------------------------------


def funeral_grant(income_m: Value, months: Value) -> Array:
    """Funeral grant [yuan], once.

    income_m  [yuan/month]  urban disposable income per head of the province, previous year
    months    [month]       2
    Source: Document 18 of 2021 of the Ministry of Human Resources and Social Security.
    """
    return as_floats(income_m * months)


def survivor_months(
    years: Value, limits: Sequence[Value], months: Sequence[Value], cap: Value
) -> Array:
    """Months of income that the survivors of a contributor receive [month].

    months[0] below limits[0], months[1] below limits[1], months[2] up to limits[2];
    beyond it one month more for every year begun, up to the cap

    years   [year]   contribution years
    limits  [year]   5, 10, 15
    months  [month]  3, 6, 9
    cap     [month]  24
    Source: Document 18 of 2021 of the Ministry of Human Resources and Social Security.
    """
    first, second, third = limits
    few, some, many = months
    years = as_floats(years)
    extra = whole_up(np.maximum(years - third, 0.0))
    longest = np.minimum(cap, many + extra)
    return where(years < first, few, where(years < second, some, as_floats(longest)))


def survivor_months_of_pensioner(
    years: Value,
    years_received: Value,
    limits: Sequence[Value],
    months: Sequence[Value],
    cap: Value,
    minimum: Value,
) -> Array:
    """Months of income that the survivors of a pensioner receive [month].

    max(minimum, survivor_months - completed years of pension received)

    years_received  [year]   since the first pension
    minimum         [month]  9
    The other arguments are those of `survivor_months`.
    """
    without_pension = survivor_months(years, limits, months, cap)
    return as_floats(np.maximum(minimum, without_pension - whole_down(years_received)))


def survivor_grant(income_m: Value, months: Value) -> Array:
    """Grant to the survivors [yuan], once; the account balance is inherited besides.

    income_m  [yuan/month]  as in `funeral_grant`
    months    [month]       see `survivor_months`
    Limits: below five years the sum is capped by own contributions; see `capped_survivor_grant`.
    """
    return as_floats(income_m * months)


def capped_survivor_grant(
    grant: Value, own_contributions: Value, years: Value, limit_years: Value
) -> Array:
    """Grant to the survivors [yuan], not above own contributions in a short career.

    own_contributions  [yuan]  sum of what the person paid
    limit_years        [year]  5
    Limits: the cap is recalled from the document of 2021, not read again.
    """
    is_short = as_floats(years) < as_floats(limit_years)
    return where(is_short, as_floats(np.minimum(grant, own_contributions)), grant)


# -- Loss of working capacity --------------------------------------------------------------------


def incapacity_allowance(
    pension: Value,
    basic_part: Value,
    meets_minimum: Condition,
    months_to_age: Value,
    near_months: Value,
) -> Array:
    """Allowance after full loss of working capacity before the statutory age [yuan/month].

    Minimum met and the age near: the whole pension. Minimum met and the age far, or minimum not
    met: the basic part; without the minimum only for `incapacity_months`.

    pension        [yuan/month]  basic, account and transitional part at today's age and divisor
    basic_part     [yuan/month]
    meets_minimum                see `eligible`
    months_to_age  [month]       to the statutory age
    near_months    [month]       60
    Source: provisional measures on the incapacity allowance, in force since January 2025.
    Limits: recalled, not read again.
    """
    is_near = as_floats(months_to_age) <= as_floats(near_months)
    return where(np.logical_and(meets_minimum, is_near), pension, basic_part)


def incapacity_months(
    years: Value, limit_years: Value, base_months: Value, months_per_year: Value
) -> Array:
    """Months for which the allowance is paid to people below the minimum period [month].

    base_months + months_per_year times the years begun beyond limit_years

    years            [year]        contribution years
    limit_years      [year]        5
    base_months      [month]       12
    months_per_year  [month/year]  3
    """
    begun = whole_up(np.maximum(as_floats(years) - limit_years, 0.0))
    return as_floats(base_months + months_per_year * begun)


# -- Leaving -------------------------------------------------------------------------------------


def contribution_wages(index_years: Value, years: Value, wage: Value, wage_growth: Value) -> Array:
    """Sum of the wages of past years on which contributions were paid [yuan], nominal.

    index_years  [year]      sum of index x years
    years        [year]      mean length of the record
    wage         [yuan/year] today's reference wage
    wage_growth  [1/year]    at which it grew over the record

    Each year counts at the wage of its time: index_years x wage x [1 - (1+g)^-Y] / (Y ln(1+g)).
    Limits: an even record that ends today; the growth of the last years stands for all of it.
    """
    growth = np.log1p(as_floats(wage_growth))
    span = growth * as_floats(years)
    small = np.abs(span) < SMALL_SPAN
    safe = np.where(small, 1.0, span)
    discount = np.where(small, 1.0 - span / 2.0, -np.expm1(-safe) / safe)
    return as_floats(index_years * as_floats(wage) * discount)


def portability_transfer(balance: Value, indexed_wages: Value, pooled_rate: Value) -> Array:
    """Money that goes along when the insurance moves to another province [yuan].

    balance        [yuan]  individual account, in full
    indexed_wages  [yuan]  own contribution wages since 1998, see `contribution_wages`
    pooled_rate    [1]     0.12
    Source: State Council Office Document 66 of 2009.
    """
    return as_floats(balance + pooled_rate * indexed_wages)


def refund_on_leaving(balance: Value) -> Array:
    """Refund at the retirement age to a person below the minimum who asks for it [yuan].

    The whole account; pooled contributions are not refunded.
    Source: Implementation rules of the Social Insurance Law (2011), article 3.
    """
    return as_floats(balance)
