"""Tables of the law read by band or by grade, for all schemes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssim.rules.elementwise import Array, Value, as_floats, where

# A ratio that was divided misses a legal limit by a few units in the last place.
_NOISE = 1e-9


def of_band(values: Value, limits: Sequence[Value], levels: Sequence[Value]) -> Array:
    """Level of the band in which a value lies, in the unit of the levels.

    levels[0] below limits[0], levels[1] from limits[0] on, ..., levels[n] from limits[n - 1] on

    values  in the unit of the limits
    limits  n limits, rising; a limit belongs to the band above it
    levels  n + 1 levels
    Raises ValueError where the numbers of limits and levels do not fit.
    """
    values = as_floats(values) + _NOISE
    # An unknown value has no band; and the first level takes the shape of the values.
    level = where(np.isnan(values), np.nan, levels[0])
    for limit, above in zip(limits, levels[1:], strict=True):
        level = where(values >= as_floats(limit), above, level)
    return level


def of_grade(grade: Value, table: Sequence[Value]) -> Array:
    """Entry of a table whose rows are grades 1, 2, ...; 0 where the table has no such grade.

    grade  whole number; 0 stands for people without a grade
    table  in any unit, first grade first
    """
    grade = as_floats(grade)
    entry = where(np.isnan(grade), np.nan, 0.0)
    for number, value in enumerate(table, start=1):
        entry = where(grade == number, value, entry)
    return entry
