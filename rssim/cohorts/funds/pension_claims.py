"""Who claims an employee pension or leaves in a year, and what the new pensions are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssim.axes import AWAY, CONTRIBUTING, DORMANT, MEMBERS
from rssim.cohorts.state import (
    BALANCE,
    DEEMED_ACCOUNT,
    DEEMED_PEOPLE,
    DEEMED_YEARS,
    INDEX_YEARS,
    PEOPLE,
    YEARS,
    PensionStocks,
    References,
    bins_axis,
    by_track,
    member_ages,
    over_bins,
)
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.accounts import pension_of_account
from rssim.rules.employee_pension import (
    basic_pension_with_factor,
    expected_low_index_factor,
    new_method_amount,
    old_method_amount,
    transitional_pension,
)
from rssim.rules.law import EmployeePensionLaw

MONTHS = 12
HALF = 0.5
TINY = 1e-12
ALL = 1.0 - 1e-9


@dataclass(frozen=True, eq=False)
class Claims:
    """Who claims or leaves in the year, decided on the members of 1 January.

    awarded   (quantity, draw, group, sex, track, age)  rights of those who claim, both states
    awarded_people  (member, draw, group, sex, track, age) [persons]
    basic     (draw, group, sex, track, age) [yuan/month]  their basic parts
    departed  (quantity, member, draw, group, sex, track, age)  rights of those who leave
    deemed    (quantity, draw, group, sex, track, age)  deemed service of those who claim
    bought    (draw, group, sex, track, age) [person-years]  missing years paid at once
    continuing (draw, group, sex, track, age) [persons]  contributors past their date who go on
    staying, staying_deemed  rights and deemed service that remain
    """

    awarded: Array
    awarded_people: Array
    basic: Array
    departed: Array
    deemed: Array
    bought: Array
    continuing: Array
    staying: Array
    staying_deemed: Array

    @property
    def resident_people(self) -> Array:
        """Claimants who live here, (draw, group, sex, track, age) [persons]."""
        return np.asarray(self.awarded_people[:AWAY].sum(axis=0))


def eligible_share(years: Array, minimum: Array) -> Array:
    """Share of a bin of whole years that meets the minimum by its date [1].

    years    (years, 1, 1, 1, 1, 1)
    minimum  (draw, 1, 1, 1, 1) [years]

    A bin holds members with so many whole years on 1 January; the part of the year worked until
    the date is spread evenly, so a bin qualifies with the share that crosses the minimum.
    """
    return np.clip(years + 1.0 - minimum, 0.0, 1.0)


def claims(stocks: PensionStocks, references: References, year: Year) -> Claims:
    """Claims and departures of the year."""
    law, schedule, behaviour = year.pension, year.schedule, year.behaviour
    bins = bins_axis(stocks.rights)
    hazard = member_ages(schedule.claim_hazard)
    due = member_ages(schedule.due_hazard)
    active = np.flatnonzero((hazard > 0).any(axis=(0, 1, 2, 3)) | (due > 0).any(axis=(0, 1, 2, 3)))
    start = int(active[0]) if active.size else hazard.shape[-1]
    old = slice(start, None)

    # The minimum is that of the year in which the date was reached.
    minimum = np.where(
        member_ages(schedule.due_before) >= ALL,
        member_ages(schedule.minimum_when_due),
        by_track(law.minimum_years),
    )[..., old]
    eligible = eligible_share(bins, minimum)
    rights = stocks.rights[..., old]
    claiming = (hazard[..., old]) * eligible
    # At the statutory date those short of the minimum pay up, go on paying, or leave.
    short = (due[..., old]) * (1.0 - eligible)
    held = np.minimum((bins + HALF) / minimum, 1.0)
    pays_up = short * by_track(behaviour.pay_up_share) * held
    stop = 1.0 - by_track(behaviour.continue_share)
    leaves = short - pays_up
    claiming = claiming + pays_up
    everyone = rights.sum(axis=1)
    awarded = everyone * claiming
    people_by_state = over_bins(rights[PEOPLE] * claiming)
    share_left = np.concatenate([stop, np.ones_like(stop), np.ones_like(stop)])
    share_left = share_left.reshape(len(MEMBERS), *stop.shape)
    departed = over_bins(rights * leaves) * share_left
    staying = stocks.rights.copy()
    # Shares that sum to one may miss it by a rounding; nobody stays less than not at all.
    staying[:, CONTRIBUTING, ..., old] *= np.maximum(1.0 - claiming - leaves * stop, 0.0)
    staying[:, DORMANT:, ..., old] *= np.maximum(1.0 - claiming - leaves, 0.0)

    bought = everyone[PEOPLE] * pays_up * np.maximum(minimum - bins - HALF, 0.0)
    floor_index = by_track(references.floor_m / references.base_wage_m)
    floor_credit = by_track(law.account_rate * references.floor_m * MONTHS)
    awarded[YEARS] += bought
    awarded[INDEX_YEARS] += bought * floor_index
    awarded[BALANCE] += bought * floor_credit
    basic_old = basic_parts(awarded, law, references, behaviour.index_log_sd)
    gone = np.zeros((*stocks.rights.shape[:2], *stocks.rights.shape[3:]))
    gone[..., old] = departed
    ages = stocks.rights.shape[-1]

    def whole(values: Array) -> Array:
        out = np.zeros((*values.shape[:-1], ages))
        out[..., old] = values
        return out

    deemed_claim = np.zeros_like(hazard)
    deemed_claim[..., old] = hazard[..., old]
    deemed = stocks.deemed * deemed_claim
    return Claims(
        awarded=whole(over_bins(awarded)),
        awarded_people=whole(people_by_state),
        basic=whole(basic_old),
        departed=gone,
        deemed=deemed.sum(axis=1),
        bought=whole(over_bins(bought)),
        continuing=whole(over_bins(rights[PEOPLE, CONTRIBUTING] * leaves * (1.0 - stop))),
        staying=staying,
        staying_deemed=stocks.deemed - deemed,
    )


def basic_parts(
    awarded: Array, law: EmployeePensionLaw, references: References, index_log_sd: Array
) -> Array:
    """Basic parts of those who claim, summed over bins, (draw, group, sex, track, age)."""
    threshold = law.low_index_threshold
    accrual = by_track(law.accrual_rate)
    base = by_track(references.calculation_base_m)
    years, index_years = awarded[YEARS], awarded[INDEX_YEARS]
    if np.any(threshold > 0):
        index = np.divide(index_years, years, out=np.ones_like(years), where=years > TINY)
        factor = expected_low_index_factor(index, by_track(index_log_sd), by_track(threshold))
        lowered = over_bins(factor * years)
    else:
        lowered = over_bins(years)
    total_years = over_bins(years)
    some = total_years > TINY
    mean_factor = np.divide(lowered, total_years, out=np.ones_like(lowered), where=some)
    mean_index = np.divide(
        over_bins(index_years), total_years, out=np.ones_like(lowered), where=some
    )
    return basic_pension_with_factor(base, mean_factor, mean_index, total_years, accrual)


@dataclass(frozen=True, eq=False)
class Award:
    """New pensions of the year, (draw, group, sex, track, age): totals of those who claim."""

    people: Array
    pension: Array
    years: Array
    index_years: Array
    balance: Array
    account_pension: Array


def award(
    found: Claims,
    base_m: Array,
    index: Array,
    references: References,
    year: Year,
    collection: Array,
    scale: Array,
) -> Award:
    """Pensions of those who claim: basic, account and transitional part by the statute.

    base_m, index  (draw, group, sex, 1, age)  of the months contributed in the year of the claim
    scale          (draw, 1, 1, 1)  of the published scheme against the formula [1]
    """
    law, schedule = year.pension, year.schedule
    people = found.awarded[PEOPLE]
    worked = np.broadcast_to(member_ages(schedule.worked), people.shape)
    contributing = found.awarded_people[CONTRIBUTING]
    extra = contributing * worked
    years = found.awarded[YEARS] + extra
    index_years = found.awarded[INDEX_YEARS] + extra * index
    mean_basic = np.divide(
        found.basic,
        found.awarded[YEARS],
        out=np.zeros_like(years),
        where=found.awarded[YEARS] > TINY,
    )
    basic = mean_basic * years
    rate = by_track(law.account_interest_rate)
    credit = by_track(law.account_rate * collection) * base_m * MONTHS * extra
    balance = found.awarded[BALANCE] * (1.0 + rate * worked) + credit
    reciprocal = member_ages(schedule.reciprocal)
    account_m = pension_of_account(balance, 1.0 / np.maximum(reciprocal, TINY))

    with_deemed = np.minimum(found.deemed[DEEMED_PEOPLE], people)
    has = with_deemed > TINY
    weighted = np.divide(
        found.deemed[DEEMED_YEARS], with_deemed, out=np.zeros_like(people), where=has
    )
    account = np.divide(
        found.deemed[DEEMED_ACCOUNT], with_deemed, out=np.zeros_like(people), where=has
    )
    mean_years = np.divide(years, people, out=np.zeros_like(years), where=people > TINY)
    completed = np.maximum(mean_years - 0.5, 0.0)
    flat, allowance = by_track(law.transitional_flat_m), by_track(law.transitional_year_allowance_m)
    phase = by_track(law.transitional_phase_share)
    new = new_method_amount(
        by_track(references.calculation_base_m), weighted, by_track(law.transitional_coefficient)
    )
    before = old_method_amount(account, by_track(law.old_method_divisor))
    transitional_with = transitional_pension(new, before, completed, flat, allowance, phase)
    nothing = np.zeros_like(new)
    transitional_without = transitional_pension(nothing, nothing, completed, flat, allowance, phase)
    transitional = with_deemed * transitional_with + (people - with_deemed) * transitional_without
    return Award(
        people=people,
        pension=MONTHS * (basic + account_m + transitional) * by_track(scale),
        years=years,
        index_years=index_years,
        balance=balance,
        account_pension=MONTHS * account_m,
    )
