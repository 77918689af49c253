"""The employee pension fund: members move, pay, claim, leave and die; pensions rise and are paid.

Rights are extensive totals by whole contribution year, so the share of a cohort that reaches its
date without the minimum years is a result. A year runs in this order: claims and departures are
decided on the members of 1 January; the rest move between contributing and dormant so that
covered employment is met, contribute for the whole year and survive to the next age.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rssim.axes import AWAY, CONTRIBUTING, DORMANT, MEMBERS
from rssim.cohorts.earnings import collected_share
from rssim.cohorts.population import lived_share
from rssim.cohorts.state import (
    ACCOUNT_PENSION,
    BALANCE,
    DEEMED_ACCOUNT,
    DEEMED_PEOPLE,
    DEEMED_YEARS,
    INDEX_YEARS,
    MEMBER_AGES,
    PENSION,
    PENSION_BALANCE,
    PENSION_YEARS,
    PENSIONERS,
    PEOPLE,
    RECEIVED_YEARS,
    RESIDENTS,
    YEARS,
    PensionStocks,
    References,
    over_bins,
)
from rssim.errors import LedgerError
from rssim.inputs.assemble import Year
from rssim.records import Array
from rssim.rules.accounts import pension_of_account
from rssim.rules.elementwise import expect
from rssim.rules.employee_pension import (
    basic_pension_with_factor,
    contribution_wages,
    expected_low_index_factor,
    funeral_grant,
    new_method_amount,
    old_method_amount,
    portability_transfer,
    survivor_grant,
    survivor_months,
    survivor_months_of_pensioner,
    transitional_pension,
)
from rssim.rules.indexation import increase_parameters, increased
from rssim.rules.law import EmployeePensionLaw

KEY = "employee_pension"
MONTHS = 12
HALF = 0.5
TINY = 1e-12
ALL = 1.0 - 1e-9
CELLS = (1, 2, 3, 4)
YEARS_NODES = np.array([-1.732050807568877, 0.0, 1.732050807568877])
YEARS_WEIGHTS = np.array([1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0])
"""Three-point Gauss-Hermite nodes of a normal variable: exact to the fifth moment."""


@dataclass(frozen=True, eq=False)
class Activity:
    """What labour and earnings tell the fund, by age on 1 January, (draw, group, sex, age).

    population        all people                                            [persons]
    contribution_rate contributors per person who may not yet claim         [1]
    formal_weight     share of formal employees among contributors          [1]
    formal_base_m, flexible_base_m  mean assessed bases                     [yuan/month]
    index             mean index of the year's base                         [1]
    survival          share that reaches the end of the year                [1]
    track_shares      (1, 1, sex, track, 1) split of people by track        [1]
    award_scale       (draw, 1, 1, 1) new pensions over those of the formula [1]
    """

    population: Array
    contribution_rate: Array
    formal_weight: Array
    formal_base_m: Array
    flexible_base_m: Array
    index: Array
    survival: Array
    track_shares: Array
    award_scale: Array


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


@dataclass(frozen=True, eq=False)
class PensionFlows:
    """What happened in the fund in a year; cells are (draw, group, sex, age) on 1 January.

    Money in yuan/year, people in persons/year. See the field names; ``short_*`` are the people,
    years and accounts of those who live here and reach their date short of the minimum years.
    """

    contributors: Array
    contributing_members: Array
    employer_contributions: Array
    employee_contributions: Array
    flexible_contributions: Array
    back_payments: Array
    relief: Array
    account_credits: Array
    account_interest: Array
    new_pensioners: Array
    new_pensions: Array
    new_pension_years: Array
    new_pension_index_years: Array
    bought_years: Array
    pensions_paid: Array
    account_pensions_paid: Array
    pensioner_deaths: Array
    member_deaths: Array
    funeral_grants: Array
    survivor_grants: Array
    inheritances: Array
    refunds: Array
    moved_to_residents: Array
    departures: Array
    short_people: Array
    short_years: Array
    short_balances: Array
    transfers_out: Array
    transferred_balances: Array
    transferred_members: Array
    short_of_minimum: Array
    new_members: Array
    joined_pensioners: Array


def bins_axis(rights: Array) -> Array:
    """Whole contribution years of each bin, (years, 1, 1, 1, 1, 1)."""
    return np.arange(rights.shape[2], dtype=float).reshape(-1, *[1] * 5)


def by_track(values: Array) -> Array:
    """Values by cell with a track axis before age."""
    return values[..., None, :]


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
    hazard = _member_ages(schedule.claim_hazard)
    due = _member_ages(schedule.due_hazard)
    active = np.flatnonzero((hazard > 0).any(axis=(0, 1, 2, 3)) | (due > 0).any(axis=(0, 1, 2, 3)))
    start = int(active[0]) if active.size else hazard.shape[-1]
    old = slice(start, None)

    # The minimum is that of the year in which the date was reached.
    minimum = np.where(
        _member_ages(schedule.due_before) >= ALL,
        _member_ages(schedule.minimum_when_due),
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
    basic_old = _basic(awarded, law, references, behaviour.index_log_sd)
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


def _member_ages(values: Array) -> Array:
    return np.asarray(values[..., MEMBER_AGES])


def _basic(
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
    worked = np.broadcast_to(_member_ages(schedule.worked), people.shape)
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
    reciprocal = _member_ages(schedule.reciprocal)
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


def move_members(
    rights: Array,
    deemed: Array,
    wanted: Array,
    never: Array,
    exit_share: Array,
    return_rate: Array,
    transfer_rate: Array,
) -> tuple[Array, Array, Array]:
    """Members after the year's moves between contributing, dormant and outside.

    rights  (quantity, member, years, draw, group, sex, track, age), deemed without years
    wanted  (draw, group, sex, track, age) [persons]  contributors of the year
    never   (draw, group, sex, track, age) [persons]  people who are no members and no pensioners
    exit_share   share of contributors who stop, at least
    return_rate  share of dormant members who resume, as far as contributors are wanted; the rest
                 are new members, or more of the dormant where there are not enough others
    transfer_rate  share of dormant and absent members who take their relation elsewhere first
    Returns rights, deemed and the new members. Raises LedgerError if there are not enough people.
    """
    people = over_bins(rights[PEOPLE])
    paying = people[CONTRIBUTING]
    dormant = people[DORMANT] * (1.0 - transfer_rate)
    kept = np.divide(wanted, paying, out=np.ones_like(paying), where=paying > TINY)
    leave = np.maximum(np.broadcast_to(exit_share, kept.shape), 1.0 - kept)
    leave = np.minimum(leave, 1.0)
    missing = np.maximum(wanted - paying * (1.0 - leave), 0.0)
    others = np.maximum(never, 0.0)
    some = dormant > TINY
    needed = np.divide(missing, dormant, out=np.zeros_like(dormant), where=some)
    at_least = np.divide(missing - others, dormant, out=np.zeros_like(dormant), where=some)
    back = np.clip(np.maximum(np.minimum(return_rate, needed), at_least), 0.0, 1.0)
    started = missing - back * dormant
    excess = float((started - others).max(initial=0.0))
    if excess > 1e-6 * max(float(people.max(initial=0.0)), 1.0):
        raise LedgerError(
            f"employee_pension: {excess:.0f} more contributors are wanted than people who could "
            "start to pay; coverage is above what the population allows."
        )
    stays = 1.0 - transfer_rate
    active, resting = rights[:, CONTRIBUTING], rights[:, DORMANT]
    moved = np.empty_like(rights)
    np.multiply(active, (1.0 - leave), out=moved[:, CONTRIBUTING])
    moved[:, CONTRIBUTING] += resting * (stays * back)
    moved[PEOPLE, CONTRIBUTING, 0] += started
    np.multiply(resting, (stays * (1.0 - back)), out=moved[:, DORMANT])
    moved[:, DORMANT] += active * (leave)
    np.multiply(rights[:, AWAY], (stays), out=moved[:, AWAY])
    paying_deemed, dormant_deemed = deemed[:, CONTRIBUTING], deemed[:, DORMANT]
    moved_deemed = np.empty_like(deemed)
    moved_deemed[:, CONTRIBUTING] = paying_deemed * (1.0 - leave) + dormant_deemed * stays * back
    moved_deemed[:, DORMANT] = dormant_deemed * stays * (1.0 - back) + paying_deemed * leave
    moved_deemed[:, AWAY] = deemed[:, AWAY] * stays
    return moved, moved_deemed, started


def accrue_and_age(
    rights: Array, credit: Array, index: Array, survival: Array, rate: Array, half_rate: Array
) -> tuple[Array, Array]:
    """Rights at the end of the year, one age and (if contributing) one year further.

    credit   (draw, group, sex, 1, age) [yuan/year]  credited per contributor
    survival (draw, group, sex, 1, age)
    rate, half_rate  (draw, 1, 1, 1, 1)  interest on the balance, and on the year's credits
    Returns the rights and those of members who reach the age after the last.
    """
    active, resting = rights[:, CONTRIBUTING], rights[:, DORMANT:]
    out = np.empty_like(rights)
    out[..., 0] = 0.0
    out[:, CONTRIBUTING, 0] = 0.0
    grown, kept = out[:, CONTRIBUTING, ..., 1:], out[:, DORMANT:, ..., 1:]
    alive = survival[..., :-1]
    np.multiply(active[:, :-1, ..., :-1], alive, out=grown[:, 1:])
    grown[:, -1] += active[:, -1, ..., :-1] * alive
    np.multiply(resting[..., :-1], alive, out=kept)
    new_credit = credit * (1.0 + half_rate)
    _one_year_more(grown, index[..., :-1], 1.0 + rate, new_credit[..., :-1])
    kept[BALANCE] *= 1.0 + rate
    last = (active[..., -1:] * survival[..., -1:]).sum(axis=1)
    _one_year_more(last, index[..., -1:], 1.0 + rate, new_credit[..., -1:])
    absent = (resting[..., -1:] * survival[..., -1:]).sum(axis=(1, 2))
    absent[BALANCE] *= 1.0 + rate
    oldest = last[..., 0] + absent[..., 0]
    return out, oldest


def _one_year_more(grown: Array, index: Array, growth: Array, credit: Array) -> None:
    """Writes one more contribution year into survivors' rights that belong to the caller."""
    grown[YEARS] += grown[PEOPLE]
    grown[INDEX_YEARS] += grown[PEOPLE] * index
    grown[BALANCE] *= growth
    grown[BALANCE] += grown[PEOPLE] * credit


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


def survivor_parameters(
    law: EmployeePensionLaw,
) -> tuple[tuple[Array, ...], tuple[Array, ...], Array]:
    """Limits [years], months and cap of the survivors' grant, broadcastable."""
    limits = tuple(np.asarray(limit) for limit in law.survivor_limits)
    months = tuple(
        np.asarray(value).reshape(-1, *[1] * 5)
        for value in (
            law.survivor_months_short,
            law.survivor_months_middle,
            law.survivor_months_long,
        )
    )
    cap = np.asarray(law.survivor_months_cap).reshape(-1, *[1] * 5)
    return limits, months, cap


def year(
    stocks: PensionStocks,
    found: Claims,
    activity: Activity,
    references: References,
    year: Year,
) -> tuple[PensionFlows, PensionStocks]:
    """One year of the fund's members and pensioners; the money is settled by the ledger.

    The balance of the returned stocks is the opening one: ledger.settle closes it.
    """
    law, schedule, behaviour = year.pension, year.schedule, year.behaviour
    collection = collected_share(year)
    survival_all = activity.survival
    survival = by_track(_member_ages(survival_all))
    lived = by_track(_member_ages(lived_share(survival_all)))
    base_m = (
        activity.formal_weight * activity.formal_base_m
        + (1.0 - activity.formal_weight) * activity.flexible_base_m
    )
    base = by_track(_member_ages(base_m))
    index = by_track(_member_ages(activity.index))
    rate = by_track(law.account_interest_rate)
    half_rate = rate * by_track(law.mid_year_factor) / 2.0
    credit = by_track(law.account_rate * collection) * base * MONTHS

    raised = raised_pensions(stocks.pensioners, references, year)
    granted = award(found, base, index, references, year, collection, activity.award_scale)

    # Members who stay: moves, contributions, one more year, survival.
    track_people = by_track(activity.population) * activity.track_shares
    not_claiming = track_people * np.maximum(1.0 - schedule.before - schedule.within, 0.0)
    target = _member_ages(by_track(activity.contribution_rate) * not_claiming)
    members = over_bins(found.staying[PEOPLE])
    # Where all of a cell are past their date, those who contribute are those who go on.
    all_due = _member_ages(schedule.due_hazard) >= ALL
    wanted = np.where(all_due, members[CONTRIBUTING], target + found.continuing)
    exit_share = np.where(all_due, 0.0, by_track(behaviour.exit_rate))
    never = (
        _member_ages(track_people - stocks.pensioners[RESIDENTS])
        - members[:AWAY].sum(axis=0)
        - found.resident_people
        - found.departed[PEOPLE, :AWAY].sum(axis=0)
    )
    moving, moving_money = _transfers(found.staying, law, references, behaviour.transfer_out_rate)
    rights, deemed, started = move_members(
        found.staying,
        found.staying_deemed,
        wanted,
        never,
        exit_share,
        by_track(behaviour.return_rate),
        by_track(behaviour.transfer_out_rate),
    )
    cells = over_bins(rights)
    active = cells[PEOPLE, CONTRIBUTING]
    balances = cells[BALANCE].sum(axis=0)
    aged, oldest = accrue_and_age(rights, credit, index, survival, rate, half_rate)
    deemed_next = np.zeros_like(deemed)
    deemed_next[..., 1:] = (deemed * survival)[..., :-1]
    deemed_next[DEEMED_ACCOUNT] *= 1.0 + rate

    claim_contributing = found.awarded_people[CONTRIBUTING]
    leave_contributing = found.departed[PEOPLE, CONTRIBUTING]
    worked = _member_ages(schedule.worked)
    part = (claim_contributing + leave_contributing) * worked
    contributor_years = active * lived + part

    # Departing members take their balance with the interest of the part of the year.
    departed_balance = found.departed[BALANCE].sum(axis=0)
    refunds = departed_balance * (1.0 + rate * worked) + credit * leave_contributing * worked
    here = found.departed[:, :AWAY].sum(axis=1)
    short_balances = here[BALANCE] * (1.0 + rate * worked) + credit * leave_contributing * worked
    oldest_refund = np.zeros_like(refunds)
    oldest_refund[..., -1] = oldest[BALANCE]
    dying_balances = (1.0 - survival) * balances + (lived - survival) * (
        balances * rate + credit * active
    )
    credits = credit * (active * lived + part)
    interest = (
        balances * rate * lived
        + credit * active * survival * half_rate
        + found.awarded[BALANCE] * rate * worked
        + departed_balance * rate * worked
    )
    by_bin = _deaths_by_bin(rights, survival)
    income_m = law.survivor_income / MONTHS
    limits, months, cap = survivor_parameters(law)
    bins = bins_axis(rights) + HALF
    # Bins lead here, then draws; for pensioners the nodes come last.
    by_draw = tuple(item[..., 0] for item in months)
    months_by_bin = survivor_months(bins, limits, by_draw, cap[..., 0])
    member_deaths = over_bins(by_bin)
    member_grants = survivor_grant(by_track(income_m), over_bins(by_bin * months_by_bin))

    # Pensioners: those of 1 January, then those who claimed in the year.
    old = pay_pensioners(raised, survival_all, year, by_track(income_m), limits, months, cap)
    fresh = pay_new(
        granted, found.resident_people, survival, year, by_track(income_m), limits, months, cap
    )
    pensioners = aged_pensioners(old.end + fresh.end)

    def cell(values: Array) -> Array:
        """Sum over tracks, laid out over all ages."""
        summed = values.sum(axis=-2)
        if summed.shape[-1] == 101:
            return np.asarray(summed)
        out = np.zeros((*summed.shape[:-1], 101))
        out[..., MEMBER_AGES] = summed
        return out

    formal = by_track(_member_ages(activity.formal_weight))
    formal_base = by_track(_member_ages(activity.formal_base_m))
    flexible_base = by_track(_member_ages(activity.flexible_base_m))
    formal_pay = contributor_years * formal * formal_base * MONTHS * by_track(collection)
    flexible_pay = (
        contributor_years * (1.0 - formal) * flexible_base * MONTHS * by_track(collection)
    )
    full_employer = formal_pay * by_track(law.employer_rate)
    relief = full_employer * by_track(law.employer_relief_share)
    floor_pay = found.bought * by_track(references.floor_m) * MONTHS
    back_payments = floor_pay * by_track(law.flexible_rate)
    bought_credits = floor_pay * by_track(law.account_rate)
    funeral_m = by_track(law.funeral_months)
    flows = PensionFlows(
        contributors=cell(contributor_years),
        contributing_members=cell(active + claim_contributing),
        employer_contributions=cell(full_employer - relief),
        employee_contributions=cell(formal_pay * by_track(law.employee_rate)),
        flexible_contributions=cell(flexible_pay * by_track(law.flexible_rate)),
        back_payments=cell(back_payments),
        relief=cell(relief),
        account_credits=cell(credits + bought_credits),
        account_interest=cell(interest) + cell(old.interest) + cell(fresh.interest),
        new_pensioners=cell(granted.people),
        new_pensions=cell(granted.pension),
        new_pension_years=cell(granted.years),
        new_pension_index_years=cell(granted.index_years),
        bought_years=cell(found.bought),
        pensions_paid=cell(old.paid) + cell(fresh.paid),
        account_pensions_paid=cell(old.drawn) + cell(fresh.drawn),
        pensioner_deaths=cell(old.deaths) + cell(fresh.deaths),
        member_deaths=cell(member_deaths),
        funeral_grants=cell(old.deaths * funeral_grant(by_track(income_m), funeral_m))
        + cell((fresh.deaths + member_deaths) * funeral_grant(by_track(income_m), funeral_m)),
        survivor_grants=cell(old.grants) + cell(fresh.grants) + cell(member_grants),
        inheritances=cell(old.inherited) + cell(fresh.inherited) + cell(dying_balances),
        refunds=cell(refunds + oldest_refund),
        moved_to_residents=np.zeros_like(activity.population),
        departures=cell(found.departed[PEOPLE].sum(axis=0)),
        short_people=cell(here[PEOPLE]),
        short_years=cell(here[YEARS] + leave_contributing * worked),
        short_balances=cell(short_balances),
        transfers_out=cell(moving_money),
        transferred_balances=cell(moving[BALANCE]),
        transferred_members=cell(moving[PEOPLE]),
        short_of_minimum=cell(found.departed[PEOPLE].sum(axis=0)),
        new_members=cell(started),
        joined_pensioners=np.zeros_like(activity.population),
    )
    return flows, PensionStocks(aged, deemed_next, pensioners, stocks.balance)


def _transfers(
    rights: Array, law: EmployeePensionLaw, references: References, transfer_rate: Array
) -> tuple[Array, Array]:
    """Dormant and absent members who take their relation elsewhere at the start of the year.

    Returns what moves (quantity, draw, group, sex, track, age) and the money.
    """
    cells = over_bins(rights[:, DORMANT:]).sum(axis=1) * by_track(transfer_rate)
    wages = contribution_wages(
        cells[INDEX_YEARS],
        np.divide(cells[YEARS], cells[PEOPLE], out=np.zeros_like(cells[0]), where=cells[0] > TINY),
        MONTHS * by_track(references.base_wage_m),
        by_track(references.wage_growth),
    )
    money = portability_transfer(cells[BALANCE], wages, by_track(law.portability_pooled_rate))
    return cells, money


def _deaths_by_bin(rights: Array, survival: Array) -> Array:
    """Members who die, by bin of years, (years, draw, group, sex, track, age) [persons]."""
    return np.asarray(rights[PEOPLE].sum(axis=0) * (1.0 - survival))


@dataclass(frozen=True, eq=False)
class _Paid:
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
    income_m: Array,
    limits: tuple[Array, ...],
    months: tuple[Array, ...],
    cap: Array,
) -> _Paid:
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
    grants = _pensioner_grants(pensioners, deaths, year, income_m, limits, months, cap)
    return _Paid(end, paid, drawn, interest, deaths, grants, balance * (1.0 - kept))


def pay_new(
    granted: Award,
    residents: Array,
    survival: Array,
    year: Year,
    income_m: Array,
    limits: tuple[Array, ...],
    months: tuple[Array, ...],
    cap: Array,
) -> _Paid:
    """First pensions of those who claimed in the year, from the month after their date.

    Half of the deaths of the year fall before the end of what is paid.
    """
    rate = by_track(year.pension.account_interest_rate)
    part = _member_ages(year.schedule.paid)
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
    grants = _pensioner_grants(stack, deaths, year, income_m, limits, months, cap)
    return _Paid(all_ages, paid, drawn, interest, deaths, grants, balance * (1.0 - survival))


def _pensioner_grants(
    pensioners: Array,
    deaths: Array,
    year: Year,
    income_m: Array,
    limits: tuple[Array, ...],
    months: tuple[Array, ...],
    cap: Array,
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
        return survivor_months_of_pensioner(values, received[..., None], limits, months, cap, least)

    return deaths * survivor_grant(income_m, expect(rule, nodes, YEARS_WEIGHTS))


def aged_pensioners(end: Array) -> Array:
    """Pensioners one age further; the open group collects."""
    out = np.zeros_like(end)
    out[..., 1:] = end[..., :-1]
    out[..., -1] += end[..., -1]
    return out


def with_short_leavers(flows: PensionFlows, share: Array) -> PensionFlows:
    """The flows where a share of those short of the minimum years moves to the residents' scheme.

    share  (draw, 1, 1, 1) [1]  whose account goes there and is not refunded
    """
    moved = share * flows.short_balances
    return replace(flows, refunds=flows.refunds - moved, moved_to_residents=moved)


def with_moves(flows: PensionFlows, joined: Array, money: Array, balances: Array) -> PensionFlows:
    """The flows with pensioners of another scheme who joined and members who moved away.

    joined    (draw, group, sex, age) [persons]
    money     (draw, group, sex, age) [yuan/year]  paid to the place where they went
    balances  (draw, group, sex, age) [yuan/year]  account balances within that money
    """
    return replace(
        flows,
        joined_pensioners=flows.joined_pensioners + joined,
        transfers_out=flows.transfers_out + money,
        transferred_balances=flows.transferred_balances + balances,
    )
