"""The occupational annuity of the public sector: invested accounts and recorded ones.

The staff's part, and the part of units that pay their own way, are invested; that of units that
the budget pays in full is recorded and paid in when the person retires or dies. All flows of a
year come in its middle, so the fund holds exactly what its members' accounts say.
Limits: instalments in months of the divisor are the only form of payment; annuities that are
bought from insurers, and the annuity as it moves with a change of work, are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssim.cohorts.funds.account import (
    CONTRIBUTION,
    EMPLOYERS,
    EXPENDITURE,
    GOVERNMENTS,
    HOUSEHOLDS,
    Account,
    Payment,
    by_group,
    settled,
)
from rssim.cohorts.funds.public_staff import (
    CADRE,
    FUNDED,
    HALF,
    MONTHS,
    NOTIONAL,
    PEOPLE,
    StaffYear,
    cell_sum,
    credits,
    everyone,
    line_of,
    opening_base_ratio,
    opening_pensioners,
    opening_staff,
    since_start,
    staff_year,
)
from rssim.cohorts.funds.scheme import Opened, SchemeYear
from rssim.cohorts.funds.work import Work
from rssim.cohorts.moments import target
from rssim.cohorts.population import lived_share
from rssim.inputs.assemble import Inputs, Year
from rssim.records import IN_YEAR, YEAR_END, Array, Series
from rssim.rules.occupational_annuity_terms import OccupationalAnnuityTerms
from rssim.rules.public_pension import employer_payment_at_retirement
from rssim.rules.supplementary import funded_account, instalment

KEY = "occupational_annuity"
FUND = "occupational annuity fund"
NAME = "occupational annuity"
ZH = "职业年金"
PAYMENTS = {
    "employee_contributions": ("Contributions of the staff", "个人缴费"),
    "unit_contributions": ("Contributions of units that pay their own way", "非全额单位缴费"),
    "budget_contributions": ("Contributions of the budget paid in at once", "当期做实缴费"),
    "made_real": ("Recorded balances paid in when they fall due", "退休做实"),
    "instalments": ("Instalments", "职业年金待遇支出"),
    "inheritances": ("Inherited accounts", "个人账户继承"),
}
PENSIONER_QUANTITIES = ("people", "balance", "instalment")
HEADS, BALANCE, INSTALMENT = range(len(PENSIONER_QUANTITIES))
SERIES = (
    Series(
        "members", "Members of the occupational annuity", "参加人数", "persons", YEAR_END, "sum"
    ),
    Series(
        "recipients",
        "Recipients of the annuity",
        "领取人数",
        "persons",
        YEAR_END,
        "sum",
        "retired since October 2014; some accounts are used up",
    ),
    Series(
        "notional_liability",
        "Recorded balances that are not paid in",
        "记账未做实余额",
        "yuan",
        YEAR_END,
        "sum",
        "owed by budgets when their staff retire or die",
    ),
    Series(
        "mean_new_instalment_m",
        "Mean first instalment",
        "新领取人员月均待遇",
        "yuan/month",
        IN_YEAR,
        "weighted mean of first instalments by those who retire",
    ),
)


@dataclass(frozen=True, eq=False)
class OccupationalAnnuityStocks:
    """What stands on 1 January.

    staff       (quantity, cohort, draw, group, sex, age)  see public_staff
    pensioners  (quantity, draw, group, sex, age)  people, balances [yuan], instalments [yuan/year]
    pay_index   (draw, 1, 1, 1)  counted pay relative to the reference wage, 1 on the opening day
    balance     (draw, 1, 1, 1) [yuan]  what the fund holds
    """

    staff: Array
    pensioners: Array
    pay_index: Array
    balance: Array


@dataclass(frozen=True, eq=False)
class OccupationalAnnuityConstants:
    """What the opening found, (draw, 1, 1, 1) [1]: counted pay of the staff over the base wage."""

    base_ratio: Array


@dataclass(frozen=True, eq=False)
class Paid:
    """Payments to people in a year and what is left, (draw, group, sex, age) [yuan/year].

    made_real    paid in by budgets for those who retire and die
    end          (quantity, draw, group, sex, age)  pensioners on 31 December, before ageing
    first        (draw, group, sex, age)  first instalments of those who retire, by the year
    retired      (draw, group, sex, age) [persons]
    deaths       (draw, group, sex, age) [persons]  pensioners who die
    """

    instalments: Array
    inheritances: Array
    made_real: Array
    end: Array
    first: Array
    retired: Array
    deaths: Array


def pay(stocks: OccupationalAnnuityStocks, staff: StaffYear, work: Work, year: Year) -> Paid:
    """Instalments and inherited accounts of the year."""
    terms, one = year.terms(OccupationalAnnuityTerms), staff.credits
    kept, lived = work.survival, lived_share(work.survival)
    rate, half = terms.investment_return, 1.0 + HALF * terms.investment_return
    worked = year.schedule.worked[..., CADRE, :]
    part = year.schedule.paid[..., CADRE, :] * HALF * (1.0 + kept)
    before = stocks.staff.sum(axis=1)
    leaving, staying = before * (1.0 - staff.staying), before * staff.staying

    # Those who retire: their invested and recorded balances become one.
    award = staff.retiring.sum(axis=1)
    recorded = employer_payment_at_retirement(award[NOTIONAL], 1.0)
    invested = funded_account(leaving[FUNDED], rate, leaving[PEOPLE] * worked * one.funded, HALF)
    balance = invested + recorded * half
    reciprocal = np.maximum(year.schedule.reciprocal[..., CADRE, :], 1e-12)
    first = MONTHS * instalment(award[FUNDED] + award[NOTIONAL], 1.0 / reciprocal)
    fresh_paid = np.minimum(first * part, balance / half)
    fresh_left = balance - fresh_paid * half

    # Pensioners of 1 January: instalments until the account is empty.
    old = stocks.pensioners
    paid = np.minimum(old[INSTALMENT] * lived, old[BALANCE] * (1.0 + rate) / half)
    left = funded_account(old[BALANCE], rate, -paid, HALF)
    end = old * kept
    end[BALANCE] = (left + fresh_left) * kept
    end[INSTALMENT] += first * kept
    end[HEADS] += award[PEOPLE] * kept

    # Staff who die: heirs get both balances, with what was added in the part that they lived.
    part_lived = (lived - kept) * staying[PEOPLE]
    invested_dead = funded_account(
        staying[FUNDED] * (1.0 - kept), rate, part_lived * one.funded, HALF
    )
    recorded_dead = staying[NOTIONAL] * (1.0 - kept) * (1.0 + HALF * terms.notional_rate)
    recorded_dead = recorded_dead + part_lived * one.notional
    heirs = (invested_dead + (1.0 - kept) * (left + fresh_left)) / half + recorded_dead
    return Paid(
        instalments=paid + fresh_paid,
        inheritances=heirs,
        made_real=recorded + recorded_dead,
        end=end,
        first=first,
        retired=award[PEOPLE],
        deaths=(old[HEADS] + award[PEOPLE]) * (1.0 - kept),
    )


def year(
    stocks: OccupationalAnnuityStocks,
    work: Work,
    year: Year,
    inputs: Inputs,
    found: OccupationalAnnuityConstants,
) -> SchemeYear:
    """One year of the scheme."""
    staff = staff_year(stocks.staff, stocks.pay_index, found.base_ratio, work, year, inputs)
    paid = pay(stocks, staff, work, year)
    account = settle(stocks, staff, paid, year, inputs)
    aged = np.zeros_like(paid.end)
    aged[..., 1:] = paid.end[..., :-1]
    aged[..., -1] += paid.end[..., -1]
    after = OccupationalAnnuityStocks(
        staff=staff.after,
        pensioners=aged,
        pay_index=staff.pay_index,
        balance=np.asarray(account.closing[:, None, None, None]),
    )
    first, retired = cell_sum(paid.first)[:, 0, 0, 0], cell_sum(paid.retired)[:, 0, 0, 0]
    some = retired > 0
    mean = np.divide(first, MONTHS * retired, out=np.zeros_like(first), where=some)
    heads = cell_sum(stocks.pensioners[HEADS])[:, 0, 0, 0]
    lost = cell_sum(paid.deaths)[:, 0, 0, 0]
    after_heads = cell_sum(aged[HEADS])[:, 0, 0, 0]
    held = invested(after)
    return SchemeYear(
        account=account,
        stocks=after,
        measures={
            "members": everyone(after.staff[PEOPLE]),
            "recipients": after_heads,
            "notional_liability": everyone(after.staff[NOTIONAL]),
            "mean_new_instalment_m": mean,
        },
        gaps={
            "assets": _gap(held - account.closing, account.closing),
            "recipients": _gap(heads + retired - lost - after_heads, heads),
        },
    )


def invested(stocks: OccupationalAnnuityStocks) -> Array:
    """Invested balances of members and pensioners, (draw,) [yuan]: what the fund must hold."""
    pensioners = cell_sum(stocks.pensioners[BALANCE])[:, 0, 0, 0]
    return np.asarray(everyone(stocks.staff[FUNDED]) + pensioners)


def _gap(difference: Array, scale: Array) -> float:
    return float(np.max(np.abs(difference) / np.maximum(np.abs(scale), 1.0)))


def settle(
    stocks: OccupationalAnnuityStocks, staff: StaffYear, paid: Paid, year: Year, inputs: Inputs
) -> Account:
    """The fund's account; what budgets owe is paid by the budget of the place."""
    terms = year.terms(OccupationalAnnuityTerms)
    start = stocks.balance[:, 0, 0, 0]
    budget = GOVERNMENTS.get(inputs.place.level, GOVERNMENTS["nation"])
    bases = staff.person_years * staff.credits.base_m * MONTHS
    own, real = 1.0 - terms.budget_share, terms.budget_share * terms.made_real_share
    entries = {
        "employee_contributions": (bases * terms.employee_rate, HOUSEHOLDS, FUND, CONTRIBUTION),
        "unit_contributions": (bases * terms.employer_rate * own, EMPLOYERS, FUND, CONTRIBUTION),
        "budget_contributions": (bases * terms.employer_rate * real, budget, FUND, CONTRIBUTION),
        "made_real": (paid.made_real, budget, FUND, CONTRIBUTION),
        "instalments": (paid.instalments, FUND, HOUSEHOLDS, EXPENDITURE),
        "inheritances": (paid.inheritances, FUND, HOUSEHOLDS, EXPENDITURE),
    }
    payments = {
        name: Payment(by_group(amount), payer, payee, kind)
        for name, (amount, payer, payee, kind) in entries.items()
    }
    earned = np.broadcast_to(terms.investment_return.reshape(-1), start.shape)
    return settled(FUND, start, payments, earned, budget)


# The opening day --------------------------------------------------------------------------------


def open(inputs: Inputs, work: Work) -> Opened:
    """Stocks and constants of the opening day: the fund holds the published assets.

    Balances follow from years of contribution at today's pay; invested ones are scaled to the
    assets, recorded ones are not published.
    """
    goal = target(inputs, f"{KEY}.assets")
    total = target(inputs, "public_pension.staff")
    paid_in = target(inputs, "public_pension.contributions")
    one = np.ones_like(goal)
    ratio = opening_base_ratio(total, paid_in, work, inputs)
    staff = opening_staff(inputs, work, total, ratio)
    pensioners = opening_recipients(inputs, work, ratio)
    unscaled = OccupationalAnnuityStocks(staff, pensioners, one, goal)
    scale = goal / invested(unscaled)[:, None, None, None]
    staff, pensioners = staff.copy(), pensioners.copy()
    staff[FUNDED] *= scale
    pensioners[[BALANCE, INSTALMENT]] *= scale
    opened = OccupationalAnnuityStocks(staff, pensioners, one, goal)
    return Opened(
        stocks=opened,
        constants=OccupationalAnnuityConstants(ratio),
        lines=(
            line_of(inputs, f"{KEY}.assets", invested(opened), "scale of invested balances", scale),
        ),
    )


def opening_recipients(inputs: Inputs, work: Work, base_ratio: Array) -> Array:
    """Recipients of the opening day, (quantity, draw, group, sex, age), before they are scaled.

    Who retired since the scheme began did so half way on average: half of the years until today
    were paid in and half of them paid out.
    """
    first = inputs.years[0]
    total = target(inputs, "public_pension.pensioners")
    people = opening_pensioners(inputs, work, total)[1]
    one = credits(base_ratio, np.ones_like(base_ratio), work, first)
    years = HALF * since_start(inputs)
    within = first.schedule.within[..., CADRE, :]
    weighted = (within * first.schedule.reciprocal[..., CADRE, :]).sum(axis=-1, keepdims=True)
    reciprocal = weighted / within.sum(axis=-1, keepdims=True)
    balance = people * years * (one.notional + one.funded)
    out = np.zeros((len(PENSIONER_QUANTITIES), *people.shape))
    out[HEADS] = people
    out[INSTALMENT] = MONTHS * balance * reciprocal
    out[BALANCE] = np.maximum(balance - years * out[INSTALMENT], 0.0)
    return out
