"""What every fund is: a balance, and payments that each have a payer and a payee.

A scheme says who pays whom and why; the account adds interest, remittance and the subsidy that a
fund needs when it would run dry, and closes the balance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from rssim.records import Array
from rssim.rules.fund import national_remittance, required_subsidy

HOUSEHOLDS = "households"
EMPLOYERS = "employers"
CAPITAL_MARKET = "capital market"
NATION = "national pool"
RESIDENTS_FUND = "residents pension fund"
OTHER_FUNDS = "other pension funds"
GOVERNMENTS = {"city": "city budget", "province": "provincial budget", "nation": "central budget"}

CONTRIBUTION = "contribution"
SUBSIDY = "subsidy"
TRANSFER_IN = "transfer in"
INTEREST = "interest"
EXPENDITURE = "expenditure"
REMITTANCE = "remittance"
COVER = "cover"
KINDS = (CONTRIBUTION, SUBSIDY, TRANSFER_IN, INTEREST, EXPENDITURE, REMITTANCE, COVER)
"""What a payment counts as in a fund's account: the first four are revenue; remittance and cover
stand below the line."""
REVENUE = (CONTRIBUTION, SUBSIDY, TRANSFER_IN, INTEREST)
HALF = 0.5
ROUNDING = 1e-12
"""Part of a year's turnover by which a fund that pays out its last yuan may miss zero."""


@dataclass(frozen=True, eq=False)
class Payment:
    """A flow of a year.

    amount  (draw, group) [yuan/year]  by group of the households who pay or get it; one column,
            (draw, 1), where households are no party or the group is not known
    payer, payee  sectors; one of them is the fund, or neither where a flow passes no fund
    kind    one of KINDS: what it counts as in the fund's account
    """

    amount: Array
    payer: str
    payee: str
    kind: str

    @cached_property
    def total(self) -> Array:
        """Over groups, (draw,) [yuan/year]."""
        return np.asarray(self.amount.sum(axis=1))


@dataclass(frozen=True, eq=False)
class Account:
    """A fund's year in money; totals are (draw,) [yuan/year], balances [yuan].

    fund      name of the sector
    payments  name -> payment; every one has the fund on one side
    opening, closing  balance on 1 January and 31 December
    """

    fund: str
    payments: dict[str, Payment]
    opening: Array
    closing: Array

    def amount(self, name: str) -> Array:
        """A payment over groups, (draw,) [yuan/year]."""
        return self.payments[name].total

    def sum_of(self, *kinds: str) -> Array:
        """All payments of some kinds, (draw,) [yuan/year]."""
        return summed(self.payments, self.opening, *kinds)

    @property
    def contributions(self) -> Array:
        return self.sum_of(CONTRIBUTION)

    @property
    def revenue(self) -> Array:
        """Contributions, subsidies set by law, transfers in and interest."""
        return self.sum_of(*REVENUE)

    @property
    def expenditure(self) -> Array:
        return self.sum_of(EXPENDITURE)


def summed(payments: Mapping[str, Payment], like: Array, *kinds: str) -> Array:
    """All payments of some kinds, (draw,) [yuan/year], in the order in which they stand."""
    out = np.zeros_like(like)
    for item in payments.values():
        if item.kind in kinds:
            out = out + item.total
    return out


def together(accounts: Sequence[Account]) -> Account:
    """Several funds as one: payments of the same name, and the balances, added up.

    Every fund's payment of a name has the same columns; the parties are those of the first fund.
    """
    payments: dict[str, Payment] = {}
    for account in accounts:
        for name, item in account.payments.items():
            known = payments.get(name)
            payments[name] = (
                item if known is None else replace(known, amount=known.amount + item.amount)
            )
    return Account(
        accounts[0].fund,
        payments,
        np.asarray(sum(account.opening for account in accounts)),
        np.asarray(sum(account.closing for account in accounts)),
    )


def by_group(values: Array) -> Array:
    """Sum over cells but not over groups, (draw, group); values lead with draw and group."""
    return np.asarray(values.sum(axis=tuple(range(2, values.ndim))))


def one_column(values: Array, like: Array) -> Array:
    """An amount by draw, (draw, 1); like is (draw,)."""
    flat = np.asarray(values, dtype=float).reshape(-1)
    return np.asarray(np.broadcast_to(flat, like.shape)[:, None])


def settled(
    fund: str,
    opening: Array,
    payments: Mapping[str, Payment],
    fund_return: Array,
    payer_when_dry: str,
    remittance_share: Array | float = 0.0,
) -> Account:
    """A fund's year: what was paid, the interest, the remittance and the closing balance.

    opening      (draw,) [yuan]
    fund_return  (draw,) [1/year]
    payer_when_dry  sector that covers a balance that would end below zero
    remittance_share  (draw,) [1] of a current surplus, to the national pool
    Payments between pools, of the kinds remittance and cover, stand below the surplus.

    Flows are spread evenly over the year, so they earn half a year's return. A fund that would
    end below zero gets the required subsidy that keeps it at zero; the subsidy comes as it is
    needed, so an empty fund earns and owes nothing.
    """
    income = summed(payments, opening, CONTRIBUTION, SUBSIDY, TRANSFER_IN)
    spent = summed(payments, opening, EXPENDITURE)
    net = income - spent
    rounding = ROUNDING * (np.abs(opening) + income + spent)
    runs_dry = opening + net + fund_return * (opening + HALF * net) < -rounding
    # In a year in which the fund runs dry it holds half its opening balance on average.
    interest = fund_return * np.where(runs_dry, HALF * opening, opening + HALF * net)
    surplus = income + interest - spent
    remittance = national_remittance(surplus, remittance_share)
    below = summed(payments, opening, COVER) - summed(payments, opening, REMITTANCE)
    before = opening + surplus - remittance + below
    cover = required_subsidy(before)

    def column(values: Array) -> Array:
        return one_column(values, opening)

    booked = dict(payments) | {
        "interest": Payment(column(interest), CAPITAL_MARKET, fund, INTEREST),
        "remittance": Payment(column(remittance), fund, NATION, REMITTANCE),
        "required_subsidy": Payment(column(cover), payer_when_dry, fund, COVER),
    }
    return Account(fund, booked, opening, np.asarray(before + cover))
