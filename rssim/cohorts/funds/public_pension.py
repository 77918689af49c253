"""The pension fund of government and public institutions, carved out of the published series.

The published "employee pension" contains it, and the employee pension's stocks are those of all
members. This scheme works out its own part by its own rules; what the common engine has booked
of that part (``booked``) is taken out of the employee pension fund, and both are the same in the
baseline's first year, so that the two funds together give the published totals.
Limits: one mean award per cell; what is left of the accounts of its pensioners, and funeral and
survivors' grants, are those of the common engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rssim.cohorts.earnings import collected_share
from rssim.cohorts.funds.account import (
    CONTRIBUTION,
    EMPLOYERS,
    EXPENDITURE,
    GOVERNMENTS,
    HOUSEHOLDS,
    SUBSIDY,
    Account,
    Payment,
    by_group,
    one_column,
    settled,
)
from rssim.cohorts.funds.public_staff import (
    ACCOUNT,
    CADRE,
    DEEMED_YEARS,
    FUNDED,
    INDEX_YEARS,
    MONTHS,
    NEW,
    NOTIONAL,
    PEOPLE,
    YEARS,
    StaffYear,
    assessed_base_m,
    cell_sum,
    everyone,
    line_of,
    opening_base_ratio,
    opening_pensioners,
    opening_staff,
    staff_year,
)
from rssim.cohorts.funds.scheme import Opened, SchemeYear
from rssim.cohorts.funds.work import Work
from rssim.cohorts.moments import Line, target
from rssim.cohorts.population import lived_share
from rssim.errors import CalibrationError
from rssim.inputs.assemble import Inputs, Year
from rssim.records import IN_YEAR, YEAR_END, Array, Series
from rssim.rules.accounts import pension_of_account
from rssim.rules.elementwise import expect
from rssim.rules.employee_pension import basic_pension_with_factor, new_method_amount
from rssim.rules.public_pension import (
    expected_compared_pension,
    new_formula_pension,
    old_formula_pension,
    service_share,
)
from rssim.rules.public_pension_terms import PublicPensionBehaviour, PublicPensionTerms

KEY = "public_pension"
FUND = "public pension fund"
NAME = "government and public institutions"
ZH = "机关事业单位养老保险"
PAYMENTS = {
    "employer_contributions": ("Contributions of the units", "单位缴费"),
    "employee_contributions": ("Contributions of the staff", "个人缴费"),
    "subsidy": ("Subsidy for the current gap", "财政补贴"),
    "pensions": ("Pensions", "基本养老金支出"),
    "arrears": ("Arrears of recalculated pensions", "重算补发"),
    "funeral_grants": ("Funeral grants", "丧葬补助金"),
    "survivor_grants": ("Survivors' grants", "抚恤金"),
    "inheritances": ("Inherited accounts", "个人账户继承"),
}
PENSIONER_COHORTS = ("old", "middle", "new")
OLD_P, MIDDLE_P, NEW_P = range(len(PENSIONER_COHORTS))
PENSIONER_QUANTITIES = ("people", "pension", "common", "shortfall", "owed")
HEADS, PENSION, COMMON, SHORTFALL, OWED = range(len(PENSIONER_QUANTITIES))
HALF = 0.5
TINY = 1e-12
YEARS_NODES = np.array([-1.732050807568877, 0.0, 1.732050807568877])
YEARS_WEIGHTS = np.array([1.0 / 6.0, 2.0 / 3.0, 1.0 / 6.0])


def _own(
    key: str, name: str, zh: str, unit: str, timing: str, aggregates: str, about: str = ""
) -> Series:
    return Series(key, name, zh, unit, timing, aggregates, about)


SERIES = (
    _own("staff", "Staff of the public sector", "在编人员", "persons", YEAR_END, "sum"),
    _own("hired", "Entries to the staff", "新入编人员", "persons/year", IN_YEAR, "sum"),
    _own("pensioners", "Pensioners of the public sector", "退休人员", "persons", YEAR_END, "sum"),
    _own(
        "middle_pensioners",
        "Pensioners of the transition",
        "退休中人",
        "persons",
        YEAR_END,
        "sum",
        "retired since October 2014 with service before it",
    ),
    _own("new_pensioners", "New pensioners", "新增退休人员", "persons/year", IN_YEAR, "sum"),
    _own(
        "mean_pension_m",
        "Mean pension of the public sector",
        "人均养老金",
        "yuan/month",
        YEAR_END,
        "weighted mean of pensions by pensioners",
        "without the occupational annuity",
    ),
    _own(
        "mean_new_pension_m",
        "Mean new pension of the public sector",
        "新退休人员人均养老金",
        "yuan/month",
        IN_YEAR,
        "weighted mean of new pensions by new pensioners",
        "without the occupational annuity",
    ),
    _own(
        "base_m",
        "Mean assessed base of the staff",
        "人均缴费基数",
        "yuan/month",
        IN_YEAR,
        "one value for all",
    ),
    _own(
        "arrears_owed",
        "Arrears owed",
        "应补发养老金余额",
        "yuan",
        YEAR_END,
        "sum",
        "to pensioners still paid on account by the old formula",
    ),
    _own(
        "common_expenditure",
        "Outgo as the common engine books it",
        "按统一口径的支出",
        "yuan/year",
        IN_YEAR,
        "sum",
        "taken out of the employee pension fund; equal to the outgo in the first year",
    ),
)


@dataclass(frozen=True, eq=False)
class PublicPensionStocks:
    """What stands on 1 January.

    staff       (quantity, cohort, draw, group, sex, age)  see public_staff
    pensioners  (quantity, cohort, draw, group, sex, age)  people; pensions due and as the common
                engine books them, shortfall of what is paid on account [yuan/year]; owed [yuan]
    pay_index   (draw, 1, 1, 1)  counted pay relative to the reference wage, 1 on the opening day
    balance     (draw, 1, 1, 1) [yuan]
    """

    staff: Array
    pensioners: Array
    pay_index: Array
    balance: Array


@dataclass(frozen=True, eq=False)
class PublicPensionConstants:
    """What the opening found, (draw, 1, 1, 1) [1]; frozen in every scenario.

    base_ratio      counted pay over the base wage
    contributions_booked  contributions in the common engine over those of the staff's base there
    award_booked    new pensions in the common engine over its mean new pension
    inheritances_booked  inherited accounts in the common engine over the staff's share of its dead
    """

    base_ratio: Array
    contributions_booked: Array
    award_booked: Array
    inheritances_booked: Array


@dataclass(frozen=True, eq=False)
class Awarded:
    """New pensions of the year, (cohort of the staff, draw, group, sex, age): totals.

    pension    due from the fund                                     [yuan/year]
    shortfall  part of it that people paid on account do not get yet [yuan/year]
    """

    people: Array
    pension: Array
    shortfall: Array


def awards(retiring: Array, work: Work, year: Year) -> Awarded:
    """Pensions of those who retire: new formula, compared with the old one for middle people.

    retiring  (quantity, cohort, draw, group, sex, age)  rights on their date
    The comparison counts the annuity, which is paid out of its own account.
    """
    law, terms = year.pension, year.terms(PublicPensionTerms)
    behaviour = year.terms(PublicPensionBehaviour)
    base = work.references.calculation_base_m
    people = retiring[PEOPLE]
    some = people > TINY

    def mean(values: Array) -> Array:
        return np.asarray(np.divide(values, people, out=np.zeros_like(values), where=some))

    reciprocal = year.schedule.reciprocal[..., CADRE, :]
    divisor = 1.0 / np.maximum(reciprocal, TINY)
    served, deemed = mean(retiring[YEARS]), mean(retiring[DEEMED_YEARS])
    years = served + deemed
    weighted = mean(retiring[INDEX_YEARS]) + terms.deemed_index * deemed
    index = np.divide(weighted, years, out=np.zeros_like(years), where=years > TINY)
    basic = basic_pension_with_factor(base, 1.0, index, years, law.accrual_rate)
    account = pension_of_account(mean(retiring[ACCOUNT]), divisor)
    annuity = pension_of_account(mean(retiring[NOTIONAL] + retiring[FUNDED]), divisor)
    transitional = new_method_amount(
        base, terms.deemed_index * deemed, terms.transitional_coefficient
    )
    new = new_formula_pension(basic, account, transitional, annuity)
    window = terms.window_share * np.ones_like(new)
    window[NEW] = 0.0
    if np.any(window > 0):
        old = old_amounts(years, work, year)
        compared = expected_compared_pension(new, old, terms.excess_share, behaviour.benefit_log_sd)
        due = window * compared + (1.0 - window) * new
        shortfall = window * behaviour.waiting_share * (compared - old)
    else:
        due, shortfall = new, np.zeros_like(new)
    return Awarded(
        people=people,
        pension=MONTHS * people * np.maximum(due - annuity, 0.0),
        shortfall=MONTHS * people * shortfall,
    )


def old_amounts(years: Array, work: Work, year: Year) -> Array:
    """Pensions by the old formula, in the shape of years [yuan/month].

    years  [year]  service at retirement, mean of a cell; people are spread around it
    """
    terms = year.terms(PublicPensionTerms)
    limits = [float(limit) for limit in terms.service_limits]
    shares = [float(share) for share in terms.service_shares]
    spread = year.behaviour.years_sd[..., None]
    nodes = np.maximum(years[..., None] + spread * YEARS_NODES, 0.0)
    share = expect(lambda at: service_share(at, limits, shares), nodes, YEARS_WEIGHTS)
    return old_formula_pension(
        terms.old_basic_pay_m,
        share,
        terms.old_subsidy_m,
        terms.old_increase_m,
        terms.old_uprating,
    )


@dataclass(frozen=True, eq=False)
class Paid:
    """Payments to pensioners in a year, (draw, group, sex, age) [yuan/year], and who is left.

    common  what the common engine books of these pensions
    end     (quantity, cohort, draw, group, sex, age)  on 31 December, before ageing
    missed  shortfall of the year of those paid on account
    """

    pensions: Array
    arrears: Array
    common: Array
    missed: Array
    deaths: Array
    end: Array


def pay(stocks: Array, granted: Awarded, award_common: Array, work: Work, year: Year) -> Paid:
    """Pensions and arrears of the year.

    award_common  (draw, 1, 1, 1) [yuan/year]  new pension of a head in the common engine

    Awards that wait are recalculated evenly over the year; heirs get what is owed to the dead.
    """
    behaviour = year.terms(PublicPensionBehaviour)
    kept, lived = work.survival, lived_share(work.survival)
    done = behaviour.recalculated_share
    raised = stocks.copy()
    raised[[PENSION, COMMON, SHORTFALL]] *= 1.0 + work.references.increase
    waiting = raised[SHORTFALL] * lived
    missed = waiting * (1.0 - HALF * done)
    still = (1.0 - done) * (raised[OWED] + waiting)
    arrears = done * (raised[OWED] + HALF * waiting) + (1.0 - kept) * still
    end = raised * kept
    end[SHORTFALL] *= 1.0 - done
    end[OWED] = still * kept

    part = year.schedule.paid[..., CADRE, :] * HALF * (1.0 + kept)
    fresh = np.zeros_like(end[:, MIDDLE_P:])
    fresh[HEADS], fresh[PENSION] = granted.people, granted.pension
    fresh[COMMON] = granted.people * award_common
    fresh[SHORTFALL] = granted.shortfall
    fresh[OWED] = granted.shortfall * part
    first = fresh * part
    end[:, MIDDLE_P:] += fresh * kept
    arrears_new = fresh[OWED] * (1.0 - kept)
    pensions = (raised[PENSION] * lived - missed).sum(axis=0)
    return Paid(
        pensions=pensions + (first[PENSION] - fresh[OWED]).sum(axis=0),
        arrears=arrears.sum(axis=0) + arrears_new.sum(axis=0),
        common=(raised[COMMON] * lived).sum(axis=0) + first[COMMON].sum(axis=0),
        missed=missed.sum(axis=0) + fresh[OWED].sum(axis=0),
        deaths=((raised[HEADS] * (1.0 - kept)).sum(axis=0))
        + (fresh[HEADS] * (1.0 - kept)).sum(axis=0),
        end=end,
    )


def common_award(work: Work) -> Array:
    """Mean new pension of the year in the common engine, (draw, 1, 1, 1) [yuan/year]."""
    people, amount = cell_sum(work.pension.new_pensioners), cell_sum(work.pension.new_pensions)
    return np.divide(amount, people, out=np.zeros_like(amount), where=people > 0)


def grants(deaths: Array, work: Work) -> tuple[Array, Array]:
    """Funeral and survivors' grants for the scheme's dead, (draw, group, sex, age) [yuan/year].

    Each is the common engine's mean over all members and pensioners who die.
    """
    dead = cell_sum(work.pension.pensioner_deaths + work.pension.member_deaths)
    share = np.divide(deaths, dead, out=np.zeros_like(deaths), where=dead > 0)
    return (
        share * cell_sum(work.pension.funeral_grants),
        share * cell_sum(work.pension.survivor_grants),
    )


@dataclass(frozen=True, eq=False)
class Sums:
    """The year's amounts before the account is settled, (draw, group) [yuan/year]."""

    own: dict[str, Array]
    staff: StaffYear
    paid: Paid
    granted: Awarded


def sums(
    stocks: PublicPensionStocks,
    found: PublicPensionConstants,
    work: Work,
    year: Year,
    inputs: Inputs,
) -> Sums:
    """What the staff and its units pay and what its pensioners get."""
    terms, behaviour = year.terms(PublicPensionTerms), year.terms(PublicPensionBehaviour)
    staff = staff_year(stocks.staff, stocks.pay_index, found.base_ratio, work, year, inputs)
    granted = awards(staff.retiring, work, year)
    award_common = found.award_booked * common_award(work)
    paid = pay(stocks.pensioners, granted, award_common, work, year)
    bases = staff.person_years * staff.credits.base_m * MONTHS * behaviour.enrolled_staff_share
    enrolled = behaviour.enrolled_pensioner_share
    dying = staff.dying[PEOPLE].sum(axis=0) * behaviour.enrolled_staff_share
    funeral, survivors = grants(paid.deaths * enrolled + dying, work)
    lived, kept = lived_share(work.survival), work.survival
    rate = year.pension.account_interest_rate
    # Whoever dies in the year has the interest and the credits of the part that he lived.
    staying = stocks.staff.sum(axis=1) * staff.staying
    accounts = (1.0 - kept) * staying[ACCOUNT] + (lived - kept) * (
        staying[ACCOUNT] * rate + staying[PEOPLE] * staff.credits.account
    )
    own = {
        "employer_contributions": bases * terms.employer_rate,
        "employee_contributions": bases * terms.employee_rate,
        "pensions": paid.pensions * enrolled,
        "arrears": paid.arrears * enrolled,
        "funeral_grants": funeral,
        "survivor_grants": survivors,
        "inheritances": accounts * behaviour.enrolled_staff_share,
    }
    return Sums({name: by_group(amount) for name, amount in own.items()}, staff, paid, granted)


SHARED = ("funeral_grants", "survivor_grants")
"""Payments that the common engine books alike."""
CONTRIBUTIONS = ("employer_contributions", "employee_contributions")
OUTGO = ("pensions", "arrears", *SHARED, "inheritances")


def image(
    done: Sums, stocks: PublicPensionStocks, found: PublicPensionConstants, work: Work, year: Year
) -> dict[str, Array]:
    """What the common engine has booked of this scheme, (draw,) [yuan/year]."""
    law, behaviour = year.pension, year.terms(PublicPensionBehaviour)
    base_m = assessed_base_m(found.base_ratio, work, year)
    scale = found.contributions_booked * behaviour.enrolled_staff_share * MONTHS
    scale = scale * collected_share(year)
    bases = done.staff.person_years * base_m * scale
    cells = {
        "employer_contributions": bases * law.employer_rate * (1.0 - law.employer_relief_share),
        "employee_contributions": bases * law.employee_rate,
        "pensions": done.paid.common * behaviour.enrolled_pensioner_share,
    }
    out = {name: np.asarray(by_group(amount).sum(axis=1)) for name, amount in cells.items()}
    out["inheritances"] = np.asarray(
        (found.inheritances_booked * common_inheritances(done, work, year))[:, 0, 0, 0]
    )
    return out | {name: done.own[name].sum(axis=1) for name in SHARED}


def common_inheritances(done: Sums, work: Work, year: Year) -> Array:
    """Inherited accounts of the common engine by the staff's share of its dead, (draw, 1, 1, 1).

    What the common engine books must not depend on what this scheme does with pay.
    """
    enrolled = year.terms(PublicPensionBehaviour).enrolled_staff_share
    dying = cell_sum(done.staff.dying[PEOPLE].sum(axis=0)) * enrolled
    dead = cell_sum(work.pension.member_deaths + work.pension.pensioner_deaths)
    share = np.divide(dying, dead, out=np.zeros_like(dead), where=dead > 0)
    return np.asarray(share * cell_sum(work.pension.inheritances))


def total(amounts: dict[str, Array], names: tuple[str, ...]) -> Array:
    """Sum of some amounts of (draw, group) over groups, (draw,) [yuan/year]."""
    return np.asarray(sum(amounts[name].sum(axis=1) for name in names))


def booked_outgo(booked: dict[str, Array]) -> Array:
    """Outgo that the common engine has booked of this scheme, (draw,) [yuan/year]."""
    return np.asarray(sum(booked[name] for name in ("pensions", *SHARED, "inheritances")))


def gap_of(done: Sums, year: Year) -> Array:
    """Subsidy of the year, (draw,) [yuan/year]: a share of outgo less contributions."""
    share = year.terms(PublicPensionTerms).gap_share[:, 0, 0, 0]
    return np.asarray(
        share * np.maximum(total(done.own, OUTGO) - total(done.own, CONTRIBUTIONS), 0.0)
    )


def year(
    stocks: PublicPensionStocks,
    work: Work,
    year: Year,
    inputs: Inputs,
    found: PublicPensionConstants,
) -> SchemeYear:
    """One year of the scheme."""
    done = sums(stocks, found, work, year, inputs)
    account = settle(done, stocks.balance, year, inputs)
    booked = image(done, stocks, found, work, year)
    end = done.paid.end
    aged = np.zeros_like(end)
    aged[..., 1:] = end[..., :-1]
    aged[..., -1] += end[..., -1]
    after = PublicPensionStocks(
        staff=done.staff.after,
        pensioners=aged,
        pay_index=done.staff.pay_index,
        balance=np.asarray(account.closing[:, None, None, None]),
    )
    return SchemeYear(
        account=account,
        stocks=after,
        measures=measures(done, after, booked),
        gaps=gaps(stocks, done, after),
        booked=booked,
    )


def settle(done: Sums, balance: Array, year: Year, inputs: Inputs) -> Account:
    """The fund's account; the subsidy comes from the budget of the place."""
    start = balance[:, 0, 0, 0]
    budget = GOVERNMENTS.get(inputs.place.level, GOVERNMENTS["nation"])
    parties = {
        "employer_contributions": (EMPLOYERS, FUND, CONTRIBUTION),
        "employee_contributions": (HOUSEHOLDS, FUND, CONTRIBUTION),
    } | dict.fromkeys(OUTGO, (FUND, HOUSEHOLDS, EXPENDITURE))
    payments = {name: Payment(done.own[name], *parties[name]) for name in parties}
    subsidy = one_column(gap_of(done, year), start)
    payments["subsidy"] = Payment(subsidy, budget, FUND, SUBSIDY)
    fund_return = np.broadcast_to(year.economy.fund_return.reshape(-1), start.shape)
    return settled(FUND, start, payments, fund_return, budget)


def measures(done: Sums, after: PublicPensionStocks, booked: dict[str, Array]) -> dict[str, Array]:
    """The scheme's own series, (draw,)."""
    people = after.pensioners[HEADS]
    heads, fresh = everyone(people), everyone(done.granted.people)

    def mean_m(values: Array, among: Array) -> Array:
        amount = everyone(values)
        return np.divide(amount, among * MONTHS, out=np.zeros_like(amount), where=among > 0)

    return {
        "staff": everyone(after.staff[PEOPLE]),
        "hired": done.staff.hired.sum(axis=(1, 2, 3)),
        "pensioners": heads,
        "middle_pensioners": everyone(people[MIDDLE_P : MIDDLE_P + 1]),
        "new_pensioners": fresh,
        "mean_pension_m": mean_m(after.pensioners[PENSION], heads),
        "mean_new_pension_m": mean_m(done.granted.pension, fresh),
        "base_m": np.broadcast_to(done.staff.credits.base_m[:, 0, 0, 0], heads.shape).copy(),
        "arrears_owed": everyone(after.pensioners[OWED]),
        "common_expenditure": booked_outgo(booked),
    }


def _gap(difference: Array, scale: Array) -> float:
    return float(np.max(np.abs(difference) / np.maximum(np.abs(scale), 1.0)))


def gaps(before: PublicPensionStocks, done: Sums, after: PublicPensionStocks) -> dict[str, float]:
    """Relative gaps of the scheme's identities.

    staff       opening + entered − retired − died = closing
    pensioners  opening + new − died = closing
    arrears     opening + shortfall − paid = owed
    """
    staff = everyone(before.staff[PEOPLE])
    died = everyone(done.staff.dying[PEOPLE])
    retired, entered = everyone(done.granted.people), done.staff.hired.sum(axis=(1, 2, 3))
    heads = everyone(before.pensioners[HEADS])
    lost = done.paid.deaths.sum(axis=(1, 2, 3))
    owed = everyone(before.pensioners[OWED])
    moved = (done.paid.missed - done.paid.arrears).sum(axis=(1, 2, 3))
    scale = everyone(before.pensioners[PENSION])
    return {
        "staff": _gap(staff + entered - retired - died - everyone(after.staff[PEOPLE]), staff),
        "pensioners": _gap(heads + retired - lost - everyone(after.pensioners[HEADS]), heads),
        "arrears": _gap(owed + moved - everyone(after.pensioners[OWED]), scale),
    }


# The opening day --------------------------------------------------------------------------------


MOMENTS = ("staff", "pensioners", "contributions", "expenditure", "balance", "shortfall", "owed")
PINS = {
    "staff": "staff of the opening day",
    "pensioners": "pensioners of the opening day",
    "contributions": "base_ratio",
    "expenditure": "mean pension of the opening day",
    "balance": "opening balance",
    "shortfall": "shortfall of the opening day",
    "owed": "arrears of the opening day",
}


def open(inputs: Inputs, work: Work) -> Opened:
    """Stocks and constants of the opening day; the balance is taken from the common fund.

    Raises CalibrationError where a moment cannot be met.
    """
    first = inputs.years[0]
    goal = {name: target(inputs, f"{KEY}.{name}") for name in MOMENTS}
    one = np.ones_like(goal["staff"])
    ratio = opening_base_ratio(goal["staff"], goal["contributions"], work, inputs)
    staff = opening_staff(inputs, work, goal["staff"], ratio)
    people = opening_pensioners(inputs, work, goal["pensioners"])
    pensioners = np.zeros((len(PENSIONER_QUANTITIES), *people.shape))
    pensioners[HEADS] = people
    middle = people[MIDDLE_P]
    share = middle / cell_sum(middle)
    pensioners[SHORTFALL, MIDDLE_P] = share * goal["shortfall"]
    pensioners[OWED, MIDDLE_P] = share * goal["owed"]
    found = PublicPensionConstants(ratio, one, one, one)

    def trial(mean: Array) -> tuple[PublicPensionStocks, Sums]:
        stock = pensioners.copy()
        stock[PENSION] = people * mean
        opened = PublicPensionStocks(staff, stock, one, goal["balance"])
        return opened, sums(opened, found, work, first, inputs)

    def spent(done: Sums) -> Array:
        return total(done.own, OUTGO)[:, None, None, None]

    _, without = trial(0.0 * one)
    _, unit = trial(one)
    mean = (goal["expenditure"] - spent(without)) / (spent(unit) - spent(without))
    if np.any(mean <= 0):
        raise CalibrationError(
            f"{inputs.place.key}: {KEY}.expenditure: {goal['expenditure'].mean():g} yuan is less "
            f"than new pensions, arrears and grants of the first year, {spent(without).mean():g}."
        )
    opened, done = trial(mean)
    opened, found = with_image(opened, done, found, work, inputs)
    return Opened(
        stocks=opened,
        constants=found,
        lines=lines(opened, found, work, inputs),
        taken=goal["balance"],
    )


def with_image(
    stocks: PublicPensionStocks,
    done: Sums,
    found: PublicPensionConstants,
    work: Work,
    inputs: Inputs,
) -> tuple[PublicPensionStocks, PublicPensionConstants]:
    """Stocks and constants with which the common engine has booked the first year's amounts.

    Pensions are booked at their own amount. The subsidy of the common fund is a share of its
    outgo, so contributions are booked at what makes both revenues together the published one.
    """
    first = inputs.years[0]

    def cell(values: Array) -> Array:
        return values[:, None, None, None]

    fresh, own_new = everyone(done.granted.people), everyone(done.granted.pension)
    common = common_award(work)
    some = (cell(fresh) > 0) & (common > 0)
    scale = cell(fresh) * common
    award = np.divide(cell(own_new), scale, out=np.ones_like(scale), where=some)
    common_heirs = common_inheritances(done, work, first)
    own_heirs = cell(done.own["inheritances"].sum(axis=1))
    heirs = np.divide(own_heirs, common_heirs, out=np.ones_like(own_heirs), where=common_heirs > 0)
    found = replace(found, award_booked=award, inheritances_booked=heirs)
    pensioners = stocks.pensioners.copy()
    pensioners[COMMON] = pensioners[PENSION]
    trial = PublicPensionStocks(stocks.staff, pensioners, stocks.pay_index, stocks.balance)
    enrolled = first.terms(PublicPensionBehaviour).enrolled_pensioner_share
    again = sums(trial, found, work, first, inputs)
    unit = pay(pensioners, again.granted, 0.0 * common, work, first)
    standing = enrolled * cell_sum(unit.common)
    booked = enrolled * cell_sum(again.paid.common)
    wanted = cell(total(again.own, ("pensions", "arrears")))
    pensioners[COMMON] = pensioners[PENSION] * ((wanted - (booked - standing)) / standing)
    opened = PublicPensionStocks(stocks.staff, pensioners, stocks.pay_index, stocks.balance)
    last = sums(opened, found, work, first, inputs)
    booked_now = image(last, opened, found, work, first)
    outgo = booked_outgo(booked_now)
    subsidy_share = first.pension.subsidy_share[:, 0, 0, 0]
    revenue = total(last.own, CONTRIBUTIONS) + gap_of(last, first)
    factor = (revenue - subsidy_share * outgo) / sum(booked_now[name] for name in CONTRIBUTIONS)
    if np.any(factor <= 0):
        raise CalibrationError(
            f"{inputs.place.key}: {KEY}: employee_pension.subsidy_share pays more for its outgo "
            f"({float((subsidy_share * outgo).mean()):g} yuan) than its contributions and its own "
            f"subsidy ({float(revenue.mean()):g} yuan)."
        )
    return opened, replace(found, contributions_booked=cell(factor))


def lines(
    stocks: PublicPensionStocks, found: PublicPensionConstants, work: Work, inputs: Inputs
) -> tuple[Line, ...]:
    """What each moment pinned, and what the model gives."""
    done = sums(stocks, found, work, inputs.years[0], inputs)
    heads = everyone(stocks.pensioners[HEADS])
    pensions = everyone(stocks.pensioners[PENSION])
    model = {
        "staff": everyone(stocks.staff[PEOPLE]),
        "pensioners": heads,
        "contributions": total(done.own, CONTRIBUTIONS),
        "expenditure": total(done.own, OUTGO),
        "balance": stocks.balance,
        "shortfall": everyone(stocks.pensioners[SHORTFALL]),
        "owed": everyone(stocks.pensioners[OWED]),
    }
    values = model | {"contributions": found.base_ratio, "expenditure": pensions / heads}
    return tuple(
        line_of(inputs, f"{KEY}.{name}", model[name], PINS[name], values[name]) for name in MOMENTS
    )
