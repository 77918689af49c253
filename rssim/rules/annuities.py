"""The legal divisor that turns an account into a pension.

Source: State Council Document 38 of 2005, annex; measures of 13 September 2024 for ages in months.
"""

from __future__ import annotations

import numpy as np

from rssim.rules.elementwise import (
    MONTHS_PER_YEAR,
    Array,
    Condition,
    Value,
    as_floats,
    half_up,
    where,
    whole_down,
)

# The divisor of an age between two birthdays is published with one decimal.
DIVISOR_DECIMALS = 1


def annuity_divisor(
    age_months: Value, table_ages: Value, table_months: Value, by_month: Condition
) -> Array:
    """Months by which the balance is divided at an age of award [month].

    age_months    (...)    [month]  age at award
    table_ages    (rows,)  [year]   ages of the legal table, rising
    table_months  (rows,)  [month]  divisors at these ages
    by_month      (...)             true from 2025 on: linear between two birthdays, one decimal,
                                    half up; false: the divisor of the last birthday
    Limits: outside the table its first or last divisor holds.
    """
    ages, months = as_floats(table_ages), as_floats(table_months)
    age = as_floats(age_months) / MONTHS_PER_YEAR
    interpolated = half_up(as_floats(np.interp(age, ages, months)), DIVISOR_DECIMALS)
    at_birthday = as_floats(np.interp(whole_down(age), ages, months))
    return where(by_month, interpolated, at_birthday)
