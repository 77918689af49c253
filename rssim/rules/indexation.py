"""The yearly increase of pensions in payment.

A notice of the ministry gives the mean increase in per cent; the province splits it into a sum per
head, a sum per contribution year, a part in proportion to the pension, and a tilt to the old.
Source: yearly notices on the adjustment of basic pensions, 2016 to 2025.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rssim.rules.elementwise import Array, Value, as_floats, where


class IncreaseParameters(NamedTuple):
    """What a province pays in one round of increases.

    flat          [yuan/year]  per head
    per_year      [yuan/year]  per contribution year
    proportional  [1]          share of the pension
    tilt          [yuan/year]  per unit of tilt weight
    """

    flat: Array
    per_year: Array
    proportional: Array
    tilt: Array


def increase_parameters(
    total_amount: Value,
    total_people: Value,
    total_years: Value,
    total_tilt: Value,
    rate: Value,
    flat_share: Value,
    years_share: Value,
    proportional_share: Value,
    tilt_share: Value,
) -> IncreaseParameters:
    """Parameters that spend exactly `rate * total_amount` when the four shares sum to one.

    total_amount  [yuan/year]    pensions in payment before the increase
    total_people  [person]       pensioners
    total_years   [person year]  their contribution years
    total_tilt    [person]       their tilt weights, for example the number above 70
    rate          [1]            mean increase
    *_share       [1]            how the sum is split
    Limits: a share that nobody can receive (nobody above 70) goes to the proportional part.
    """
    total = as_floats(as_floats(rate) * total_amount)
    flat, no_people = _per_unit(total, flat_share, total_people)
    per_year, no_years = _per_unit(total, years_share, total_years)
    tilt, no_tilt = _per_unit(total, tilt_share, total_tilt)
    proportional = as_floats(rate * (proportional_share + no_people + no_years + no_tilt))
    return IncreaseParameters(flat, per_year, proportional, tilt)


def increased(
    amount: Value,
    people: Value,
    years: Value,
    tilt_weight: Value,
    parameters: IncreaseParameters,
) -> Array:
    """Pensions of a cell, or of one person, after the increase [yuan/year].

    amount       [yuan/year]    pensions of the cell before the increase
    people       [person]       pensioners of the cell; 1 for one person
    years        [person year]  sum of their contribution years
    tilt_weight  [person]       sum of their tilt weights
    """
    return as_floats(
        amount * (1.0 + parameters.proportional)
        + people * parameters.flat
        + years * parameters.per_year
        + tilt_weight * parameters.tilt
    )


def yearly_increase(
    amount: Value,
    people: Value,
    years: Value,
    tilt_weight: Value,
    rate: Value,
    flat_share: Value,
    years_share: Value,
    proportional_share: Value,
    tilt_share: Value,
    axes: tuple[int, ...],
) -> Array:
    """Increments per cell that sum to `rate` times the pensions of the place [yuan/year].

    The arguments are those of `increase_parameters`, by cell; `axes` are the axes of the cells
    that make up the place (all but the draws).
    """
    cells = np.broadcast_arrays(*map(as_floats, (amount, people, years, tilt_weight)))
    total_amount, total_people, total_years, total_tilt = (
        as_floats(cell.sum(axis=axes, keepdims=True)) for cell in cells
    )
    parameters = increase_parameters(
        total_amount,
        total_people,
        total_years,
        total_tilt,
        rate,
        flat_share,
        years_share,
        proportional_share,
        tilt_share,
    )
    return as_floats(increased(amount, people, years, tilt_weight, parameters) - amount)


def indexation_rate_mixed(wage_growth: Value, inflation: Value, wage_weight: Value) -> Array:
    """Rate of increase between wages and prices [1].

    wage_weight wage_growth + (1 - wage_weight) inflation
    """
    return as_floats(wage_weight * wage_growth + (1.0 - wage_weight) * inflation)


def _per_unit(total: Array, share: Value, units: Value) -> tuple[Array, Array]:
    """Sum per unit, and the share that cannot be paid because there are no units."""
    units = as_floats(units)
    exists = units > 0.0
    return (
        where(exists, total * share / np.where(exists, units, 1.0), 0.0),
        where(exists, 0.0, share),
    )
