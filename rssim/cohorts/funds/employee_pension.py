"""The employee pension fund: members move, pay, claim, leave and die; pensions rise and are paid.

Rights are extensive totals by whole contribution year, so the share of a cohort that reaches its
date without the minimum years is a result. A year runs in this order: claims and departures are
decided on the members of 1 January; the rest move between contributing and dormant so that
covered employment is met, contribute for the whole year and survive to the next age.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rssim.axes import AWAY, CONTRIBUTING
from rssim.cohorts.earnings import collected_share
from rssim.cohorts.funds.pension_claims import Claims, award
from rssim.cohorts.funds.pension_members import (
    accrue_and_age,
    deaths_by_bin,
    move_members,
    transfers,
)
from rssim.cohorts.funds.pensioners import (
    aged_pensioners,
    pay_new,
    pay_pensioners,
    raised_pensions,
    survivors_of,
)
from rssim.cohorts.population import lived_share
from rssim.cohorts.state import (
    BALANCE,
    DEEMED_ACCOUNT,
    MEMBER_AGES,
    PEOPLE,
    RESIDENTS,
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
from rssim.rules.employee_pension import funeral_grant

KEY = "employee_pension"
MONTHS = 12
HALF = 0.5
ALL = 1.0 - 1e-9


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
    survival = by_track(member_ages(survival_all))
    lived = by_track(member_ages(lived_share(survival_all)))
    base_m = (
        activity.formal_weight * activity.formal_base_m
        + (1.0 - activity.formal_weight) * activity.flexible_base_m
    )
    base = by_track(member_ages(base_m))
    index = by_track(member_ages(activity.index))
    rate = by_track(law.account_interest_rate)
    half_rate = rate * by_track(law.mid_year_factor) / 2.0
    credit = by_track(law.account_rate * collection) * base * MONTHS

    raised = raised_pensions(stocks.pensioners, references, year)
    granted = award(found, base, index, references, year, collection, activity.award_scale)

    # Members who stay: moves, contributions, one more year, survival.
    track_people = by_track(activity.population) * activity.track_shares
    not_claiming = track_people * np.maximum(1.0 - schedule.before - schedule.within, 0.0)
    target = member_ages(by_track(activity.contribution_rate) * not_claiming)
    members = over_bins(found.staying[PEOPLE])
    # Where all of a cell are past their date, those who contribute are those who go on.
    all_due = member_ages(schedule.due_hazard) >= ALL
    wanted = np.where(all_due, members[CONTRIBUTING], target + found.continuing)
    exit_share = np.where(all_due, 0.0, by_track(behaviour.exit_rate))
    never = (
        member_ages(track_people - stocks.pensioners[RESIDENTS])
        - members[:AWAY].sum(axis=0)
        - found.resident_people
        - found.departed[PEOPLE, :AWAY].sum(axis=0)
    )
    moving, moving_money = transfers(found.staying, law, references, behaviour.transfer_out_rate)
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
    worked = member_ages(schedule.worked)
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
    dying = deaths_by_bin(rights, survival)
    survivors = survivors_of(law)
    member_deaths = over_bins(dying)
    member_grants = survivors.of_members(dying, bins_axis(rights) + HALF)

    # Pensioners: those of 1 January, then those who claimed in the year.
    old = pay_pensioners(raised, survival_all, year, survivors)
    fresh = pay_new(granted, found.resident_people, survival, year, survivors)
    pensioners = aged_pensioners(old.end + fresh.end)

    def cell(values: Array) -> Array:
        """Sum over tracks, laid out over all ages."""
        summed = values.sum(axis=-2)
        if summed.shape[-1] == 101:
            return np.asarray(summed)
        out = np.zeros((*summed.shape[:-1], 101))
        out[..., MEMBER_AGES] = summed
        return out

    formal = by_track(member_ages(activity.formal_weight))
    formal_base = by_track(member_ages(activity.formal_base_m))
    flexible_base = by_track(member_ages(activity.flexible_base_m))
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
        funeral_grants=cell(old.deaths * funeral_grant(survivors.income_m, funeral_m))
        + cell((fresh.deaths + member_deaths) * funeral_grant(survivors.income_m, funeral_m)),
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
