"""Reserve, subsidies and payments between the funds of different levels."""

from __future__ import annotations

import numpy as np

from rssim.rules.elementwise import MONTHS_PER_YEAR, Array, Value, as_floats


def reserve_months(balance: Value, expenditure: Value) -> Array:
    """Months of payments that the balance covers [month].

    balance      [yuan]       at the end of the year
    expenditure  [yuan/year]  of the year; above 0
    """
    return as_floats(as_floats(balance) * MONTHS_PER_YEAR / expenditure)


def fiscal_subsidy(expenditure: Value, share: Value) -> Array:
    """Subsidy of the budget that is set as a share of expenditure [yuan/year]."""
    return as_floats(expenditure * share)


def national_remittance(surplus: Value, share: Value) -> Array:
    """Payment to the national pool [yuan/year]: a share of the current surplus, if there is one.

    surplus  [yuan/year]  income less expenditure of the year, before this payment
    share    [1]
    Limits: the formula of the national pool is not published; a share is an assumption. A place
    with a deficit pays nothing, and receives nothing by this rule.
    """
    return as_floats(share * np.maximum(surplus, 0.0))


def required_subsidy(balance_before: Value) -> Array:
    """Subsidy that keeps the balance at zero [yuan]: 0 where the balance is positive."""
    return as_floats(np.maximum(-as_floats(balance_before), 0.0))
