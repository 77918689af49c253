"""The few helpers that rules need: choices, legal rounding, expectations over a lognormal."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Value = Array | NDArray[np.int64] | float
"""An argument of a rule: it broadcasts against the others."""
Condition = Booleans | bool

MONTHS_PER_YEAR = 12

# Binary fractions miss decimal ones by a few units in the last place; a legal step is never so
# near to the next one. The first part covers months and years, the second one large sums.
_NOISE = 1e-9
_RELATIVE_NOISE = 1e-12


def as_floats(values: ArrayLike) -> Array:
    """The same values as an array of floats; no copy is made of an array of floats."""
    return np.asarray(values, dtype=np.float64)


def where(condition: Condition, then: Value, otherwise: Value) -> Array:
    """`then` where the condition holds, `otherwise` elsewhere."""
    return as_floats(np.where(condition, then, otherwise))


def whole_down(values: Value) -> Array:
    """The largest whole number not above the value (completed years, completed months)."""
    values = as_floats(values)
    return as_floats(np.floor(values + _NOISE + _RELATIVE_NOISE * np.abs(values)))


def whole_up(values: Value) -> Array:
    """The smallest whole number not below the value (every month or year begun counts)."""
    return as_floats(0.0 - whole_down(-as_floats(values)))


def half_up(values: Value, decimals: int = 0) -> Array:
    """The values rounded to so many decimals, halves away from zero, as Chinese offices round."""
    scale = 10.0**decimals
    values = as_floats(values)
    return as_floats(np.copysign(whole_down(np.abs(values) * scale + 0.5) / scale, values))


def expect(rule: Callable[[Array], Array], nodes: Value, weights: Value) -> Array:
    """Expectation of a rule over nodes on the last axis, which is summed away.

    E[rule(X)] = sum_k weights_k rule(nodes_k)

    rule     maps nodes to results of the same shape; what else it reads must leave room for the
             axis of the nodes, for example as `wage[..., np.newaxis]`
    nodes    (..., n)
    weights  (..., n) or (n,), sum to one over the last axis
    """
    return as_floats((rule(as_floats(nodes)) * as_floats(weights)).sum(axis=-1))


def lognormal_nodes(mean: Value, log_sd: Value, n: int) -> tuple[Array, Array]:
    """Nodes (..., n) and weights (n,) that stand for a lognormal variable of the given mean.

    The line of probabilities is cut at p_k = (1 - cos(pi k / n)) / 2, so that both tails are
    finer than the middle; a node is the mean of the variable within its slice. Hence the weighted
    mean of the nodes is `mean` itself, whatever n is, and floors and caps in the tails are met.

    mean    (...)  mean of the variable, not of its logarithm
    log_sd  (...)  standard deviation of the logarithm, 0 or more
    """
    below, quantile = _normal()
    share = (1.0 - np.cos(np.pi * np.arange(n + 1) / n)) / 2.0
    share[0], share[-1] = 0.0, 1.0
    limit = quantile(share)
    spread = as_floats(log_sd)[..., np.newaxis]
    # The upper half is measured from above, where small shares are exact.
    upper = limit > 0.0
    from_below = below(limit - spread)
    from_above = below(spread - limit)
    weights = np.where(upper[:-1], np.diff(-below(-limit)), np.diff(below(limit)))
    shares = np.where(upper[:-1], np.diff(-from_above), np.diff(from_below))
    nodes = as_floats(mean)[..., np.newaxis] * shares / weights
    return as_floats(nodes), as_floats(weights)


def share_below(mean: Value, log_sd: Value, limit: Value) -> Array:
    """Share of a lognormal variable that is at or below a limit [1].

    P(X <= k) = Phi(d),  d = (ln(k / mean) + log_sd^2 / 2) / log_sd

    mean    mean of the variable, 0 or more
    log_sd  standard deviation of the logarithm; at 0 all stand at the mean
    limit   0 to infinity
    """
    below, _ = _normal()
    return as_floats(below(_standard_limit(mean, log_sd, limit)))


def expected_below(mean: Value, log_sd: Value, limit: Value) -> Array:
    """Partial expectation E[X; X <= limit] of a lognormal variable, in the unit of its mean.

    E[X; X <= k] = mean Phi(d - log_sd), with d as in `share_below`. The arguments are the same.
    """
    below, _ = _normal()
    return as_floats(mean * below(_standard_limit(mean, log_sd, limit) - log_sd))


def below_limit(mean: Value, log_sd: Value, limit: Value) -> tuple[Array, Array]:
    """`share_below` and `expected_below` of the same limit, for the price of one logarithm."""
    below, _ = _normal()
    standard = _standard_limit(mean, log_sd, limit)
    return as_floats(below(standard)), as_floats(mean * below(standard - log_sd))


def expected_clip(mean: Value, log_sd: Value, low: Value, high: Value) -> Array:
    """Expectation of a lognormal variable held between two limits, in the unit of its mean.

    E[min(max(X, l), h)] = l Phi(d_l) + mean [Phi(d_h - s) - Phi(d_l - s)] + h Phi(-d_h)

    mean    mean of the variable before it is held, 0 or more
    log_sd  s, standard deviation of the logarithm; at 0 the result is the mean, held
    low     0 or more
    high    not below `low`; may be infinite
    """
    below, _ = _normal()
    at_low = _standard_limit(mean, log_sd, low)
    at_high = _standard_limit(mean, log_sd, high)
    between = mean * (below(at_high - log_sd) - below(at_low - log_sd))
    # Nobody stands at an infinite limit: 0, not infinity times 0.
    held_high = np.where(np.isinf(high), 0.0, high) * below(-at_high)
    return as_floats(low * below(at_low) + between + held_high)


def _standard_limit(mean: Value, log_sd: Value, limit: Value) -> Array:
    """The limit on the scale of a standard normal variable; infinite where nothing spreads."""
    mean, log_sd, limit = as_floats(mean), as_floats(log_sd), as_floats(limit)
    spreads = (log_sd > 0.0) & (mean > 0.0)
    spread = np.where(spreads, log_sd, 1.0)
    # The logarithm of 0, and a distance over next to no spread, are infinite and meant to be.
    with np.errstate(divide="ignore", over="ignore"):
        distance = (np.log(limit) - np.log(np.where(spreads, mean, 1.0))) / spread
    one_point = np.where(limit >= mean, np.inf, -np.inf)
    return where(spreads, distance + spread / 2.0, one_point)


@cache
def _normal() -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """Distribution and quantile function of the standard normal, loaded at first use."""
    from scipy.special import ndtr, ndtri

    return ndtr, ndtri
