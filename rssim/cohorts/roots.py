"""Roots of monotone functions, one for each draw, in a fixed number of steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rssim.records import Array

TINY = 1e-300


def rising_root(gap: Callable[[Array], Array], low: Array, high: Array, steps: int) -> Array:
    """Where a rising function is zero, (draw, 1...): false position with halvings.

    gap        (draw, 1...) -> (draw, 1...)  negative at low, positive at high
    steps      number of evaluations after the two ends, the same for every draw, so that a draw
               never depends on its neighbours
    An end that stays twice is weighted down (Illinois), or false position would creep; every third
    step halves the interval.
    """
    at_low, at_high = gap(low), gap(high)
    side = np.zeros_like(low)
    best, least = low, np.abs(at_low)
    for step in range(steps):
        slope = at_high - at_low
        secant = low - at_low * (high - low) / np.where(np.abs(slope) > TINY, slope, 1.0)
        inside = (secant > low) & (secant < high)
        point = np.where(inside, secant, 0.5 * (low + high)) if step % 3 else 0.5 * (low + high)
        value = gap(point)
        nearer = np.abs(value) < least
        best, least = np.where(nearer, point, best), np.where(nearer, np.abs(value), least)
        above = value >= 0
        at_low = np.where(above, np.where(side > 0, 0.5 * at_low, at_low), value)
        at_high = np.where(above, value, np.where(side < 0, 0.5 * at_high, at_high))
        low, high = np.where(above, low, point), np.where(above, point, high)
        side = np.where(above, 1.0, -1.0)
    return best
