"""Statutory retirement age and the choices around it.

Months are counted through: the index of a month is year * 12 + month - 1, so that January 2025 is
24300 and the difference of two indices is a number of months.

Source: Decision of the Standing Committee of the National People's Congress on gradually raising
the statutory retirement age, and the State Council's measures, both of 13 September 2024.
"""

from __future__ import annotations

import numpy as np

from rssim.rules.elementwise import MONTHS_PER_YEAR, Array, Value, as_floats, whole_up


def month_index(year: Value, month: Value) -> Array:
    """Index of a calendar month [month], year * 12 + month - 1, with month 1 to 12."""
    return as_floats(year * MONTHS_PER_YEAR + month - 1)


def original_month(birth_year: Value, birth_month: Value, original_age: Value) -> Array:
    """Index of the month in which the age of the old law is reached [month].

    birth_year    [year]
    birth_month   [1..12]
    original_age  [year]  60, 55 or 50: a property of the post, not of the person
    """
    return month_index(as_floats(birth_year + original_age), birth_month)


def reform_progress(
    original_month: Value,
    start_month: Value,
    step_months: Value,
    end_month: Value = np.inf,
) -> Array:
    """Steps of the reform that a person has met when reaching the old age [month of delay].

    (months from the start to the original month, both counted) / step_months, 0 before the start

    original_month  [month index]  see `original_month`
    start_month     [month index]  first month that the reform touches; it counts as one
    step_months     [month]        months of birth that share one month of delay (4 or 2)
    end_month       [month index]  first month no longer under this step; a path whose step
                                   changes is the sum of its stretches
    Source: Measures of 13 September 2024, annexed tables.
    """
    passed = np.minimum(as_floats(original_month) + 1, end_month) - start_month
    return as_floats(np.maximum(passed, 0.0) / step_months)


def delay_months(progress: Value, cap_months: Value) -> Array:
    """Delay of the statutory age [month]: every step begun counts, up to the cap (36 or 60)."""
    return as_floats(np.minimum(cap_months, whole_up(progress)))


def statutory_age_months(original_age: Value, delay: Value) -> Array:
    """Statutory retirement age [month].

    original_age  [year]   age of the old law
    delay         [month]  see `delay_months`
    """
    return as_floats(original_age * MONTHS_PER_YEAR + delay)


def retirement_month(birth_year: Value, birth_month: Value, age_months: Value) -> Array:
    """Index of the month in which an age is reached [month]; the pension starts a month later."""
    return as_floats(month_index(birth_year, birth_month) + age_months)


def earliest_age_months(
    statutory_age_months: Value, original_age: Value, early_max_months: Value
) -> Array:
    """Earliest age of a flexible retirement [month], never below the age of the old law.

    original_age      [year]
    early_max_months  [month]  36
    Source: Measures of 13 September 2024, on flexible early retirement.
    Limits: the minimum contribution period is a separate condition.
    """
    lowest = as_floats(original_age) * MONTHS_PER_YEAR
    return as_floats(np.maximum(lowest, as_floats(statutory_age_months) - early_max_months))


def latest_age_months(statutory_age_months: Value, late_max_months: Value) -> Array:
    """Latest age of a retirement deferred by agreement with the employer [month].

    late_max_months  [month]  36
    Source: Measures of 13 September 2024, on flexible late retirement.
    """
    return as_floats(statutory_age_months + late_max_months)
