"""The enterprise annuity: funded accounts of employees whose firm has a plan.

Members are held by whole years of service, because the employer's part vests with service. In a
year members die, retire, leave their firm or stay, all in its middle; leavers keep their own and
the vested part in a preserved account, and the unvested part is shared out among those who stay.
A talent annuity adds members for whom the budget pays in the employer's place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssim.axes import FORMAL, PENSIONER
from rssim.cohorts.funds.account import (
    CONTRIBUTION,
    EMPLOYERS,
    EXPENDITURE,
    GOVERNMENTS,
    HOUSEHOLDS,
    SUBSIDY,
    Payment,
    by_group,
    settled,
)
from rssim.cohorts.funds.funded import (
    AGE,
    HALF,
    MONTHS,
    after_moves,
    before_date,
    draw_down,
    first_half,
    gap,
    one_year_older,
    regrouped,
    retiring_share,
    share_of,
    taken_away,
)
from rssim.cohorts.funds.scheme import Opened, SchemeYear
from rssim.cohorts.funds.work import Work
from rssim.cohorts.moments import Line, pinned, target
from rssim.errors import ParameterError
from rssim.inputs.assemble import Inputs, Year
from rssim.records import IN_YEAR, YEAR_END, Array, Series
from rssim.rules.enterprise_annuity_terms import (
    EnterpriseAnnuityBehaviour,
    EnterpriseAnnuityTerms,
)
from rssim.rules.supplementary import (
    enterprise_contributions,
    entitlement_on_leaving,
    forfeiture_on_leaving,
    sponsored_contributions,
    vested_share_by_year,
)

KEY = "enterprise_annuity"
FUND = "enterprise annuity accounts"
NAME = "enterprise annuity"
ZH = "企业年金"
OTHER_FUNDS = "other pension funds"
PAYMENTS = {
    "employer_contributions": ("Employer contributions", "单位缴费"),
    "employee_contributions": ("Worker contributions", "个人缴费"),
    "talent_subsidies": ("Paid by the budget for talents", "人才年金财政补贴"),
    "lump_sums": ("Paid at once at retirement", "一次性领取"),
    "instalments": ("Instalments", "分期领取"),
    "inheritances": ("Inherited accounts", "账户继承"),
    "transfers_out": ("Accounts moved to other places", "转移支出"),
}
SERIES = (
    Series(
        "members", "Members of enterprise annuities", "企业年金参保职工", "persons", YEAR_END, "sum"
    ),
    Series(
        "coverage",
        "Formal employees with an enterprise annuity",
        "企业年金覆盖率",
        "share",
        YEAR_END,
        "weighted mean of members by formal employees",
    ),
    Series(
        "recipients",
        "Recipients of enterprise annuities",
        "企业年金领取人数",
        "persons",
        IN_YEAR,
        "sum",
    ),
    Series(
        "mean_benefit_m",
        "Mean instalment of the enterprise annuity",
        "企业年金月均领取额",
        "yuan/month",
        IN_YEAR,
        "weighted mean of instalments by recipients",
    ),
    Series(
        "forfeited",
        "Unvested parts that went back to the plans",
        "未归属权益",
        "yuan/year",
        IN_YEAR,
        "sum",
    ),
)
SERVICE = 9
"""Whole years of service 0 to 7, and 8 or more: the longest vesting that the law allows."""
BINS = np.arange(SERVICE, dtype=float).reshape(-1, 1, 1, 1, 1)
LONGEST_CAREER = 45
FIRST_AGE = 16
"""Lowest age at which the labour law allows work."""
OWN, PRESERVED, PRESERVED_PEOPLE = range(3)
PAYING, RECIPIENTS = range(2)
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class EnterpriseAnnuityStocks:
    """Accounts on 1 January; totals lead with a quantity, then (draw, group, sex, age).

    members   (service, ...) people by whole years of service                     [persons]
    employer  (service, ...) employer's part of their accounts                    [yuan]
    accounts  own part of members, preserved accounts of leavers [yuan], their people [persons]
    drawing   balances in payment [yuan], people who draw them [persons]
    balance   (draw,) of the fund                                                 [yuan]
    """

    members: Array
    employer: Array
    accounts: Array
    drawing: Array
    balance: Array


@dataclass(frozen=True, eq=False)
class EnterpriseAnnuityConstants:
    """Coverage of a cell of mean wage, (draw, 1, 1, 1) [1]; frozen in every scenario."""

    coverage: Array


@dataclass(frozen=True, eq=False)
class _Split:
    """Where members go in the year; shares are (draw, group, sex, age) [1], sum to one.

    joining  new members [persons]
    """

    dead: Array
    retired: Array
    left: Array
    stayed: Array
    joining: Array


def may_join(year: Year) -> Array:
    """Ages on 1 January of those who may be members at the end of the year, (draw, 1, sex, age)."""
    return np.asarray((AGE >= FIRST_AGE) & (retiring_share(year) < 1.0))


def relative_coverage(work: Work, behaviour: EnterpriseAnnuityBehaviour) -> Array:
    """Coverage of a cell over that of a cell of mean wage [1], (draw, group, sex, age)."""
    relative = np.maximum(work.wage_m / work.earnings.average_wage_m, 0.0)
    return np.asarray(relative**behaviour.coverage_elasticity)


def wanted_share(work: Work, year: Year, coverage: Array) -> tuple[Array, Array]:
    """Formal employees in a plan, and those of them in the talent annuity [1].

    coverage  (draw, 1, 1, 1) of a cell of mean wage
    Raises ParameterError where more than all would be members.
    """
    law, behaviour = year.terms(EnterpriseAnnuityTerms), year.terms(EnterpriseAnnuityBehaviour)
    in_plans = coverage * behaviour.coverage_factor * relative_coverage(work, behaviour)
    talents = np.broadcast_to(law.talent_eligible_share, in_plans.shape)
    share = in_plans + talents
    here = work.labour.end[..., FORMAL, :] > 0
    most = float(np.where(here, share, 0.0).max(initial=0.0))
    if most > 1.0 + ROUNDING:
        factor = float(behaviour.coverage_factor.max())
        plans = float(np.where(here & (talents >= 1.0), in_plans, 0.0).max(initial=0.0))
        if plans > 0.0:
            raise ParameterError(
                f"{KEY}.talent_eligible_share: 1 in {year.year} leaves none for the plans of "
                f"employers, which have {100 * plans:.1f} % of the best paid employees; at most "
                f"{1.0 - plans:.4g} is possible."
            )
        raise ParameterError(
            f"{KEY}_behaviour.coverage_factor: {factor:g} in {year.year}, with "
            f"{float(talents.max()):g} in the talent annuity, would make "
            f"{100 * most:.1f} % of the best paid employees members; at most "
            f"{factor * (1.0 - float(talents.max())) / (most - float(talents.max())):.4g} "
            "is possible."
        )
    return share, talents


def leaving_share(work: Work, behaviour: EnterpriseAnnuityBehaviour) -> Array:
    """Members who leave their firm in the year [1]: the cell's risk times the ratio."""
    labour = work.labour
    risk = share_of(labour.separations + labour.to_flexible, labour.person_years[..., FORMAL, :])
    return np.asarray(1.0 - np.exp(-behaviour.turnover_ratio * risk))


def split_of(stocks: EnterpriseAnnuityStocks, work: Work, year: Year, wanted: Array) -> _Split:
    """Who dies, retires, leaves, stays and joins, so that the year ends with the members wanted.

    wanted  (draw, group, sex, age) [persons]  at the end of the year, by age on 1 January
    """
    alive = work.survival
    retiring = retiring_share(year)
    going = leaving_share(work, year.terms(EnterpriseAnnuityBehaviour))
    active = alive * (1.0 - retiring)
    kept = stocks.members.sum(axis=0) * active * (1.0 - going)
    stays = (1.0 - going) * np.where(kept > wanted, share_of(wanted, kept), 1.0)
    return _Split(
        dead=1.0 - alive,
        retired=alive * retiring,
        left=active * (1.0 - stays),
        stayed=active * stays,
        joining=np.maximum(wanted - kept, 0.0),
    )


def credit_rates(work: Work, year: Year, share: Array, talents: Array) -> tuple[Array, ...]:
    """Yearly credits per member [yuan/person-year]: employer, budget for talents, member."""
    law, behaviour = year.terms(EnterpriseAnnuityTerms), year.terms(EnterpriseAnnuityBehaviour)
    wage = work.wage_m * MONTHS
    talent = share_of(talents, share)
    employer, worker = enterprise_contributions(
        wage * (1.0 - talent),
        behaviour.employer_rate,
        behaviour.employee_rate,
        law.employer_cap,
        law.total_cap,
    )
    budget, member = sponsored_contributions(
        wage * talent, law.talent_rate, law.talent_sponsor_share
    )
    return employer, budget, worker + member


def open(inputs: Inputs, work: Work) -> Opened:
    """Accounts of the opening day, spread over cells as coverage and wages are.

    Members' years of service are those of a plan in which as many have always joined as left, and
    accounts are in proportion to wage and service: returns have kept up with wages.
    """
    year = inputs.years[0]
    behaviour = year.terms(EnterpriseAnnuityBehaviour)
    names = ("members", "balance", "recipients", "recipients_share", "preserved_share")
    moments = {name: target(inputs, f"{KEY}.{name}") for name in names}
    there = np.logical_and(AGE >= FIRST_AGE, before_date(year))
    formal = np.where(there, work.people[..., FORMAL, :], 0.0)
    weight = formal * relative_coverage(work, behaviour)
    coverage = moments["members"] / weight.sum(axis=(1, 2, 3), keepdims=True)
    cells = coverage * weight

    members, years = _service(leaving_share(work, behaviour), cells)
    shape = cells.shape
    value = years * work.wage_m
    own_part = share_of(behaviour.employee_rate, behaviour.employee_rate + behaviour.employer_rate)
    active_share = 1.0 - moments["recipients_share"] - moments["preserved_share"]
    total = value.sum(axis=0).sum(axis=(1, 2, 3))[:, None, None, None]
    value = value * (moments["balance"] * active_share / total)
    preserved = moments["preserved_share"] / active_share
    accounts = np.stack(
        [value.sum(axis=0) * own_part, value.sum(axis=0) * preserved, cells * preserved]
    )
    pensioners = np.where(behaviour.last_age > AGE, work.people[..., PENSIONER, :], 0.0)
    remaining = pensioners * np.maximum(behaviour.last_age - AGE, 0.0)

    def scaled(values: Array, wanted: Array) -> Array:
        return np.asarray(values * (wanted / values.sum(axis=(1, 2, 3), keepdims=True)))

    drawing = np.stack(
        [
            scaled(remaining, moments["balance"] * moments["recipients_share"]),
            scaled(pensioners, moments["recipients"]),
        ]
    )
    stocks = EnterpriseAnnuityStocks(
        members=members,
        employer=value * (1.0 - own_part),
        accounts=accounts,
        drawing=np.asarray(np.broadcast_to(drawing, (2, *shape))).copy(),
        balance=moments["balance"][:, 0, 0, 0],
    )
    model = _measured(stocks)
    constants = {
        "members": coverage,
        "balance": moments["balance"],
        "recipients": moments["recipients"] / work.people[..., PENSIONER, :].sum(),
        "recipients_share": moments["balance"] * moments["recipients_share"],
        "preserved_share": preserved,
    }
    words = {
        "members": "coverage at mean wage",
        "balance": "opening balance",
        "recipients": "recipients per pensioner",
        "recipients_share": "balances in payment",
        "preserved_share": "preserved over members' accounts",
    }
    lines: tuple[Line, ...] = tuple(
        pinned(inputs, f"{KEY}.{name}", model[name], words[name], constants[name]) for name in names
    )
    return Opened(stocks, EnterpriseAnnuityConstants(coverage), lines)


def _service(leaving: Array, cells: Array) -> tuple[Array, Array]:
    """Members by years of service and their years: (service, ...) [persons], [person-years]."""
    people = np.zeros((SERVICE, *cells.shape))
    years = np.zeros_like(people)
    share = np.ones_like(cells)
    for served in range(LONGEST_CAREER):
        possible = np.where(served <= np.maximum(AGE - FIRST_AGE, 0.0), share, 0.0)
        at = min(served, SERVICE - 1)
        people[at] += possible
        years[at] += possible * (served + HALF)
        share = share * (1.0 - leaving)
    scale = cells / people.sum(axis=0)
    return people * scale, years * scale


def _measured(stocks: EnterpriseAnnuityStocks) -> dict[str, Array]:
    """The model's values of the moments, (draw,)."""
    accounts = stocks.accounts.sum(axis=(2, 3, 4))
    drawing = stocks.drawing.sum(axis=(2, 3, 4))
    held = accounts[OWN] + stocks.employer.sum(axis=0).sum(axis=(1, 2, 3))
    total = held + accounts[PRESERVED] + drawing[PAYING]
    return {
        "members": stocks.members.sum(axis=0).sum(axis=(1, 2, 3)),
        "balance": total,
        "recipients": drawing[RECIPIENTS],
        "recipients_share": share_of(drawing[PAYING], total),
        "preserved_share": share_of(accounts[PRESERVED], total),
    }


def year(
    stocks: EnterpriseAnnuityStocks,
    work: Work,
    year: Year,
    inputs: Inputs,
    found: EnterpriseAnnuityConstants,
) -> SchemeYear:
    """One year of plans and accounts."""
    law, behaviour = year.terms(EnterpriseAnnuityTerms), year.terms(EnterpriseAnnuityBehaviour)
    rate = behaviour.return_rate
    grown, later = first_half(rate), 1.0 + HALF * rate
    share, talents = wanted_share(work, year, found.coverage)
    wanted = np.where(may_join(year), share * work.labour.end[..., FORMAL, :], 0.0)
    split = split_of(stocks, work, year, wanted)
    per_year = credit_rates(work, year, share, talents)
    into_employer, into_own = per_year[0] + per_year[1], per_year[2]

    members = stocks.members
    people = members.sum(axis=0)
    half_year = HALF * (split.dead + split.retired + split.left)
    served = people * (half_year + split.stayed) + HALF * split.joining

    def part(going: Array, of_year: float) -> tuple[Array, Array]:
        """Employer's part by service and own part of those who go, in the middle of the year."""
        employer = (stocks.employer * grown + members * (of_year * into_employer)) * going
        own = (stocks.accounts[OWN] * grown + people * (of_year * into_own)) * going
        return employer, own

    dead, retired, left = (part(to, HALF) for to in (split.dead, split.retired, split.left))
    vested = vested_share_by_year(BINS, law.vesting_years)
    staying, own = part(split.stayed, 1.0)
    fresh_credit = HALF * split.joining * into_employer
    credits = (members * split.stayed).sum(axis=0) * into_employer + fresh_credit
    pool = credits.sum(axis=(1, 2, 3), keepdims=True)
    # Nobody is left to share it: then all of it belongs to those who leave.
    vested = np.where(pool > 0, vested, 1.0)
    forfeited = forfeiture_on_leaving(left[0], vested).sum(axis=0).sum(axis=(1, 2, 3))
    bonus = share_of(forfeited[:, None, None, None], pool)
    staying = staying + members * split.stayed * (into_employer * bonus)

    next_members, next_employer = np.zeros_like(members), np.zeros_like(members)
    for out, values in ((next_members, members * split.stayed), (next_employer, staying)):
        out[1:] = values[:-1]
        out[-1] += values[-1]
    next_members[0] = split.joining
    next_employer[0] = fresh_credit * (1.0 + bonus)
    own = own + HALF * split.joining * into_own

    # Preserved accounts of former members go with age and death as members do.
    kept = stocks.accounts[PRESERVED] * grown
    kept_people = stocks.accounts[PRESERVED_PEOPLE]
    alive, retiring = work.survival, retiring_share(year)
    waiting = alive * (1.0 - retiring)
    added = left[1] + entitlement_on_leaving(0.0, left[0], vested).sum(axis=0)
    preserved = kept * waiting + added
    preserved_people = kept_people * waiting + people * split.left
    drawn = draw_down(
        (stocks.drawing[PAYING] * grown, stocks.drawing[RECIPIENTS]),
        (
            retired[1] + retired[0].sum(axis=0) + kept * (alive * retiring),
            (people * split.retired) + kept_people * (alive * retiring),
        ),
        alive,
        behaviour.lump_sum_share,
        behaviour.last_age,
    )
    inherited = dead[1] + dead[0].sum(axis=0) + kept * (1.0 - alive) + drawn.inherited

    # A year older, then moved with their owners.
    pairs = (inputs.conversion_pairs, inputs.upgrade_pairs)
    end_members = one_year_older(next_members)
    end_employer = one_year_older(next_employer) * later
    end_accounts = one_year_older(np.stack([own * later, preserved * later, preserved_people]))
    balances = end_employer.sum(axis=0) + end_accounts[OWN] + end_accounts[PRESERVED]
    after = EnterpriseAnnuityStocks(
        members=after_moves(end_members, work, pairs),
        employer=after_moves(end_employer, work, pairs),
        accounts=after_moves(end_accounts, work, pairs),
        drawing=regrouped(
            one_year_older(np.stack([drawn.left * later, drawn.recipients])), work, pairs
        ),
        balance=stocks.balance,
    )
    level = GOVERNMENTS.get(inputs.place.level, GOVERNMENTS["nation"])
    payments = {
        "employer_contributions": Payment(
            by_group(served * per_year[0]), EMPLOYERS, FUND, CONTRIBUTION
        ),
        "employee_contributions": Payment(
            by_group(served * per_year[2]), HOUSEHOLDS, FUND, CONTRIBUTION
        ),
        "talent_subsidies": Payment(by_group(served * per_year[1]), level, FUND, SUBSIDY),
        "lump_sums": Payment(by_group(drawn.lump_sums), FUND, HOUSEHOLDS, EXPENDITURE),
        "instalments": Payment(by_group(drawn.instalments), FUND, HOUSEHOLDS, EXPENDITURE),
        "inheritances": Payment(by_group(inherited), FUND, HOUSEHOLDS, EXPENDITURE),
        "transfers_out": Payment(taken_away(balances, work, rate), FUND, OTHER_FUNDS, EXPENDITURE),
    }
    returns = np.broadcast_to(rate.reshape(-1), stocks.balance.shape)
    account = settled(FUND, stocks.balance, payments, returns, level)
    after = EnterpriseAnnuityStocks(
        after.members, after.employer, after.accounts, after.drawing, account.closing
    )
    measured = _measured(after)
    formal = work.people_end[..., FORMAL, :].sum(axis=(1, 2, 3))
    receiving = drawn.receiving.sum(axis=(1, 2, 3))
    ended = end_members.sum(axis=0).sum(axis=(1, 2, 3))
    expected = people * (split.stayed) + split.joining
    return SchemeYear(
        account,
        after,
        {
            "members": measured["members"],
            "coverage": share_of(measured["members"], formal),
            "recipients": receiving,
            "mean_benefit_m": share_of(account.amount("instalments"), receiving) / MONTHS,
            "forfeited": forfeited,
        },
        {
            "accounts": gap(measured["balance"], account.closing),
            "members": gap(ended, expected.sum(axis=(1, 2, 3))),
        },
    )
