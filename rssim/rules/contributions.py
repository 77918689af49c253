"""Contribution bases, contributions and the contribution index.

Source: Social Insurance Law, articles 10 to 12; State Council Document 38 of 2005; yearly
notices of the province on the limits of the base. The limits follow LAST year's average wage.
"""

from __future__ import annotations

import numpy as np

from rssim.rules.elementwise import Array, Value, as_floats, expected_clip, share_below


def base_limit(reference_wage_m: Value, ratio: Value) -> Array:
    """Floor or cap of the contribution base [yuan/month]: a share of last year's average wage.

    reference_wage_m  [yuan/month]  average wage of the year before the contribution year
    ratio             [1]           0.6 for the floor, 3.0 for the cap
    Limits: notices may freeze a limit; where one is published, read it instead.
    """
    return as_floats(reference_wage_m * ratio)


def assessed_base(wage: Value, floor: Value, cap: Value) -> Array:
    """Contribution base of one wage, held between floor and cap, in the unit of the wage."""
    return as_floats(np.minimum(np.maximum(wage, floor), cap))


def expected_assessed_base(mean_wage: Value, log_sd: Value, floor: Value, cap: Value) -> Array:
    """Mean contribution base of people with lognormal wages, in the unit of the wage.

    E[min(max(W, floor), cap)], exact; the base of the mean wage would miss it by up to a third.

    mean_wage  mean wage of the cell
    log_sd     [1]  standard deviation of log wages within the cell
    floor, cap      in the unit of the wage
    """
    return expected_clip(mean_wage, log_sd, floor, cap)


def share_at_floor(mean_wage: Value, log_sd: Value, floor: Value) -> Array:
    """Share of people with lognormal wages whose base is the floor [1]."""
    return share_below(mean_wage, log_sd, floor)


def share_at_cap(mean_wage: Value, log_sd: Value, cap: Value) -> Array:
    """Share of people with lognormal wages whose base is the cap and wage is above it [1]."""
    return as_floats(1.0 - share_below(mean_wage, log_sd, cap))


def flexible_base(reference_wage: Value, tier: Value) -> Array:
    """Contribution base that a flexible worker chooses, in the unit of the reference wage.

    tier  [1]  chosen share of the reference wage, between the ratios of floor and cap
    """
    return as_floats(reference_wage * tier)


def contribution(base: Value, rate: Value) -> Array:
    """Contribution on a base, in the unit of the base.

    rate  [1]  share of the base: the employer's, the worker's, or the one credited to the account
    """
    return as_floats(base * rate)


def contribution_index(base_m: Value, reference_wage_m: Value) -> Array:
    """Contribution wage index of a month or a year [1]: base over reference wage.

    base_m            [yuan/month]  assessed base
    reference_wage_m  [yuan/month]  average wage of the year before the contribution year
    Source: State Council Document 38 of 2005; provincial measures of 2006.
    """
    return as_floats(as_floats(base_m) / reference_wage_m)


def average_index(index_years: Value, years: Value) -> Array:
    """Average contribution wage index of a career [1].

    index_years  [year]  sum over the career of index times length of contribution
    years        [year]  contribution years, deemed ones included; above 0
    """
    return as_floats(as_floats(index_years) / years)
