"""Pensions in payment: the yearly increase, what is paid, and what death leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssim.cohorts.funds.pension_claims import Award
from rssim.cohorts.population import lived_share
from rssim.cohorts.state import (
    ACCOUNT_PENSION,
    MEMBER_AGES,
    PENSION,
    PENSION_BALANCE,
    PENSION_YEARS,
    PENSIONERS,
    RECEIVED_YEARS,
    References,
    by_track,
    member_ages,
    over_bins,
)
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.elementwise import expect
from rssim.rules.employee_pension import (
    survivor_grant,
    survivor_months,
    survivor_months_of_pensioner,
)
from rssim.rules.indexation import increase_parameters, increased
from rssim.rules.law import EmployeePensionLaw

MONTHS = 12
TINY = 1e-12
CELLS = (1, 2, 3, 4)
YEARS_NODES = np.array([-1.732050807568877, 0.0, 1.732050807568877])
YEARS_WEIGHTS = np.array([1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0])
"""Three-point Gauss-Hermite nodes of a normal variable: exact to the fifth moment."""


def raised_pensions(pensioners: Array, references: References, year: Year) -> Array:
    """Pensioners after the increase of 1 January: flat, by years, proportional and tilted.

    The province spends exactly the mean increase on the pensions in payment; the split decides
    who gets how much.
    """
    law = year.pension
    people, amount = pensioners[PENSIONERS], pensioners[PENSION]
    weight = by_track(law.increase_tilt_weight)
    tilt = people * weight

    def total(values: Array) -> Array:
        return np.asarray(values.sum(axis=CELLS, keepdims=True))

    paid = increase_parameters(
        total(amount),
        total(people),
        total(pensioners[PENSION_YEARS]),
        total(tilt),
        by_track(references.increase),
        by_track(law.increase_flat_share),
        by_track(law.increase_years_share),
        by_track(law.increase_amount_share),
        by_track(law.increase_tilt_share),
    )
    out = pensioners.copy()
    out[PENSION] = increased(amount, people, pensioners[PENSION_YEARS], tilt, paid)
    return out


@dataclass(frozen=True, eq=False)
class Survivors:
    """What the survivors of a member or pensioner get: one for members, one for pensioners.

    income_m  (draw, 1, 1, 1, 1) [yuan/month]  income per head that grants are multiples of
    limits    years at which the months change
    months    months of each step, (draw, 1, 1, 1, 1, 1)
    cap       most months, (draw, 1, 1, 1, 1, 1)
    """

    income_m: Array
    limits: tuple[Array, ...]
    months: tuple[Array, ...]
    cap: Array

    def of_members(self, people: Array, years: Array) -> Array:
        """Grants for members who die [yuan/year], summed over bins of contribution years.

        people  (years, draw, group, sex, track, age);  years  (years, 1, 1, 1, 1, 1)
        """
        # Bins lead here, then draws; for pensioners the nodes come last.
        months = tuple(item[..., 0] for item in self.months)
        by_bin = survivor_months(years, self.limits, months, self.cap[..., 0])
        return survivor_grant(self.income_m, over_bins(people * by_bin))


def survivors_of(law: EmployeePensionLaw) -> Survivors:
    """The survivors' grants of a year's law."""
    months = tuple(
        np.asarray(value).reshape(-1, *[1] * 5)
        for value in (
            law.survivor_months_short,
            law.survivor_months_middle,
            law.survivor_months_long,
        )
    )
    return Survivors(
        income_m=by_track(law.survivor_income / MONTHS),
        limits=tuple(np.asarray(limit) for limit in law.survivor_limits),
        months=months,
        cap=np.asarray(law.survivor_months_cap).reshape(-1, *[1] * 5),
    )


def no_survivors() -> Survivors:
    """Grants that pay nothing, for a past of which only rights are wanted."""
    zero = np.zeros(1)
    return Survivors(np.zeros((1, 1, 1, 1, 1)), (zero,) * 3, (zero,) * 3, zero)


@dataclass(frozen=True, eq=False)
class Paid:
    """Payments to a set of pensioners and what is left of them, before ageing."""

    end: Array
    paid: Array
    drawn: Array
    interest: Array
    deaths: Array
    grants: Array
    inherited: Array


def pay_pensioners(
    pensioners: Array,
    survival: Array,
    year: Year,
    survivors: Survivors,
) -> Paid:
    """Pensions paid to the pensioners of 1 January for the time that each lives."""
    rate = by_track(year.pension.account_interest_rate)
    kept, lived = by_track(survival), by_track(lived_share(survival))
    paid = pensioners[PENSION] * lived
    drawn = np.minimum(pensioners[ACCOUNT_PENSION] * lived, pensioners[PENSION_BALANCE])
    interest = rate * (pensioners[PENSION_BALANCE] - 0.5 * drawn)
    balance = pensioners[PENSION_BALANCE] - drawn + interest
    end = pensioners * kept
    end[PENSION_BALANCE] = balance * kept
    end[RECEIVED_YEARS] += end[PENSIONERS]
    deaths = pensioners[PENSIONERS] * (1.0 - kept)
    grants = _pensioner_grants(pensioners, deaths, year, survivors)
    return Paid(end, paid, drawn, interest, deaths, grants, balance * (1.0 - kept))


def pay_new(
    granted: Award,
    residents: Array,
    survival: Array,
    year: Year,
    survivors: Survivors,
) -> Paid:
    """First pensions of those who claimed in the year, from the month after their date.

    Half of the deaths of the year fall before the end of what is paid.
    """
    rate = by_track(year.pension.account_interest_rate)
    part = member_ages(year.schedule.paid)
    alive = 0.5 * (1.0 + survival)
    paid = granted.pension * part * alive
    drawn = np.minimum(granted.account_pension * part * alive, granted.balance)
    interest = rate * part * (granted.balance - 0.5 * drawn)
    balance = granted.balance - drawn + interest
    columns = (
        granted.people,
        granted.pension,
        granted.years,
        granted.people * part,
        balance,
        granted.account_pension,
        residents,
    )
    all_ages = np.zeros((len(columns), *granted.people.shape[:-1], 101))
    for quantity, values in enumerate(columns):
        all_ages[quantity][..., MEMBER_AGES] = values * survival
    deaths = granted.people * (1.0 - survival)
    stack = np.stack(columns)
    grants = _pensioner_grants(stack, deaths, year, survivors)
    return Paid(all_ages, paid, drawn, interest, deaths, grants, balance * (1.0 - survival))


def _pensioner_grants(
    pensioners: Array,
    deaths: Array,
    year: Year,
    survivors: Survivors,
) -> Array:
    """Survivors' grants for pensioners who die [yuan/year]; years are spread within a cell."""
    people = pensioners[PENSIONERS]
    some = people > TINY
    years = np.divide(pensioners[PENSION_YEARS], people, out=np.zeros_like(people), where=some)
    received = np.divide(pensioners[RECEIVED_YEARS], people, out=np.zeros_like(people), where=some)
    spread = by_track(year.behaviour.years_sd)[..., None]
    nodes = np.maximum(years[..., None] + spread * YEARS_NODES, 0.0)
    least = np.asarray(year.pension.survivor_months_pensioner).reshape(-1, *[1] * 5)

    def rule(values: Array) -> Array:
        return survivor_months_of_pensioner(
            values, received[..., None], survivors.limits, survivors.months, survivors.cap, least
        )

    return deaths * survivor_grant(survivors.income_m, expect(rule, nodes, YEARS_WEIGHTS))


def aged_pensioners(end: Array) -> Array:
    """Pensioners one age further; the open group collects."""
    out = np.zeros_like(end)
    out[..., 1:] = end[..., :-1]
    out[..., -1] += end[..., -1]
    return out
