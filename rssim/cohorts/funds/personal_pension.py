"""The personal pension: accounts that employees open for themselves, saving income tax.

Who opens an account, who pays in and how much depends on pay; pay is spread within a cell, so the
tax meets it through nodes. What the state does not collect of the income tax is booked as paid by
its budgets into the accounts; at payout it gets the payout tax back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rssim.axes import FORMAL
from rssim.cohorts.funds.account import (
    CONTRIBUTION,
    EXPENDITURE,
    GOVERNMENTS,
    HOUSEHOLDS,
    SUBSIDY,
    Payment,
    by_group,
    settled,
)
from rssim.cohorts.funds.funded import (
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
from rssim.cohorts.moments import pinned, target
from rssim.cohorts.roots import rising_root
from rssim.inputs.assemble import Inputs, Year
from rssim.records import IN_YEAR, YEAR_END, Array, Series
from rssim.rules.elementwise import expected_clip, lognormal_nodes
from rssim.rules.income_tax import income_tax, marginal_rate, taxable_income
from rssim.rules.personal_pension_terms import PersonalPensionBehaviour, PersonalPensionTerms
from rssim.rules.supplementary import net_of_tax

KEY = "personal_pension"
FUND = "personal pension accounts"
NAME = "personal pension"
ZH = "个人养老金"
OTHER_FUNDS = "other pension funds"
CENTRAL = GOVERNMENTS["nation"]
PAYMENTS = {
    "own_contributions": ("Paid in, net of tax saved", "个人缴费（扣除减税）"),
    "tax_relief_central": ("Income tax not collected, central part", "中央财政减税"),
    "tax_relief_local": ("Income tax not collected, local part", "地方财政减税"),
    "benefits": ("Paid out, net of tax", "领取（税后）"),
    "payout_tax_central": ("Tax on payouts, central part", "中央领取税"),
    "payout_tax_local": ("Tax on payouts, local part", "地方领取税"),
    "inheritances": ("Inherited accounts, net of tax", "账户继承（税后）"),
    "transfers_out": ("Accounts of people who moved away", "转移支出"),
}
SERIES = (
    Series(
        "accounts", "Personal pension accounts", "个人养老金开户人数", "persons", YEAR_END, "sum"
    ),
    Series("new_accounts", "Accounts opened", "新开户人数", "persons/year", IN_YEAR, "sum"),
    Series("payers", "People who paid into an account", "缴费人数", "persons", IN_YEAR, "sum"),
    Series(
        "paying_share",
        "Accounts that were paid into",
        "账户缴费比例",
        "share",
        IN_YEAR,
        "weighted mean of payers by accounts",
    ),
    Series(
        "mean_contribution_m",
        "Mean contribution of those who paid",
        "人均月缴费",
        "yuan/month",
        IN_YEAR,
        "weighted mean of contributions by payers",
    ),
    Series(
        "tax_relief",
        "Income tax not collected",
        "个人所得税减免",
        "yuan/year",
        IN_YEAR,
        "sum",
    ),
    Series("recipients", "Recipients of personal pensions", "领取人数", "persons", IN_YEAR, "sum"),
)
ACCOUNTS, SAVED = range(2)
PAYING, RECIPIENTS = range(2)
WORKING = slice(16, 70)
"""Ages at which people work and save; the law of the scheme asks for members of working age."""
NODES = 7
STEPS = 60
WIDE = 12.0
"""Logarithm of the largest factor that the calibration looks for."""


@dataclass(frozen=True, eq=False)
class PersonalPensionStocks:
    """Accounts on 1 January, (quantity, draw, group, sex, age).

    saving   accounts [persons] and balances [yuan] of those who do not draw yet
    drawing  balances in payment [yuan] and people who draw [persons]
    balance  (draw,) of all accounts [yuan]
    """

    saving: Array
    drawing: Array
    balance: Array


@dataclass(frozen=True, eq=False)
class PersonalPensionConstants:
    """Factors on opening rate, odds of paying and saved share, (draw, 1, 1, 1) [1]."""

    opening: Array
    paying: Array
    amount: Array


@dataclass(frozen=True, eq=False)
class Saving:
    """What the holder of an account does in a year, (draw, group, sex, age).

    paying  chance to pay in [1]; paid, relief  mean over all holders [yuan/year]
    """

    paying: Array
    paid: Array
    relief: Array


def new_accounts(stocks: PersonalPensionStocks, work: Work, year: Year, factor: Array) -> Array:
    """Accounts opened in the year [persons], (draw, group, sex, age)."""
    behaviour = year.terms(PersonalPensionBehaviour)
    if not np.any(year.terms(PersonalPensionTerms).contribution_cap > 0):
        return np.zeros_like(work.wage_m)
    relative = work.wage_m / work.earnings.average_wage_m
    intensity = factor * behaviour.opening_rate * relative**behaviour.opening_elasticity
    formal = work.labour.end[..., FORMAL, :]
    room = behaviour.interested_share * formal - stocks.saving[ACCOUNTS] * work.survival
    return np.asarray((1.0 - np.exp(-intensity)) * np.maximum(room, 0.0))


def saving(work: Work, year: Year, odds_factor: Array, amount_factor: Array) -> Saving:
    """Whether, how much and at which tax the holder of an account pays in.

    Pay is lognormal within a cell. The odds of paying rise with the gain in tax; the amount that
    one wants is spread around a share of pay, and the cap cuts it.
    """
    law, behaviour = year.terms(PersonalPensionTerms), year.terms(PersonalPensionBehaviour)
    shape = np.broadcast_shapes(work.wage_m.shape, work.survival.shape)
    pay = np.broadcast_to(work.wage_m, shape)[..., WORKING] * MONTHS
    spread = np.broadcast_to(year.earnings.log_sd, (*year.earnings.log_sd.shape[:3], 1))
    nodes, weights = lognormal_nodes(pay, spread, NODES)

    def wide(values: Array) -> Array:
        return values[..., np.newaxis]

    taxable = taxable_income(
        nodes, wide(law.tax_allowance), wide(law.deducted_share), wide(law.other_deductions)
    )
    gain = marginal_rate(taxable, law.tax_limits, law.tax_rates) - wide(law.payout_tax)
    odds = wide(odds_factor * behaviour.paying_odds) * np.exp(wide(behaviour.tax_response) * gain)
    paying = odds / (1.0 + odds)
    wanted = nodes * wide(amount_factor * behaviour.saving_share)
    amount = expected_clip(wanted, wide(behaviour.amount_log_sd), 0.0, wide(law.contribution_cap))
    saved = income_tax(taxable, law.tax_limits, law.tax_rates) - income_tax(
        np.maximum(taxable - amount, 0.0), law.tax_limits, law.tax_rates
    )

    def mean(values: Array) -> Array:
        out = np.zeros(shape)
        out[..., WORKING] = (values * weights).sum(axis=-1)
        return out

    return Saving(mean(paying), mean(paying * amount), mean(paying * saved))


def holders(stocks: PersonalPensionStocks, work: Work, year: Year, opened: Array) -> Array:
    """Accounts whose owners earn a wage in the year [persons]: at most the formal employees."""
    waiting = work.survival * (1.0 - retiring_share(year))
    there = stocks.saving[ACCOUNTS] * waiting + opened
    return np.asarray(np.minimum(there, work.labour.person_years[..., FORMAL, :]))


def open(inputs: Inputs, work: Work) -> Opened:
    """Accounts of the opening day, held as employees of higher pay are more likely to.

    Before the scheme starts there are no accounts, and the calibration's factors are 1.
    """
    first = inputs.years[0]
    law, behaviour = first.terms(PersonalPensionTerms), first.terms(PersonalPensionBehaviour)
    shape = work.people[..., FORMAL, :].shape
    draws = shape[0]
    neutral = np.ones((draws, 1, 1, 1))
    empty = PersonalPensionStocks(np.zeros((2, *shape)), np.zeros((2, *shape)), np.zeros(draws))
    if not np.any(law.contribution_cap > 0):
        return Opened(empty, PersonalPensionConstants(neutral, neutral, neutral))
    names = ("accounts", "balance", "accounts_first_year", "paying_share", "mean_contribution")
    moments = {name: target(inputs, f"{KEY}.{name}") for name in names}
    relative = (work.wage_m / work.earnings.average_wage_m) ** behaviour.opening_elasticity
    formal = np.where(before_date(first), work.people[..., FORMAL, :], 0.0)
    weight = formal * relative

    def spread(values: Array, total: Array) -> Array:
        return np.asarray(values * (total / values.sum(axis=(1, 2, 3), keepdims=True)))

    stocks = replace(
        empty,
        saving=np.stack(
            [spread(weight, moments["accounts"]), spread(weight * work.wage_m, moments["balance"])]
        ),
        balance=moments["balance"][:, 0, 0, 0],
    )
    pairs = (inputs.conversion_pairs, inputs.upgrade_pairs)

    def total(values: Array) -> Array:
        return np.asarray(values.sum(axis=(1, 2, 3), keepdims=True))

    def accounts(factor: Array) -> Array:
        waiting = work.survival * (1.0 - retiring_share(first))
        end = stocks.saving[ACCOUNTS] * waiting + new_accounts(stocks, work, first, factor)
        return total(after_moves(one_year_older(end), work, pairs))

    def factor(model: object, wanted: Array) -> Array:
        """The factor at which a rising model meets what is wanted."""
        assert callable(model)
        wide = np.full_like(wanted, WIDE)
        return np.asarray(
            np.exp(rising_root(lambda at: model(np.exp(at)) - wanted, -wide, wide, STEPS))
        )

    opening = factor(accounts, moments["accounts_first_year"])
    held = holders(stocks, work, first, new_accounts(stocks, work, first, opening))
    at_end = accounts(opening)
    payers = factor(
        lambda at: total(held * saving(work, first, at, neutral).paying) / at_end,
        moments["paying_share"],
    )

    def contribution(at: Array) -> Array:
        done = saving(work, first, payers, at)
        return np.asarray(total(held * done.paid) / total(held * done.paying))

    amount = factor(contribution, moments["mean_contribution"])
    model = {
        "accounts": total(stocks.saving[ACCOUNTS]),
        "balance": total(stocks.saving[SAVED]),
        "accounts_first_year": at_end,
        "paying_share": total(held * saving(work, first, payers, neutral).paying) / at_end,
        "mean_contribution": contribution(amount),
    }
    constants = {
        "accounts": moments["accounts"],
        "balance": moments["balance"],
        "accounts_first_year": opening,
        "paying_share": payers,
        "mean_contribution": amount,
    }
    words = ("opening accounts", "opening balance", "opening", "paying", "amount")
    lines = tuple(
        pinned(inputs, f"{KEY}.{name}", model[name], word, constants[name])
        for name, word in zip(names, words, strict=True)
    )
    return Opened(stocks, PersonalPensionConstants(opening, payers, amount), lines)


def year(
    stocks: PersonalPensionStocks,
    work: Work,
    year: Year,
    inputs: Inputs,
    found: PersonalPensionConstants,
) -> SchemeYear:
    """One year of accounts."""
    law, behaviour = year.terms(PersonalPensionTerms), year.terms(PersonalPensionBehaviour)
    rate = behaviour.return_rate
    later = 1.0 + HALF * rate
    opened = new_accounts(stocks, work, year, found.opening)
    held = holders(stocks, work, year, opened)
    done = saving(work, year, found.paying, found.amount)
    paid, relief = held * done.paid, held * done.relief

    alive, retiring = work.survival, retiring_share(year)
    waiting = alive * (1.0 - retiring)
    accounts, saved = stocks.saving[ACCOUNTS], stocks.saving[SAVED] * first_half(rate)
    drawn = draw_down(
        (stocks.drawing[PAYING] * first_half(rate), stocks.drawing[RECIPIENTS]),
        (saved * (alive * retiring), accounts * (alive * retiring)),
        alive,
        behaviour.lump_sum_share,
        behaviour.last_age,
    )
    inherited = saved * (1.0 - alive) + drawn.inherited
    gross = drawn.lump_sums + drawn.instalments

    end = one_year_older(np.stack([accounts * waiting + opened, (saved * waiting + paid) * later]))
    pairs = (inputs.conversion_pairs, inputs.upgrade_pairs)
    after_saving = after_moves(end, work, pairs)
    after_drawing = regrouped(
        one_year_older(np.stack([drawn.left * later, drawn.recipients])), work, pairs
    )

    local = GOVERNMENTS.get(inputs.place.level, CENTRAL)
    central = law.central_tax_share
    tax = (gross + inherited) * law.payout_tax
    flows = {
        "own_contributions": (paid - relief, HOUSEHOLDS, FUND, CONTRIBUTION),
        "tax_relief_central": (relief * central, CENTRAL, FUND, SUBSIDY),
        "tax_relief_local": (relief * (1.0 - central), local, FUND, SUBSIDY),
        "benefits": (net_of_tax(gross, law.payout_tax), FUND, HOUSEHOLDS, EXPENDITURE),
        "payout_tax_central": (tax * central, FUND, CENTRAL, EXPENDITURE),
        "payout_tax_local": (tax * (1.0 - central), FUND, local, EXPENDITURE),
        "inheritances": (net_of_tax(inherited, law.payout_tax), FUND, HOUSEHOLDS, EXPENDITURE),
    }
    payments = {
        name: Payment(by_group(amount), payer, payee, kind)
        for name, (amount, payer, payee, kind) in flows.items()
    }
    payments["transfers_out"] = Payment(
        taken_away(end[SAVED], work, rate), FUND, OTHER_FUNDS, EXPENDITURE
    )
    returns = np.broadcast_to(rate.reshape(-1), stocks.balance.shape)
    account = settled(FUND, stocks.balance, payments, returns, local)
    after = PersonalPensionStocks(after_saving, after_drawing, account.closing)

    def total(values: Array) -> Array:
        return np.asarray(values.sum(axis=(1, 2, 3)))

    payers, standing = total(held * done.paying), total(after_saving[ACCOUNTS])
    measures = {
        "accounts": standing,
        "new_accounts": total(opened),
        "payers": payers,
        "paying_share": share_of(payers, standing),
        "mean_contribution_m": share_of(total(paid), payers) / MONTHS,
        "tax_relief": total(relief),
        "recipients": total(drawn.receiving),
    }
    balances = total(after_saving[SAVED]) + total(after_drawing[PAYING])
    return SchemeYear(account, after, measures, {"accounts": gap(balances, account.closing)})
