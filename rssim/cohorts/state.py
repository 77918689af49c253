"""What stands on 1 January and what happens in a year: totals, never averages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rssim.records import Array

MEMBER_FIRST = 15
MEMBER_LAST = 74
MEMBER_AGES = slice(MEMBER_FIRST, MEMBER_LAST + 1)
MEMBER_COUNT = MEMBER_LAST - MEMBER_FIRST + 1

YEARS_BINS = 21
"""Whole contribution years 0 to 19, and 20 or more: the longest minimum that the law may ask."""

PEOPLE, YEARS, INDEX_YEARS, BALANCE = range(4)
RIGHTS_QUANTITIES = ("people", "years", "index_years", "balance")

DEEMED_PEOPLE, DEEMED_YEARS, DEEMED_ACCOUNT = range(3)
DEEMED_QUANTITIES = ("people", "weighted_years", "account")

(
    PENSIONERS,
    PENSION,
    PENSION_YEARS,
    RECEIVED_YEARS,
    PENSION_BALANCE,
    ACCOUNT_PENSION,
    RESIDENTS,
) = range(7)
PENSIONER_QUANTITIES = (
    "people",
    "pension",
    "years",
    "received_years",
    "balance",
    "account_pension",
    "residents",
)


@dataclass(frozen=True, eq=False)
class References:
    """Amounts of the year that the law reads, (draw, 1, 1, 1).

    wage_m        reference wage of the year                             [yuan/month]
    productivity_m  mean wage that output of a match is measured in      [yuan/month]
    base_wage_m   wage that this year's bases are measured against       [yuan/month]
    floor_m, cap_m  limits of the contribution base, mean over the year  [yuan/month]
    calculation_base_m  base of pensions that start in the year          [yuan/month]
    increase      mean increase of pensions on 1 January                 [share/year]
    price_index   consumer prices, 1 in the year before the run          [1]
    """

    wage_m: Array
    productivity_m: Array
    base_wage_m: Array
    floor_m: Array
    cap_m: Array
    calculation_base_m: Array
    increase: Array
    price_index: Array

    @property
    def wage_growth(self) -> Array:
        """Yearly growth of the reference wage; the base wage is a year and a half behind it."""
        return np.asarray((self.wage_m / self.base_wage_m) ** (1.0 / 1.5) - 1.0)


@dataclass(frozen=True, eq=False)
class Macro:
    """Amounts and growth of the last two years, (draw, 1, 1, 1).

    productivity_1_m  reference wage of the outlook, before what policy does to wages
    anchor_1_m        what the outlook pays a cell of relative wage one, given who is employed
    wage_gap_1        mean paid wage over the mean wage of the outlook [1]
    """

    wage_1_m: Array
    wage_2_m: Array
    calculation_base_1_m: Array
    wage_growth_1: Array
    inflation_1: Array
    price_index_1: Array
    productivity_1_m: Array
    anchor_1_m: Array
    wage_gap_1: Array


@dataclass(frozen=True, eq=False)
class PensionStocks:
    """Rights and pensions of one employee-pension fund.

    rights      (quantity, member, years, draw, group, sex, track, age)  members aged 15 to 74 in
                bins of whole contribution years; the last bin is open. Contributing and dormant
                members live here; those away moved elsewhere and left their rights
    deemed      (quantity, member, draw, group, sex, track, age)  service before accounts began
    pensioners  (quantity, draw, group, sex, track, age)  residents are those who live here
    balance     (draw, 1, 1, 1) [yuan]
    arrears     (draw, group) [yuan]  pensions that were due and are still to be paid
    """

    rights: Array
    deemed: Array
    pensioners: Array
    balance: Array
    arrears: Array = field(default_factory=lambda: np.zeros((1, 1)))

    @property
    def members(self) -> Array:
        """Members by state, (member, draw, group, sex, track, age) [persons]."""
        return over_bins(self.rights[PEOPLE])


@dataclass(frozen=True, eq=False)
class Stocks:
    """Everything that stands on 1 January; what is not here is forgotten.

    people   (draw, group, sex, status, age) [persons]; the sum over status is the population
    wages_m  (draw, group, sex, age) [yuan/month]      last year's wages before any wage floor
    schemes  key -> stocks of each other scheme
    """

    people: Array
    pension: PensionStocks
    macro: Macro
    wages_m: Array
    schemes: dict[str, Any] = field(default_factory=dict)

    @property
    def population(self) -> Array:
        """People by cell, (draw, group, sex, age) [persons]."""
        return np.asarray(self.people.sum(axis=-2))


@dataclass(frozen=True, eq=False)
class JobConstants:
    """What the calibration found of the market for formal jobs.

    search_efficiency, output_ratio, outside_ratio, paid_ratio, relative_net_pay
                        (draw, group, sex, age); output and outside value relative to the anchor
    vacancy_cost_wages  (draw, 1, 1, 1)
    """

    search_efficiency: Array
    output_ratio: Array
    outside_ratio: Array
    vacancy_cost_wages: Array
    paid_ratio: Array
    relative_net_pay: Array


@dataclass(frozen=True, eq=False)
class Constants:
    """What the calibration found on the baseline, (draw, 1, 1, 1); frozen in every scenario.

    schemes      key of a scheme -> its own constants
    composition  year -> mean relative wage of the baseline's employees on 1 January: the outlook
                 is that of the mean wage of those, so a scenario that changes who works changes
                 the mean wage
    """

    participation_odds: Array
    finding_rate: Array
    flexible_entry_rate: Array
    coverage: Array
    declared_share: Array
    pensioner_scale: Array
    pension_scale: Array
    registration_share: Array
    jobs: JobConstants | None = None
    composition: dict[int, Array] | None = None
    schemes: dict[str, Any] = field(default_factory=dict)


def over_bins(values: Array) -> Array:
    """Sum over the bins of contribution years, the axis before ``draw group sex track age``."""
    return np.asarray(values.sum(axis=-6))


def full_member_ages(values: Array) -> Array:
    """Values by member age laid out over all ages, zero outside; the last axis is age."""
    out = np.zeros((*values.shape[:-1], 101))
    out[..., MEMBER_AGES] = values
    return out


def bins_axis(rights: Array) -> Array:
    """Whole contribution years of each bin, (years, 1, 1, 1, 1, 1)."""
    return np.arange(rights.shape[2], dtype=float).reshape(-1, *[1] * 5)


def by_track(values: Array) -> Array:
    """Values by cell with a track axis before age."""
    return values[..., None, :]


def member_ages(values: Array) -> Array:
    """The ages at which there are members, of values over all ages."""
    return np.asarray(values[..., MEMBER_AGES])
