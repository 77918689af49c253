"""Individual accounts: notional balances with a recorded interest rate.

Source: State Council Documents 26 of 1997 and 38 of 2005; Document 31 of 2017 of the Ministry of
Human Resources and Social Security on the recorded rate.
"""

from __future__ import annotations

from rssim.rules.elementwise import MONTHS_PER_YEAR, Array, Value, as_floats


def account_after_full_year(
    balance: Value, rate: Value, credits: Value, mid_year_factor: Value
) -> Array:
    """Balance at the end of a year in which contributions came in month by month [yuan].

    balance (1 + rate) + credits (1 + rate mid_year_factor / 2)

    balance          [yuan]    at the start of the year
    rate             [1/year]  recorded interest rate of the year
    credits          [yuan]    sum of the year's credits
    mid_year_factor  [1]       1.083, the rounded 13/12 of the rule: a credit of January earns
                               interest for twelve months, one of December for one
    """
    return as_floats(balance * (1.0 + rate) + credits * (1.0 + rate * mid_year_factor / 2.0))


def account_at_award(balance: Value, rate: Value, months: Value, credits: Value) -> Array:
    """Balance when the pension is awarded within a year [yuan].

    balance (1 + rate months / 12) + credits

    balance  [yuan]    at the start of the year of award
    rate     [1/year]  recorded rate of that year, or of the year before while unpublished
    months   [month]   months of the year before the pension starts
    credits  [yuan]    credits of those months; they earn nothing in the year of award
    """
    return as_floats(balance * (1.0 + rate * months / MONTHS_PER_YEAR) + credits)


def account_start_year_crediting(balance: Value, rate: Value, credits: Value) -> Array:
    """Balance at the end of a year if the year's credits come on its first day [yuan].

    (balance + credits) (1 + rate): a convention of comparative studies, not the law.
    """
    return as_floats((balance + credits) * (1.0 + rate))


def account_end_year_crediting(balance: Value, rate: Value, credits: Value) -> Array:
    """Balance at the end of a year if the year's credits come on its last day [yuan].

    balance (1 + rate) + credits: a convention of comparative studies, not the law.
    """
    return as_floats(balance * (1.0 + rate) + credits)


def pension_of_account(balance: Value, divisor: Value) -> Array:
    """Monthly pension that a balance pays [yuan/month].

    balance  [yuan]
    divisor  [month]  see `annuities.annuity_divisor`
    """
    return as_floats(as_floats(balance) / divisor)
